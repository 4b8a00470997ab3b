//! What no payload should hold: the event is read all the same, or says why it is not.

use entity::{MirroredTable::Lead, webhook_event::Protocol};
use promograph::{
    projection::parse::{self, IdSpace, ParsedPayload},
    time::format_ms,
};
use serde_json::{Value, json};

use super::reading::event;
use crate::support::{
    events::{NOW, kept},
    mirror::{Mirror, updates},
};

#[test]
fn unusable_fields_are_not_set_and_the_others_are() {
    let data = r#"{"id": "7", "email": "a\ud83d\u0000b@c.example", "customer_since": "9999-12-31T00:00:00Z",
        "created_at": "soon", "split_promotion_id": 99999999999999999999, "split_percentage_value": 1e999,
        "uid": {"deep": true}, "website": "x", "website": "y", "unknown": [1, {"x": 1e999}], "plan_name": 12}"#;
    let body = format!(
        r#"{{"event": {{"id": "1", "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"}}, "data": {data}}}"#
    );
    let mut event = kept("e", body.as_bytes());
    event.event_type = "lead_signup".to_owned();
    let mirror = Mirror::after(std::slice::from_ref(&event));
    assert_eq!(mirror.text(Lead, 7, "email"), Some("a\u{fffd}\u{fffd}b@c.example"));
    assert_eq!(mirror.int(Lead, 7, "customer_since"), Some(253_402_214_400_000));
    assert_eq!(mirror.text(Lead, 7, "website"), Some("y"), "of equal keys the last one counts");
    assert_eq!(mirror.text(Lead, 7, "plan_name"), Some("12"));
    for column in ["created_at", "split_promotion_id", "split_percentage_value", "uid"] {
        assert!(!mirror.was_set(Lead, 7, column), "{column}");
    }
    let ParsedPayload::Updates(updates) = parse::parse_event(&event, IdSpace::Shared, NOW) else { panic!() };
    let expected = [
        "lead.created_at: text is not a time",
        "lead.email: text has characters that cannot be read or stored",
        "lead.split_percentage_value: number is out of range",
        "lead.split_promotion_id: number is not an id",
        "lead.uid: object is not text",
    ];
    assert_eq!(updates.warnings(), expected);
}

#[test]
fn ten_thousand_levels_and_invalid_utf_8_lose_nothing_else() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut body = format!(
        r#"{{"event": {{"id": 1, "type": "lead_signup"}}, "data": {{"id": 7, "custom_fields": {{"a": {deep}}}, "x": {deep}, "plan_name": "P?"}}}}"#
    )
    .into_bytes();
    let at = body.iter().rposition(|byte| *byte == b'?').unwrap();
    body[at] = 0xff;
    let event = parse::StoredEvent { event_type: "lead_signup".to_owned(), ..kept("e", &body) };
    let mirror = Mirror::after(&[event]);
    assert_eq!(mirror.text(Lead, 7, "plan_name"), Some("P\u{fffd}"));
    assert!(mirror.text(Lead, 7, "custom_fields").unwrap().starts_with(r#"{"a":[[["#));
}

#[test]
fn an_event_without_a_usable_time_only_fills_gaps() {
    let late = |time: Value| {
        let mut late = event("lead_cancelled", 1, &json!({"id": 7, "state": "cancelled", "email": "x@y.example"}));
        late["event"]["created_at"] = time;
        kept("e2", late.to_string().as_bytes())
    };
    let timed = kept("e1", event("lead_signup", 1, &json!({"id": 7, "state": "signup"})).to_string().as_bytes());
    let far = format_ms(NOW + 7 * 86_400_000 + 1);
    for unusable in [json!("soon"), json!(0), json!({}), Value::Null, json!(far), json!("1969-12-31T23:59:59Z")] {
        let late = late(unusable.clone());
        assert_eq!(updates(&late).warnings().len(), 1, "{unusable}");
        for order in [[timed.clone(), late.clone()], [late.clone(), timed.clone()]] {
            let mirror = Mirror::after(&order);
            assert_eq!(mirror.text(Lead, 7, "state"), Some("signup"));
            assert_eq!(mirror.text(Lead, 7, "email"), Some("x@y.example"));
        }
    }
}

#[test]
fn what_cannot_be_an_event_is_said_so() {
    let read = |protocol: Protocol, event_type: &str, body: &str| {
        let event = kept("e", body.as_bytes());
        let event = parse::StoredEvent { protocol, event_type: event_type.to_owned(), ..event };
        parse::parse_event(&event, IdSpace::Shared, NOW)
    };
    assert!(matches!(read(Protocol::V1, "promoter_danced", r#"{"data": {}}"#), ParsedPayload::Ignored(_)));
    assert!(matches!(read(Protocol::V1, "lead_signup", r#"{"data": {"test": true}}"#), ParsedPayload::Ignored(_)));
    assert!(matches!(read(Protocol::V2, "promo_code.created", r#"{"data": {"id": 1}}"#), ParsedPayload::Ignored(_)));
    assert!(matches!(
        read(Protocol::V2, "referral.created", r#"{"data": {"test": true, "id": 1}}"#),
        ParsedPayload::Ignored(_)
    ));
    assert!(matches!(read(Protocol::V2, "referral.created", r#"{"data": 1}"#), ParsedPayload::Unreadable(_)));
    assert!(matches!(read(Protocol::V2, "referral.created", r#"{"data": {}}"#), ParsedPayload::Failed(_)));
    for body in ["", "{", "[1", r#"{"data": 1}"#, "[]", "{}"] {
        assert!(matches!(read(Protocol::V1, "lead_signup", body), ParsedPayload::Unreadable(_)), "{body}");
    }
    assert!(matches!(read(Protocol::Unknown, "", "{}"), ParsedPayload::Unreadable(_)));
    for (body, problem) in [
        (r#"{"data": {}}"#, "missing"),
        (r#"{"data": {"id": 18446744073709551616}}"#, "number is not an id"),
        (r#"{"data": {"id": null, "email": "x"}}"#, "missing"),
    ] {
        let ParsedPayload::Failed(error) = read(Protocol::V1, "lead_signup", body) else { panic!("{body}") };
        assert_eq!(error, format!("not applied: event.created_at: missing; lead.id: {problem}"));
    }
}
