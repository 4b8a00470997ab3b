//! Secrets within strings, at any depth.

use proptest::prelude::{any, prop, prop_assert, proptest};
use serde_json::json;

use super::{SECRET, TOKEN, document, reading, stored};

#[test]
fn strings_that_hold_json_are_looked_into() {
    for (body, expected) in [
        (r#""{\"auth_token\" : \"x\", \"b\":1e999}""#, r#""{\"auth_token\" : \"[redacted]\", \"b\":1e999}""#),
        (
            r#"{"body":"[{\"a\":{\"auth\u005ftoken\":7}}]\n"}"#,
            r#"{"body":"[{\"a\":{\"auth\u005ftoken\":\"[redacted]\"}}]\n"}"#,
        ),
        (
            r#"{"a":"\u007b\u0022auth_token\u0022:\u0022x\u0022}"}"#,
            r#"{"a":"\u007b\u0022auth_token\u0022:\u0022[redacted]\u0022}"}"#,
        ),
        (
            r#"{"a":"{\"b\":\"{\\\"auth_token\\\":{\\\"c\\\":1}}\"}"}"#,
            r#"{"a":"{\"b\":\"{\\\"auth_token\\\":\\\"[redacted]\\\"}\"}"}"#,
        ),
        (r#"{"{\"auth_token\":\"x\"}":""}"#, r#"{"{\"auth_token\":\"[redacted]\"}":""}"#),
        (
            r#"{"{\"password_setup_url\":\"https://x?a":"b\"}"}"#,
            r#"{"{\"password_setup_url\":[redacted]":"[redacted]"}"#,
        ),
        (
            r#"{"a":"{\"u\":\"https:\\/\\/a/our-webhook-token-0123?x\",\"b\":1}"}"#,
            r#"{"a":"{\"u\":\"[redacted]\",\"b\":1}"}"#,
        ),
        (r#"{"a":"{\"b\":1,\"auth_token\":\"x","c":2}"#, r#"{"a":"{\"b\":1,\"auth_token\":[redacted]","c":2}"#),
        (r#"{"a":"{\"auth_token\":12x}","c":2}"#, r#"{"a":"{\"auth_token\":\"[redacted]\"[redacted]","c":2}"#),
        (
            r#"{"a":"{\"auth_token\":1}\n{\"auth_token\":[1"}"#,
            r#"{"a":"{\"auth_token\":\"[redacted]\"}\n{\"auth_token\":[redacted]"}"#,
        ),
        (r#"{"a":"[VIP] auth_token=x&b=\u00e9"}"#, r#"{"a":"[VIP] auth_token=[redacted]&b=\u00e9"}"#),
        (r#"{"a":"[VIP] \"x\" {y: 1}"}"#, r#"{"a":"[VIP] \"x\" {y: 1}"}"#),
    ] {
        assert_eq!(stored(body), expected);
    }
}

#[test]
fn a_secret_is_found_at_every_depth_that_a_body_has_room_for() {
    let inner = format!(r#"{{"id":1,"auth_token":"{SECRET}","note":"{}"}}"#, "x".repeat(100_000));
    let (mut body, mut expected) = (inner.clone(), inner.replace(SECRET, "[redacted]"));
    for _ in 0..16 {
        (body, expected) = (json!({ "a": body }).to_string(), json!({ "a": expected }).to_string());
    }
    assert_eq!(stored(&body), expected);
}

#[test]
fn what_an_event_is_called_holds_no_secret() {
    let delivery =
        reading(format!(r#"{{"event":{{"id":"https://x/{TOKEN}","type":"auth_token={SECRET}"}}}}"#)).delivery;
    assert_eq!((delivery.event_id.as_str(), delivery.event_type.as_str()), ("[redacted]", "auth_token=[redacted]"));
}

proptest! {
    #[test]
    fn no_secret_survives_in_a_string_that_is_cut_anywhere(
        document in document(), at in any::<prop::sample::Index>(), levels in (0_usize..5, 0_usize..5),
    ) {
        let whole = json!({ "a": document, "auth_token": SECRET, "z": { "u": format!("https://x/{TOKEN}"), "tempPassword": [SECRET, SECRET] } });
        let (before, after) = levels;
        let mut text = (0..before).fold(whole.to_string(), |text, _| json!({ "body": text }).to_string());
        let at = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(at);
        let body = (0..=after).fold(text, |text, _| json!({ "body": text, "b": 1 }).to_string());
        let stored = reading(body).delivery.body;
        for secret in [&SECRET[..4], TOKEN] {
            prop_assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }
}
