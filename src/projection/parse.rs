//! Parses a stored event: which rows it updates, or why it does not.
//!
//! This module knows the envelopes of both protocols; `mirror` knows the objects in them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use entity::webhook_event::Protocol;
use sea_orm::FromQueryResult;

use super::{
    clock::{EventKey, EventTime, UNKNOWN_TIME_MS, classify},
    merge::Cell,
    mirror::{self, V1_EVENTS, V2_EVENTS},
    payload::{
        checked::type_name,
        object::id_of,
        v2_event::{NULL, V2Event},
        value::ValueType,
    },
    updates::EventUpdates,
};
use crate::json::JsonValue;

/// An event of `webhook_event`, as far as parsing and applying it need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct StoredEvent {
    /// Our own id.
    pub id: String,
    /// The envelope's version.
    pub protocol: Protocol,
    /// The sender's name of its type.
    pub event_type: String,
    /// The sender's id of the event.
    pub event_id: String,
    /// SHA-256 of the body as received, in hexadecimal.
    pub body_hash: String,
    /// The redacted body; none after it was pruned.
    pub body: Option<Vec<u8>>,
    /// The sender's time of the event: milliseconds since 1970 UTC.
    pub occurred_at: Option<i64>,
    /// When it was received: milliseconds since 1970 UTC.
    pub received_at: i64,
    /// How often applying it has failed.
    pub attempts: i32,
}

impl StoredEvent {
    /// The columns of `webhook_event` that it is read from.
    pub const COLUMNS: &str = "id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, attempts";
}

/// What an event comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedPayload {
    /// It updates rows.
    Updates(EventUpdates),
    /// It is held back: its time is ahead of the server's clock.
    Held {
        /// When to apply it: milliseconds since 1970 UTC.
        until: i64,
        /// What it would update now, without a usable time.
        updates: EventUpdates,
    },
    /// It updates nothing, and why.
    Ignored(&'static str),
    /// It does not have the form of its protocol, and why.
    Unreadable(String),
    /// The id of its object is not usable, or our reader panicked: another attempt will not help.
    Failed(String),
}

/// Whether webhooks v1 and v2 name the same objects by the same ids. FirstPromoter does not document it; all ids
/// that were ever published agree with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdSpace {
    /// They do: both fill the same rows.
    #[default]
    Shared,
    /// They do not: events of v2 that touch tables of v1 are ignored.
    Separate,
}

/// Parses an event; its time is compared with this clock. Never panics: a reader's panic fails the event.
#[must_use]
pub fn parse_event(event: &StoredEvent, ids: IdSpace, now_ms: i64) -> ParsedPayload {
    let parsed = catch_panic(|| parse_body(event, now_ms));
    match &parsed {
        ParsedPayload::Updates(updates) | ParsedPayload::Held { updates, .. }
            if ids == IdSpace::Separate && event.protocol == Protocol::V2 && touches_v1(updates) =>
        {
            ParsedPayload::Ignored("PROMOGRAPH_V1_V2_SAME_IDS is false: webhooks v2 do not touch what webhooks v1 fill")
        }
        _ => parsed,
    }
}

/// An event that breaks its reader must not hold up all others.
fn catch_panic(parse: impl FnOnce() -> ParsedPayload) -> ParsedPayload {
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or_else(|_| {
        ParsedPayload::Failed("reading this event type failed because of a bug in Promograph".to_owned())
    })
}

fn touches_v1(updates: &EventUpdates) -> bool {
    let own = updates.rows().iter().map(|row| row.table);
    own.chain(mirror::references(updates).map(|(table, _)| table)).any(mirror::is_filled_by_v1)
}

fn parse_body(event: &StoredEvent, now_ms: i64) -> ParsedPayload {
    let Some(body) = &event.body else { return ParsedPayload::Failed("the body was pruned".to_owned()) };
    let text = String::from_utf8_lossy(body);
    let body = match JsonValue::parse(&text) {
        Ok(body) => body,
        Err(error) => return ParsedPayload::Unreadable(error.to_string()),
    };
    let key = EventKey::new(&event.event_id, &event.body_hash);
    let time = occurred_at(event, &body).map(|at| classify(at, now_ms));
    let ms = if let Some(EventTime::Usable(ms)) = time { ms } else { UNKNOWN_TIME_MS };
    let mut updates = EventUpdates::new(ms, key);
    if let Some(problem) = time_problem(time) {
        let (path, json) = time_in_body(event, &body);
        match json {
            None => updates.warn(path, "missing"),
            Some(json) => updates.warn(path, format_args!("{} {problem}", type_name(json))),
        }
    }
    let (path, id) = match event.protocol {
        Protocol::V2 => ("event_id", body.get("event_id")),
        _ => ("event.id", body.get("event").and_then(|event| event.get("id"))),
    };
    if let Some(json @ (JsonValue::Bool(_) | JsonValue::List(_) | JsonValue::Object(_) | JsonValue::TooDeep)) = id {
        updates.warn(path, format_args!("{} is not text or a number", type_name(json)));
    }
    let parsed = match event.protocol {
        Protocol::V1 => parse_v1(&event.event_type, &body, updates),
        Protocol::V2 => parse_v2(&event.event_type, &body, updates),
        Protocol::Unknown => ParsedPayload::Unreadable("expected an object with event and data".to_owned()),
    };
    match (parsed, time) {
        (ParsedPayload::Updates(updates), Some(EventTime::Ahead { until })) => ParsedPayload::Held { until, updates },
        (parsed, _) => parsed,
    }
}

/// When an event happened: as parsed when it was received, or as it parses now.
fn occurred_at(event: &StoredEvent, body: &JsonValue<'_>) -> Option<i64> {
    event.occurred_at.or_else(|| match ValueType::Time.parse(time_in_body(event, body).1?) {
        Ok(Cell::Int(ms)) => Some(ms),
        _ => None,
    })
}

/// The path of an event's time, and its value.
fn time_in_body<'b, 'j>(event: &StoredEvent, body: &'b JsonValue<'j>) -> (&'static str, Option<&'b JsonValue<'j>>) {
    match event.protocol {
        Protocol::V2 => ("timestamp", body.get("timestamp")),
        _ => ("event.created_at", body.get("event").and_then(|event| event.get("created_at"))),
    }
}

fn time_problem(time: Option<EventTime>) -> Option<&'static str> {
    match time {
        Some(EventTime::Usable(_)) => None,
        Some(EventTime::Ahead { .. }) => Some("is more than 24 hours ahead of the server's clock"),
        Some(EventTime::FarAhead) => Some("is more than 7 days ahead of the server's clock"),
        Some(EventTime::TooEarly) => Some("is a time before 1970"),
        None => Some("is not a time"),
    }
}

/// Webhooks v1: `{"event": {...}, "data": {...}}`.
fn parse_v1(event_type: &str, body: &JsonValue<'_>, mut updates: EventUpdates) -> ParsedPayload {
    let Some((_, read)) = V1_EVENTS.iter().find(|(name, _)| *name == event_type) else { return UNKNOWN_TYPE };
    let data = match body.get("data") {
        Some(data) if data.get("test") == Some(&JsonValue::Bool(true)) && id_of(data).is_none() => {
            return TEST_DELIVERY;
        }
        Some(data @ JsonValue::Object(_)) => data,
        _ => return ParsedPayload::Unreadable("data: expected an object".to_owned()),
    };
    let id = read(&mut updates, data);
    updates_or_failure(id, updates, "data: expected an object with an id")
}

/// Webhooks v2: `{"event_type", "entity_id", "changes", "data", ...}`. Few payloads are documented, so every field is
/// optional, older spellings are read too, and `data` may be missing where the envelope is enough.
fn parse_v2(event_type: &str, body: &JsonValue<'_>, mut updates: EventUpdates) -> ParsedPayload {
    let Some((_, action, read)) = V2_EVENTS.iter().find(|(name, ..)| *name == event_type) else { return UNKNOWN_TYPE };
    let data = match body.get("data") {
        Some(data @ JsonValue::Object(_)) if data.get("test") == Some(&JsonValue::Bool(true)) => return TEST_DELIVERY,
        Some(data @ (JsonValue::Object(_) | JsonValue::Null)) => data,
        None => &NULL,
        Some(_) => return ParsedPayload::Unreadable("data: expected an object".to_owned()),
    };
    let event = V2Event::new(&mut updates, *action, body, data);
    let id = read(&mut updates, &event);
    updates_or_failure(id, updates, "expected entity_id, or an id in data")
}

const UNKNOWN_TYPE: ParsedPayload = ParsedPayload::Ignored("an event type that is not known");
const TEST_DELIVERY: ParsedPayload = ParsedPayload::Ignored("a test delivery");

fn updates_or_failure(id: Option<i64>, updates: EventUpdates, problem: &str) -> ParsedPayload {
    match id {
        Some(_) => ParsedPayload::Updates(updates),
        None => ParsedPayload::Failed(updates.failure_reason().unwrap_or_else(|| problem.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_breaks_its_reader_fails_alone() {
        let parsed = catch_panic(|| panic!("of the test"));
        assert_eq!(
            parsed,
            ParsedPayload::Failed("reading this event type failed because of a bug in Promograph".to_owned())
        );
    }

    #[test]
    fn types_that_are_not_listed_are_ignored() {
        for unknown in ["promoter", "promoter.", "promoter.approved", "promo_code.created", "contract_document.created"]
        {
            let updates = EventUpdates::new(1, EventKey::new("1", ""));
            assert_eq!(parse_v2(unknown, &NULL, updates.clone()), UNKNOWN_TYPE, "{unknown}");
            assert_eq!(parse_v1(unknown, &NULL, updates), UNKNOWN_TYPE, "{unknown}");
        }
    }
}
