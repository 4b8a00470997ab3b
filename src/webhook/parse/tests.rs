//! Redaction and envelopes, on bodies of every kind.

use bytes::Bytes;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Map, Value, json};

use super::{MAX_KEY_BYTES, ParsedDelivery, key_text, parse};
use crate::{
    inbox::{EventStatus, Protocol},
    webhook::{endpoints::TokenMatcher, redact::secret_names::is_secret},
};

mod nested;

const TOKEN: &str = "our-webhook-token-0123";
const SECRET: &str = "Q7secretQ7";
const NOW: i64 = 1_727_956_800_000;

fn parsed(body: impl Into<Bytes>) -> ParsedDelivery {
    parse(&body.into(), &TokenMatcher::new([TOKEN]), NOW)
}

fn stored(body: &str) -> String {
    String::from_utf8(parsed(body.to_owned()).delivery.body.to_vec()).unwrap()
}

#[test]
fn secret_values_are_redacted_at_any_depth_and_nothing_else_is_touched() {
    for (body, expected) in [
        (r#"{ "auth_token" : "x", "b":1e999 }"#, r#"{ "auth_token" : "[redacted]", "b":1e999 }"#),
        (r#"[{"a":[{"temp_password":"x\"y\\"}]}]"#, r#"[{"a":[{"temp_password":"[redacted]"}]}]"#),
        (r#"{"auth\u005ftoken":"x"}"#, r#"{"auth\u005ftoken":"[redacted]"}"#),
        (r#"{"password_setup_url":null,"auth_token":""}"#, r#"{"password_setup_url":null,"auth_token":"[redacted]"}"#),
        (r#"{"auth_token":{"a":["x",{}]},"b":2}"#, r#"{"auth_token":"[redacted]","b":2}"#),
        (r#"{"auth_token":[["x"]],"b":2}"#, r#"{"auth_token":"[redacted]","b":2}"#),
        (r#"{"auth_token":12.50,"temp_password":true}"#, r#"{"auth_token":"[redacted]","temp_password":"[redacted]"}"#),
        (r#"{"auth_token":"x","auth_token":"y"}"#, r#"{"auth_token":"[redacted]","auth_token":"[redacted]"}"#),
        (r#"{"a":"auth_token","oauth_token":"x"}"#, r#"{"a":"auth_token","oauth_token":"x"}"#),
        (
            r#"{"data__promoter__auth_token":"x","authToken":"y"}"#,
            r#"{"data__promoter__auth_token":"[redacted]","authToken":"[redacted]"}"#,
        ),
        (r#"{"data[promoter][temp_password]":1}"#, r#"{"data[promoter][temp_password]":"[redacted]"}"#),
        (r#"{"default_webhook_url":"https://a"}"#, r#"{"default_webhook_url":"[redacted]"}"#),
        (r#"{"u":"https:\/\/a/our-webhook-token-0123?x"}"#, r#"{"u":"[redacted]"}"#),
        (r#"{"u":["https://a/our%2Dwebhook-token\u002d0123"]}"#, r#"{"u":["[redacted]"]}"#),
        (r#"{"https://a/our-webhook-token-0123":1}"#, r#"{"[redacted]":1}"#),
    ] {
        assert_eq!(stored(body), expected);
    }
}

#[test]
fn a_body_is_cut_where_it_stops_being_json() {
    for (body, expected) in [
        (r#"{"a":1,"auth_token":"sec"#, r#"{"a":1,"auth_token":"#),
        (r#"{"a":1,"auth_token":["sec","#, r#"{"a":1,"auth_token":"#),
        (r#"{"a":1,"auth_token" "secret"}"#, r#"{"a":1,"auth_token" "#),
        (r#"{"a":1,"https://a/our-webhook-token-0123""#, r#"{"a":1,"[redacted]""#),
        (r#"{"https://a/our-webhook-token-0123" , "x"}"#, r#"{"[redacted]" "#),
        (r#"{"auth_token":"x","b":tru"#, r#"{"auth_token":"[redacted]","b":"#),
        (r#"{"auth_token":12secret}"#, r#"{"auth_token":"[redacted]""#),
        (r#"{"a":"\q","auth_token":"x"}"#, r#"{"a":"#),
        ("auth_token=secret&x=1", ""),
        (r#"{"a":1} auth_token=secret"#, r#"{"a":1} "#),
    ] {
        let parsed = parsed(body);
        assert_eq!(parsed.delivery.body, expected);
        assert_eq!(parsed.delivery.status, EventStatus::Unreadable);
    }
}

#[test]
fn the_hash_is_of_the_bytes_as_received() {
    let hash = |body: &'static str| parsed(body).delivery.body_hash;
    assert_eq!(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_ne!(hash(r#"{"auth_token":"a"}"#), hash(r#"{"auth_token":"b"}"#));
}

#[test]
fn both_envelopes_are_recognised() {
    let v1 = parsed(r#"{"data":{},"event":{"id":" 17 ","type":"lead_signup","created_at":"2024-10-03T12:00:00.5Z"}}"#);
    let v1 = v1.delivery;
    for id in ["17.0", "1.7e1", "\"17\""] {
        let body = format!(r#"{{"event":{{"id":{id},"type":"lead_signup"}},"data":{{}}}}"#);
        assert_eq!(parsed(body).delivery.event_id, "17", "{id}");
    }
    assert_eq!((v1.protocol, v1.event_type.as_str(), v1.event_id.as_str()), (Protocol::V1, "lead_signup", "17"));
    assert_eq!((v1.status, v1.occurred_at, v1.received_at), (EventStatus::Pending, Some(NOW + 500), NOW));
    let v2 =
        parsed(r#"{"event_id":"0f6a","event_type":"lead.x","data":{"test":false},"timestamp":"2024-10-03T12:00:00Z"}"#);
    let v2 = v2.delivery;
    assert_eq!((v2.protocol, v2.event_type.as_str(), v2.event_id.as_str()), (Protocol::V2, "lead.x", "0f6a"));
    assert_eq!((v2.status, v2.occurred_at), (EventStatus::Pending, Some(NOW)));
    let test = parsed(r#"{"event_id":"0f6a","event_type":"lead.x","data":{"test":true}}"#).delivery;
    assert_eq!(test.error.as_deref(), Some("a test delivery"));
}

#[test]
fn the_last_of_repeated_keys_counts() {
    let twice = r#"{"event":{"id":1,"type":"a","type":"b"},"event":{"type":"c","id":2,"id":3}}"#;
    let delivery = parsed(twice).delivery;
    assert_eq!((delivery.event_type.as_str(), delivery.event_id.as_str()), ("c", "3"));
    let gone = parsed(r#"{"event":{"id":1,"type":"a"},"event":null}"#).delivery;
    assert_eq!(gone.protocol, Protocol::Unknown);
}

#[test]
fn a_fulfilment_is_seen_wherever_its_type_can_be_read() {
    for body in [
        r#"{"event":{"type":"fulfilment_pending"}}"#,
        r#"{"event":{"type":"fulfilment\u005fpending"},"data":"nonsense"}"#,
        r#"{"event":{"type":"fulfilment_pending","type":"lead_signup"}}"#,
        r#"{"event":{"id":1,"type":"fulfilment_pending"},"data":{"id":"#,
        r#"{"event":{"type":"fulfilment_pending"},"event":1}"#,
    ] {
        assert!(parsed(body).fulfilment, "{body}");
    }
    assert!(!parsed(r#"{"data":{"type":"fulfilment_pending"},"event":{"type":"lead_signup"}}"#).fulfilment);
    assert!(!parsed(r#"{"event":{"x":{"type":"fulfilment_pending"},"type":"lead_signup"}}"#).fulfilment);
}

#[test]
fn a_body_without_an_event_says_why() {
    for (body, reason) in [
        ("", "the body is empty"),
        (" \n", "the body is empty"),
        ("hello", "not JSON: no value begins like this at byte 0 of 5"),
        ("[1]", "expected a JSON object"),
        ("\"text\"", "expected a JSON object"),
        ("{}", "no envelope: expected `event`"),
        (r#"{"event":[{"type":"a"}]}"#, "no envelope: expected an object in `event`"),
        (r#"{"event":{"type":5}}"#, "no event type"),
        (r#"{"event":{"type":" "}}"#, "no event type"),
    ] {
        let delivery = parsed(body).delivery;
        assert_eq!(delivery.status, EventStatus::Unreadable, "{body}");
        let error = delivery.error.unwrap();
        assert!(error.starts_with(reason), "{body}: {error}");
    }
}

#[test]
fn odd_bytes_and_great_depth_do_not_lose_the_event() {
    let deep = format!(
        r#"{{"data":{}{{"auth_token":"{SECRET}"}}{},"event":{{"id":1,"type":"lead_signup"}}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let delivery = parsed(deep).delivery;
    assert_eq!((delivery.status, delivery.event_type.as_str()), (EventStatus::Pending, "lead_signup"));
    assert!(!delivery.body.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));

    let delivery =
        parsed(&b"{\"event\":{\"id\":\"a\\u0000\",\"type\":\"\xff\\ud800\"},\"data\":\"\xc3\"}"[..]).delivery;
    assert_eq!((delivery.event_id.as_str(), delivery.event_type.as_str()), ("a\u{fffd}", "\u{fffd}\u{fffd}"));
    assert_eq!(delivery.status, EventStatus::Pending);
    let delivery = parsed(r#"{"event":{"id":123456789012345678901234567890,"type":"x","created_at":5}}"#).delivery;
    assert_eq!((delivery.event_id.as_str(), delivery.occurred_at), ("123456789012345678901234567890", None));
}

fn document() -> impl Strategy<Value = Value> {
    let text =
        prop_oneof![any::<String>(), Just(format!("https://x.example/{TOKEN}/y")), Just("auth_token".to_owned()),];
    let key = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "auth_token",
            "temp_password",
            "password_setup_url",
            "default_webhook_url",
            "data__promoter__auth_token",
            "event",
            "type"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from)
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner.clone()), 0..6)
                .prop_map(|pairs| Value::Object(Map::from_iter(pairs))),
            inner.prop_map(|inner| Value::from(inner.to_string())),
        ]
    })
}

/// What redaction means, said on values.
fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::String(_) | Value::Array(_) | Value::Object(_))) if redacted(&inner) != inner => {
                Value::from(redacted(&inner).to_string())
            }
            _ if text.contains(TOKEN) => json!("[redacted]"),
            _ => value.clone(),
        },
        Value::Array(items) => redacted_items(items),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), redacted_field(key, value))).collect())
        }
        other => other.clone(),
    }
}

/// An item right behind the name of a secret is that secret.
fn redacted_items(items: &[Value]) -> Value {
    let mut named = false;
    let items = items.iter().map(|item| {
        let is_name = item.as_str().is_some_and(|text| is_secret(text.as_bytes()));
        let is_second = std::mem::replace(&mut named, is_name) && !is_name;
        redacted_field(if is_second { "auth_token" } else { "" }, item)
    });
    items.collect()
}

fn redacted_field(key: &str, value: &Value) -> Value {
    match key {
        "auth_token"
        | "temp_password"
        | "password_setup_url"
        | "default_webhook_url"
        | "data__promoter__auth_token"
            if !value.is_null() =>
        {
            json!("[redacted]")
        }
        _ => redacted(value),
    }
}

/// Writes every character of every string as an escape.
fn escaped(value: &Value) -> String {
    let text = |text: &str| {
        let units: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        format!("\"{}\"", units.concat())
    };
    match value {
        Value::String(content) => text(content),
        Value::Array(items) => format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(" , ")),
        Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{}:\n{}", text(key), escaped(value))).collect();
            format!("{{ {} }}", fields.join(","))
        }
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn a_stored_document_differs_from_the_received_one_in_its_secrets_only(document in document()) {
        for written in [document.to_string(), escaped(&document), serde_json::to_string_pretty(&document).unwrap()] {
            let stored = parsed(written).delivery.body;
            prop_assert_eq!(serde_json::from_slice::<Value>(&stored).unwrap(), redacted(&document));
        }
    }

    #[test]
    fn a_body_without_secrets_is_stored_byte_for_byte(document in document()) {
        if redacted(&document) == document {
            let written = escaped(&document);
            prop_assert_eq!(parsed(written.clone()).delivery.body, written.into_bytes());
        }
    }

    #[test]
    fn no_secret_survives_a_cut_anywhere(document in document(), at in any::<prop::sample::Index>()) {
        let whole = json!({ "a": document, "auth_token": SECRET, "z": { "u": format!("https://x/{TOKEN}"), "temp_password": [SECRET] } });
        let written = whole.to_string();
        let mut bytes = written.clone().into_bytes();
        bytes.truncate(at.index(written.len() + 1));
        let stored = parsed(bytes).delivery.body;
        // Not even the beginning of one.
        for secret in [&SECRET[..4], &TOKEN[..8]] {
            prop_assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let delivery = parsed(bytes.clone()).delivery;
        prop_assert!(delivery.event_type.len() <= 200 && delivery.body.len() <= bytes.len() + 12 * bytes.len());
    }

    #[test]
    fn any_flaw_in_a_document_is_read_without_panic(document in document(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = json!({ "event": { "type": "x", "id": 1 }, "data": document, "auth_token": SECRET }).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        parsed(bytes);
    }
}

#[test]
fn keys_are_stored_as_they_are_where_every_database_can_index_them() {
    for text in ["", "lead_signup", "22736304", &"é".repeat(100)] {
        assert_eq!(key_text(text), text);
    }
}

#[test]
fn nul_and_long_keys_never_reach_the_database() {
    assert_eq!(key_text("a\0b"), "a\u{fffd}b");
    let (one, other) = ("é".repeat(5000), format!("{}x", "é".repeat(5000)));
    assert!(key_text(&one).len() <= MAX_KEY_BYTES);
    assert_ne!(key_text(&one), key_text(&other));
    assert_eq!(key_text(&one), key_text(&one));
}
