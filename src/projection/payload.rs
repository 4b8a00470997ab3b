//! Reading a kept event: the only place that knows the sender's names.
//!
//! One dispatch per protocol ([`v1`], [`v2`]), one reader per kind of object under it. Readers are tolerant:
//! a field that is missing is not told, one that is of no use is warned of and not told; only an event whose own id
//! cannot be read fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::FromQueryResult;

use super::{
    clock::{EventKey, EventTime, UNKNOWN_TIME_MS, classify},
    merge::Cell,
    tables::Table,
    updates::EventUpdates,
};

mod field;
pub mod v1;
pub mod v2;
pub mod value;
pub mod warning;

use crate::json::{self, Json};
use value::Shape;

/// A kept event, as far as reading it is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct StoredEvent {
    /// Our own id.
    pub id: String,
    /// `v1`, `v2` or `unknown`.
    pub protocol: String,
    /// The sender's name for what happened.
    pub event_type: String,
    /// The sender's id of the event.
    pub event_id: String,
    /// SHA-256 of the body as received, in hexadecimal.
    pub body_hash: String,
    /// The redacted body; none after a prune.
    pub body: Option<Vec<u8>>,
    /// When it happened, as the sender says.
    pub occurred_at: Option<i64>,
    /// When we got it.
    pub received_at: i64,
    /// How often applying it failed.
    pub attempts: i32,
}

/// What became of reading an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedPayload {
    /// What it changes.
    Updates(EventUpdates),
    /// It is not applied yet: its time is ahead of the server's clock.
    Held {
        /// When to apply it: milliseconds since 1970 UTC.
        until: i64,
        /// What it would change now, without a usable time.
        updates: EventUpdates,
    },
    /// It tells nothing, and why.
    Ignored(&'static str),
    /// It is not what its protocol promises, and why.
    Unreadable(String),
    /// Its own id cannot be read, or our reader has a fault: trying again will not help.
    Failed(String),
}

/// Whether webhooks v1 and v2 name the same objects by the same ids. FirstPromoter does not say so;
/// all ids that were ever published fit it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdSpace {
    /// They do: both fill the same rows.
    #[default]
    Shared,
    /// They do not: what v2 tells is kept out of the tables that v1 fills.
    Separate,
}

/// When a kept event happened: as was understood when it came, or as is understood now.
fn occurred_at(event: &StoredEvent, body: &Json<'_>) -> Option<i64> {
    event.occurred_at.or_else(|| match Shape::Time.read(written_time(event, body).1?) {
        Ok(Cell::Int(ms)) => Some(ms),
        _ => None,
    })
}

/// Where an event's time stands, and what stands there.
fn written_time<'b, 'j>(event: &StoredEvent, body: &'b Json<'j>) -> (&'static str, Option<&'b Json<'j>>) {
    match event.protocol.as_str() {
        "v2" => ("timestamp", body.get("timestamp")),
        _ => ("event.created_at", body.get("event").and_then(|event| event.get("created_at"))),
    }
}

/// Reads a kept event, whose time is judged by this clock. Never panics: a panic of a reader is the event's failure.
#[must_use]
pub fn read(event: &StoredEvent, ids: IdSpace, now_ms: i64) -> ParsedPayload {
    let reading = guarded(|| read_body(event, now_ms));
    match &reading {
        ParsedPayload::Updates(updates) | ParsedPayload::Held { updates, .. }
            if ids == IdSpace::Separate && event.protocol == "v2" && updates.touches(Table::filled_by_v1) =>
        {
            ParsedPayload::Ignored("PROMOGRAPH_V1_V2_SAME_IDS is false: webhooks v2 do not touch what webhooks v1 fill")
        }
        _ => reading,
    }
}

/// One event that panics its reader must not hold up all others.
fn guarded(read: impl FnOnce() -> ParsedPayload) -> ParsedPayload {
    let panicked = |_| ParsedPayload::Failed("the reader of this event type has a fault".to_owned());
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(panicked)
}

fn read_body(event: &StoredEvent, now_ms: i64) -> ParsedPayload {
    let Some(body) = &event.body else { return ParsedPayload::Failed("the body was pruned".to_owned()) };
    let text = String::from_utf8_lossy(body);
    let body = match Json::parse(&text) {
        Ok(body) => body,
        Err(error) => return ParsedPayload::Unreadable(error.to_string()),
    };
    let key = EventKey::new(&event.event_id, &event.body_hash);
    let judged = occurred_at(event, &body).map(|at| classify(at, now_ms));
    let ms = if let Some(EventTime::Usable(ms)) = judged { ms } else { UNKNOWN_TIME_MS };
    let mut updates = EventUpdates::new(ms, key);
    if let Some(problem) = problem_of(judged) {
        let (place, written) = written_time(event, &body);
        match written {
            None => updates.warn(place, "missing"),
            Some(json) => updates.warn(place, format_args!("{} {problem}", warning::kind(json))),
        }
    }
    let (place, id) = match event.protocol.as_str() {
        "v2" => ("event_id", body.get("event_id")),
        _ => ("event.id", body.get("event").and_then(|event| event.get("id"))),
    };
    if let Some(json @ (Json::Bool(_) | Json::List(_) | Json::Object(_) | Json::TooDeep)) = id {
        updates.warn(place, format_args!("{} is not text or a number", warning::kind(json)));
    }
    let reading = match event.protocol.as_str() {
        "v1" => v1::read(&event.event_type, &body, updates),
        "v2" => v2::read(&event.event_type, &body, updates),
        _ => ParsedPayload::Unreadable("expected an object with event and data".to_owned()),
    };
    match (reading, judged) {
        (ParsedPayload::Updates(updates), Some(EventTime::Ahead { until })) => ParsedPayload::Held { until, updates },
        (reading, _) => reading,
    }
}

fn problem_of(judged: Option<EventTime>) -> Option<&'static str> {
    match judged {
        Some(EventTime::Usable(_)) => None,
        Some(EventTime::Ahead { .. }) => Some("is more than 24 hours ahead of the server's clock"),
        Some(EventTime::FarAhead) => Some("is more than 7 days ahead of the server's clock"),
        Some(EventTime::TooEarly) => Some("is a time before 1970"),
        None => Some("is not a time"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_breaks_its_reader_fails_alone() {
        let ParsedPayload::Failed(reason) = guarded(|| panic!("of the test")) else { panic!("it was read") };
        assert!(reason.contains("has a fault"));
    }
}
