//! Input and output of the inbox.

use bytes::Bytes;
use entity::webhook_event::{EventStatus, Protocol};
use uuid::Uuid;

/// One authenticated, redacted delivery.
///
/// Protocol, event type, event id and body hash make its key: a delivery with the key of a stored
/// one only adds to that one's count. The texts must be free of NUL and bounded (a few hundred
/// bytes), since they are indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The envelope's version.
    pub protocol: Protocol,
    /// The sender's event type, or empty.
    pub event_type: String,
    /// The sender's event id, or empty.
    pub event_id: String,
    /// When it happened, as the sender says; milliseconds since 1970 UTC.
    pub occurred_at: Option<i64>,
    /// SHA-256 of the bytes as received, before redaction; 64 lower-case hex digits.
    pub body_hash: String,
    /// The redacted body.
    pub body: Bytes,
    /// The status that it starts with: `Pending`, `Ignored` or `Unreadable`.
    pub status: EventStatus,
    /// Why it is ignored or unreadable.
    pub error: Option<String>,
    /// When it was received; milliseconds since 1970 UTC.
    pub received_at: i64,
}

/// A delivery under its id, with the number of its repeats: what one inbox hands over to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its `UUIDv7`.
    pub id: String,
    /// The first delivery.
    pub delivery: Delivery,
    /// How many deliveries it stands for: one, and its repeats.
    pub deliveries: i32,
    /// When the last of them was received; milliseconds since 1970 UTC.
    pub last_delivered_at: i64,
}

impl NewEvent {
    /// A single delivery under a new id.
    #[must_use]
    pub fn new(delivery: Delivery) -> Self {
        let (id, last_delivered_at) = (Uuid::now_v7().to_string(), delivery.received_at);
        Self { id, delivery, deliveries: 1, last_delivered_at }
    }
}

/// A delivery is stored and committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The id of the stored event: a `UUIDv7` in its usual text form.
    pub id: String,
    /// Whether the very same delivery was stored before; then `id` is that one's.
    pub duplicate: bool,
}

/// A delivery is not known to be stored. (It may be: a commit whose answer was lost.)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InsertError {
    /// The database did not answer in time, or cannot write now.
    #[error("the database cannot keep the event now")]
    Unavailable,
    /// The database refuses this very row; trying again will not help.
    #[error("the database refused the event: {0}")]
    Refused(String),
}
