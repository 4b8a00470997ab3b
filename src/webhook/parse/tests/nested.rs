//! Secrets within strings, at any depth.

use proptest::prelude::{any, prop, prop_assert, proptest};
use serde_json::json;

use super::{SECRET, TOKEN, document, parsed, stored};

#[test]
fn json_in_strings_is_redacted() {
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
fn strings_nested_too_deep_are_redacted_as_a_whole() {
    // A quote in so many strings, at five bytes for each.
    let quote = |level: usize| match level {
        0 => "\"".to_owned(),
        _ => format!("\\{}u0022", "u005c".repeat(level - 1)),
    };
    for levels in [30, 400, 1_000] {
        let quotes: Vec<_> = (0..levels).map(quote).collect();
        let inner = format!(r#"{{"auth_token":"{SECRET}"}}"#).replace('"', &quote(levels));
        let text = quotes.concat() + &inner + &quotes.iter().rev().map(String::as_str).collect::<String>();
        for body in [text.clone(), format!(r#"{{"a":{text},"b":1}}"#)] {
            let stored = stored(&body);
            assert!(stored.contains("[redacted]") && !stored.contains(SECRET));
            serde_json::from_str::<serde_json::Value>(&stored).unwrap();
        }
    }
}

#[test]
fn a_secret_after_its_name_is_redacted_however_the_grammar_breaks() {
    for text in [
        r#"["auth_token": "Q7secretQ7", "id": 1]"#,
        r#""auth_token":"Q7secretQ7","id":1}"#,
        r#""auth_token"=>"Q7secretQ7""#,
        r#""auth_token"="Q7secretQ7""#,
        r#"{"id":1 "auth_token":"Q7secretQ7"}"#,
        "{\"id\":1\n\"temp_password\":\"Q7secretQ7\"}",
        r#"{"a" "auth_token":"Q7secretQ7"}"#,
        r#"{"a":1}"auth_token":"Q7secretQ7""#,
        r#"["password_setup_url": "https://x/?t=Q7secretQ7"]"#,
        r#"{"a":1},"auth_token":"Q7secretQ7""#,
    ] {
        let mut body = text.to_owned();
        for _ in 0..3 {
            body = json!({ "body": body }).to_string();
            assert!(!stored(&body).contains(SECRET), "{body}");
            assert_eq!(stored(&stored(&body)), stored(&body), "nothing is left to redact");
        }
        assert!(!stored(text).contains(SECRET), "{text}");
    }
}

#[test]
fn a_secret_goes_beside_its_name() {
    for (body, expected) in [
        (r#"["auth_token","x","y"]"#, r#"["auth_token","[redacted]","y"]"#),
        (r#"["auth_token",["x","y"],1]"#, r#"["auth_token","[redacted]",1]"#),
        (r#"{"name":"auth_token","value":"x","b":1}"#, r#"{"name":"auth_token","value":"[redacted]","b":1}"#),
        (
            r#"{"key":"data.promoter.auth_token","value":1}"#,
            r#"{"key":"data.promoter.auth_token","value":"[redacted]"}"#,
        ),
        (
            r#"{"field":"auth_token","old":"x","new":"x"}"#,
            r#"{"field":"auth_token","old":"[redacted]","new":"[redacted]"}"#,
        ),
        (r#"{"value":"x","b":1,"name":"auth_token"}"#, r#"{"value":"[redacted]","b":1,"name":"auth_token"}"#),
        (
            r#"{"value":{"value":[1]},"b":{"value":1},"name":"auth_token"}"#,
            r#"{"value":"[redacted]","b":{"value":1},"name":"auth_token"}"#,
        ),
        (
            r#"{"old":1,"new":"{\"auth_token\":\"x\"}","key":"auth_token"}"#,
            r#"{"old":"[redacted]","new":"[redacted]","key":"auth_token"}"#,
        ),
        (r#"{"a":{"value":"x","b":1},"name":"auth_token"}"#, r#"{"a":{"value":"x","b":1},"name":"auth_token"}"#),
        (r#"["auth_token","temp_password","x"]"#, r#"["auth_token","temp_password","[redacted]"]"#),
        (r#"[{"name":"auth_token"},{"value":"x"}]"#, r#"[{"name":"auth_token"},{"value":"x"}]"#),
        (r#"{"a":["auth_token"],"value":"x"}"#, r#"{"a":["auth_token"],"value":"x"}"#),
        (r#"{"a":"[('auth_token', 'x')]"}"#, r#"{"a":"[('auth_token', '[redacted]')]"}"#),
        (r#"{"auth\\x5ftoken":"x"}"#, r#"{"auth\\x5ftoken":"[redacted]"}"#),
    ] {
        assert_eq!(stored(body), expected);
        assert_eq!(stored(expected), expected);
    }
}

#[test]
fn what_an_event_is_called_holds_no_secret() {
    let delivery = parsed(format!(r#"{{"event":{{"id":"https://x/{TOKEN}","type":"auth_token={SECRET}"}}}}"#)).delivery;
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
        let stored = parsed(body).delivery.body;
        for secret in [&SECRET[..4], TOKEN] {
            prop_assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }

    #[test]
    fn no_secret_survives_in_a_string_that_lost_its_front(
        document in document(), at in any::<prop::sample::Index>(), levels in (0_usize..5, 0_usize..5),
    ) {
        let (before, after) = levels;
        let wrap = |text: String| json!({ "a": document, "body": text, "b": 1 }).to_string();
        let whole = json!({ "a": document, "auth_token": SECRET, "b": 1 }).to_string();
        let text = (0..before).fold(whole, |text, _| wrap(text));
        // The name of the secret is left.
        let name = text.rfind("auth_token").unwrap();
        let at = (0..=at.index(name + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let body = (0..=after).fold(text[at..].to_owned(), |text, _| json!({ "body": text, "b": 1 }).to_string());
        let stored = parsed(body).delivery.body;
        prop_assert!(!stored.windows(4).any(|part| part == &SECRET.as_bytes()[..4]));
    }
}
