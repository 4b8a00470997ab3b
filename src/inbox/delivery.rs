//! Input and output of the inbox.

use std::fmt;

use bytes::Bytes;
use uuid::Uuid;

/// Which of the sender's webhook versions an envelope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// FirstPromoter's legacy webhooks: `event` and `data`.
    V1,
    /// FirstPromoter's webhooks v2: `event_id`, `event_type`, ...
    V2,
    /// Bytes without an envelope that we know.
    Unknown,
}

impl Protocol {
    /// As stored in `webhook_event.protocol`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::Unknown => "unknown",
        }
    }
}

impl Protocol {
    /// The protocol that is stored under this name.
    #[must_use]
    pub fn stored(name: &str) -> Self {
        match name {
            "v1" => Self::V1,
            "v2" => Self::V2,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The status that a delivery starts with; the projection moves it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waits to be projected.
    Pending,
    /// Stored, but never projected: a test delivery, or a version that is not projected.
    Ignored,
    /// Stored, but not an event that we can read.
    Unreadable,
}

impl Status {
    /// As stored in `webhook_event.status`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ignored => "ignored",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Status {
    /// The status that is stored under this name, if a delivery can start with it.
    #[must_use]
    pub fn stored(name: &str) -> Option<Self> {
        [Self::Pending, Self::Ignored, Self::Unreadable].into_iter().find(|status| status.as_str() == name)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
    /// The status that it starts with.
    pub status: Status,
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
