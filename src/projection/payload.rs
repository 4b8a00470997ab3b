//! Reading a kept event: the only place that knows the sender's names.
//!
//! One dispatch per protocol ([`v1`], [`v2`]), one reader per kind of object under it. Readers are tolerant:
//! a field that is missing or of no use is not told; only an event whose own id cannot be read fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::FromQueryResult;

use super::{
    clock::{EventKey, told_at},
    facts::Facts,
    tables::Table,
};

pub mod canonical;
mod field;
pub mod json;
pub mod v1;
pub mod v2;
pub mod value;

use json::Json;

/// A kept event, as far as reading it is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Kept {
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
pub enum Reading {
    /// What it tells.
    Told(Facts),
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
pub enum Ids {
    /// They do: both fill the same rows.
    #[default]
    Shared,
    /// They do not: what v2 tells is kept out of the tables that v1 fills.
    Separate,
}

/// Reads a kept event. Never panics: a panic of a reader is the event's failure.
#[must_use]
pub fn read(event: &Kept, ids: Ids) -> Reading {
    let reading = read_body_safely(event);
    match &reading {
        Reading::Told(facts) if ids == Ids::Separate && event.protocol == "v2" && facts.touch(Table::filled_by_v1) => {
            Reading::Ignored("PROMOGRAPH_V1_V2_SAME_IDS is false: webhooks v2 do not touch what webhooks v1 fill")
        }
        _ => reading,
    }
}

fn read_body_safely(event: &Kept) -> Reading {
    catch_unwind(AssertUnwindSafe(|| read_body(event)))
        .unwrap_or_else(|_| Reading::Failed("the reader of this event type has a fault".to_owned()))
}

fn read_body(event: &Kept) -> Reading {
    let Some(body) = &event.body else { return Reading::Failed("the body was pruned".to_owned()) };
    let text = String::from_utf8_lossy(body);
    let body = match Json::parse(&text) {
        Ok(body) => body,
        Err(error) => return Reading::Unreadable(error.to_string()),
    };
    let time = told_at(event.occurred_at, event.received_at);
    let facts = Facts::new(time, EventKey::new(&event.event_id, &event.body_hash));
    match event.protocol.as_str() {
        "v1" => v1::read(&event.event_type, &body, facts),
        "v2" => v2::read(&event.event_type, &body, facts),
        _ => Reading::Unreadable("expected an object with event and data".to_owned()),
    }
}
