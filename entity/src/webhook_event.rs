//! A webhook event as it was received: the body (redacted), and what became of it.

use sea_orm::entity::prelude::*;

/// One row of `webhook_event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_event")]
pub struct Model {
    /// A `UUIDv7` as text: sorts by the time of receipt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// `v1`, `v2`, or `unknown` for bytes without a recognised envelope.
    pub protocol: String,
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
    /// `pending`, `applied`, `ignored`, `unreadable` or `failed`.
    pub status: String,
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
