//! A webhook event as it was received: the body (redacted), and its status.

use std::fmt;

use sea_orm::{Iterable as _, entity::prelude::*};

/// FirstPromoter's webhook version that an event's envelope belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Protocol {
    /// Legacy webhooks: `event` and `data`.
    #[sea_orm(string_value = "v1")]
    V1,
    /// Webhooks v2: `event_id`, `event_type`, ...
    #[sea_orm(string_value = "v2")]
    V2,
    /// No known envelope.
    #[default]
    #[sea_orm(string_value = "unknown")]
    Unknown,
}

impl Protocol {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::Unknown => "unknown",
        }
    }

    /// The protocol with this stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::iter().find(|protocol| protocol.as_str() == text)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The status of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EventStatus {
    /// Waits to be applied.
    #[sea_orm(string_value = "pending")]
    Pending,
    /// Applied to the mirrored tables.
    #[sea_orm(string_value = "applied")]
    Applied,
    /// Stored, but nothing to apply: an unknown type or a test delivery.
    #[sea_orm(string_value = "ignored")]
    Ignored,
    /// Stored, but not an event: no JSON, or no envelope.
    #[sea_orm(string_value = "unreadable")]
    Unreadable,
    /// Could not be applied; waits for a replay.
    #[sea_orm(string_value = "failed")]
    Failed,
}

impl EventStatus {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
        }
    }

    /// The status with this text, in small or capital letters (as in GraphQL).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::iter().find(|status| status.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for EventStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One row of `webhook_event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_event")]
pub struct Model {
    /// A `UUIDv7` as text: sorts by the time of receipt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub protocol: Protocol,
    /// The sender's event type, or empty.
    pub event_type: String,
    /// The sender's event id, or empty.
    pub event_id: String,
    /// SHA-256 of the bytes as received, before redaction; 64 lower-case hex digits.
    pub body_hash: String,
    /// The redacted body; null after a prune.
    pub body: Option<Vec<u8>>,
    /// When it happened, by the sender's clock.
    pub occurred_at: Option<i64>,
    pub received_at: i64,
    pub status: EventStatus,
    /// Why it is `failed`, `ignored` or `unreadable`, or why it is still `pending`.
    pub error: Option<String>,
    /// How often applying it failed.
    pub attempts: i32,
    /// While `pending`: it is not applied before this time; zero for none.
    pub next_attempt_at: i64,
    pub applied_at: Option<i64>,
    /// How often the very same body was delivered.
    pub deliveries: i32,
    pub last_delivered_at: i64,
    /// Values of an `applied` event that were not understood or not believed: a JSON array of texts, or null.
    pub warnings: Option<String>,
    /// Since when a `pending` event waits for the server's clock to reach its time.
    pub held_since: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_that_are_stored() {
        for protocol in Protocol::iter() {
            assert_eq!(protocol.as_str(), protocol.to_value());
        }
        for status in EventStatus::iter() {
            assert_eq!(status.as_str(), status.to_value());
        }
    }
}
