//! Stored events, put straight into `webhook_event` or read in memory.

use entity::webhook_event;
use entity::webhook_event::EventStatus;
use entity::webhook_event::Protocol;
use promograph::{
    database::Database,
    projection::{Changes, OutcomeCounts, drain, parse::StoredEvent},
    time::parse_ms,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _, QueryOrder as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Later than every event of the tests.
pub const NOW: i64 = 1_800_000_000_000;

/// The event of a body of v1 or v2, kept under this id.
pub fn kept(id: &str, body: &[u8]) -> StoredEvent {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let v2 = json.get("event_type").is_some();
    let (envelope, names) = if v2 {
        (&json, ["event_type", "event_id", "timestamp"])
    } else {
        (&json["event"], ["type", "id", "created_at"])
    };
    let [event_type, event_id, occurred_at] = names.map(|key| match &envelope[key] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    });
    StoredEvent {
        id: id.to_owned(),
        protocol: if v2 { Protocol::V2 } else { Protocol::V1 },
        event_type,
        event_id,
        body_hash: hex::encode(Sha256::digest(body)),
        body: Some(body.to_vec()),
        occurred_at: parse_ms(&occurred_at),
        received_at: NOW,
        attempts: 0,
    }
}

/// Events of these bodies, numbered in this order.
pub fn kept_all(bodies: &[Value]) -> Vec<StoredEvent> {
    (0..).zip(bodies).map(|(at, body)| kept(&format!("event-{at:04}"), body.to_string().as_bytes())).collect()
}

/// Stores events as `pending`.
pub async fn store(db: &Database, events: &[StoredEvent]) {
    let row = |event: &StoredEvent| webhook_event::ActiveModel {
        id: Set(event.id.clone()),
        protocol: Set(event.protocol),
        event_type: Set(event.event_type.clone()),
        event_id: Set(event.event_id.clone()),
        body_hash: Set(event.body_hash.clone()),
        body: Set(event.body.clone()),
        occurred_at: Set(event.occurred_at),
        received_at: Set(event.received_at),
        status: Set(EventStatus::Pending),
        error: Set(None),
        attempts: Set(event.attempts),
        next_attempt_at: Set(0),
        applied_at: Set(None),
        deliveries: Set(1),
        last_delivered_at: Set(event.received_at),
        warnings: Set(None),
        held_since: Set(None),
    };
    // A statement takes so many values and no more.
    for events in events.chunks(1_000) {
        webhook_event::Entity::insert_many(events.iter().map(row)).exec_without_returning(&db.write).await.unwrap();
    }
}

/// Stores events and applies them.
pub async fn apply(db: &Database, events: &[StoredEvent]) -> OutcomeCounts {
    store(db, events).await;
    drain(db, &Changes::new(), NOW).await.unwrap()
}

/// All stored events, by id.
pub async fn stored(db: &Database) -> Vec<webhook_event::Model> {
    webhook_event::Entity::find().order_by_asc(webhook_event::Column::Id).all(&db.write).await.unwrap()
}

/// As the projector takes it.
pub fn as_kept(event: webhook_event::Model) -> StoredEvent {
    StoredEvent {
        id: event.id,
        protocol: event.protocol,
        event_type: event.event_type,
        event_id: event.event_id,
        body_hash: event.body_hash,
        body: event.body,
        occurred_at: event.occurred_at,
        received_at: event.received_at,
        attempts: event.attempts,
    }
}
