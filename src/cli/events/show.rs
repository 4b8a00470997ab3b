//! `promograph events show`.

use std::io::Write;

use anyhow::Context as _;
use entity::webhook_event::{Entity, Model};
use sea_orm::EntityTrait as _;
use serde_json::json;

use crate::{database::Database, time::format_ms};

/// Prints an event as a JSON object, its body as text.
///
/// # Errors
/// When the database does not answer, or there is no such event.
pub async fn show_json(db: &Database, id: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let event = find(db, id).await?;
    let object = json!({
        "id": event.id, "status": event.status.as_str(), "error": event.error, "protocol": event.protocol.as_str(),
        "eventType": event.event_type, "eventId": event.event_id, "occurredAt": event.occurred_at.map(format_ms),
        "receivedAt": format_ms(event.received_at), "appliedAt": event.applied_at.map(format_ms),
        "deliveries": event.deliveries, "lastDeliveredAt": format_ms(event.last_delivered_at),
        "attempts": event.attempts, "nextAttemptAt": Some(event.next_attempt_at).filter(|at| *at > 0).map(format_ms),
        "warnings": event.warnings.as_deref().map(warnings_of), "heldSince": event.held_since.map(format_ms),
        "sha256": event.body_hash, "body": event.body.map(|body| String::from_utf8_lossy(&body).into_owned()),
    });
    Ok(writeln!(out, "{object}")?)
}

async fn find(db: &Database, id: &str) -> anyhow::Result<Model> {
    let event = Entity::find_by_id(id).one(&db.read).await.context("cannot read the event")?;
    event.with_context(|| format!("there is no event {}; `promograph events list` shows them", printable(id)))
}

/// Prints an event and its body, or the body alone, byte for byte.
///
/// # Errors
/// When the database does not answer, there is no such event, or no body is left of it.
pub async fn show(db: &Database, id: &str, body_alone: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let event = find(db, id).await?;
    if body_alone {
        return Ok(out.write_all(&event.body.context("the body of this event was pruned")?)?);
    }
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), format_ms);
    let facts = [
        ("id", event.id),
        ("status", event.status.to_string()),
        ("error", event.error.as_deref().map_or_else(|| "-".to_owned(), printable)),
        ("protocol", event.protocol.to_string()),
        ("type", printable(&event.event_type)),
        ("event id", printable(&event.event_id)),
        ("occurred", time(event.occurred_at)),
        ("received", format_ms(event.received_at)),
        ("applied", time(event.applied_at)),
        ("deliveries", format!("{}, the last {}", event.deliveries, format_ms(event.last_delivered_at))),
        ("failures", event.attempts.to_string()),
        ("next attempt", time(Some(event.next_attempt_at).filter(|at| *at > 0))),
        ("held since", time(event.held_since)),
        ("sha-256", format!("{} (as received)", event.body_hash)),
    ];
    for (name, value) in facts {
        writeln!(out, "{name:<14}{value}")?;
    }
    for warning in event.warnings.as_deref().map(warnings_of).unwrap_or_default() {
        writeln!(out, "{:<14}{}", "warning", printable(&warning))?;
    }
    match event.body {
        None => writeln!(out, "\n(the body was pruned)")?,
        Some(body) => writeln!(out, "\n{}", lines(&String::from_utf8_lossy(&body)))?,
    }
    Ok(())
}

/// The texts of a stored list of warnings.
pub(super) fn warnings_of(stored: &str) -> Vec<String> {
    serde_json::from_str(stored).unwrap_or_else(|_| vec![stored.to_owned()])
}

/// What senders write, without what would steer a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }).collect()
}

fn lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}
