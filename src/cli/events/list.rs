//! `promograph events list`.

use std::io::Write;

use anyhow::Context as _;
use entity::webhook_event::{Column, Entity, EventStatus, Protocol};
use sea_orm::{DerivePartialModel, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};

use super::{
    EventFilter,
    show::{printable, warnings_of},
};
use crate::{database::Database, time::format_ms};

/// An event without its body.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
struct EventSummary {
    id: String,
    received_at: i64,
    status: EventStatus,
    protocol: Protocol,
    event_type: String,
    event_id: String,
    deliveries: i32,
    attempts: i32,
    error: Option<String>,
    warnings: Option<String>,
    held_since: Option<i64>,
}

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// For people.
    Table,
    /// One JSON object per line.
    Json,
}

/// Lists the events of the filter, the newest first, for people.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Database, filter: &EventFilter, limit: u64, out: &mut impl Write) -> anyhow::Result<()> {
    ListFormat::Table.write(db, filter, limit, out).await
}

impl ListFormat {
    /// Lists the events of the filter, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(
        self,
        db: &Database,
        filter: &EventFilter,
        limit: u64,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let (events, more) = read(db, filter, limit).await?;
        match self {
            Self::Table => table(events, more, out),
            Self::Json => events.iter().try_for_each(|event| Ok(writeln!(out, "{}", object(event))?)),
        }
    }
}

/// The events, and whether there are more.
async fn read(db: &Database, filter: &EventFilter, limit: u64) -> anyhow::Result<(Vec<EventSummary>, bool)> {
    let mut events = Entity::find()
        .filter(filter.condition())
        .order_by_desc(Column::ReceivedAt)
        .order_by_desc(Column::Id)
        .limit(limit + 1)
        .into_partial_model::<EventSummary>()
        .all(&db.read)
        .await
        .context("cannot read the events")?;
    let more = events.len() as u64 > limit;
    events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((events, more))
}

fn object(event: &EventSummary) -> Value {
    json!({
        "id": event.id, "receivedAt": format_ms(event.received_at), "status": event.status.as_str(),
        "protocol": event.protocol.as_str(), "eventType": event.event_type, "eventId": event.event_id,
        "deliveries": event.deliveries, "attempts": event.attempts, "error": event.error,
        "warnings": event.warnings.as_deref().map(warnings_of), "heldSince": event.held_since.map(format_ms),
    })
}

fn table(events: Vec<EventSummary>, more: bool, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:<36}  {:<24}  {:<10}  {:<8}  {:<24}  {:<12}  {:<5}  {:<8}  WHY",
        "ID", "RECEIVED", "STATUS", "PROTOCOL", "TYPE", "EVENT ID", "TIMES", "FAILURES"
    )?;
    for event in events {
        let held = event.held_since.map(|since| format!("since {}", format_ms(since)));
        let warnings = event.warnings.as_deref().map(warnings_of).unwrap_or_default();
        let reasons: Vec<_> =
            event.error.into_iter().chain(held).chain(warnings).map(|reason| printable(&reason)).collect();
        let why = if reasons.is_empty() { "-".to_owned() } else { reasons.join("; ") };
        writeln!(
            out,
            "{:<36}  {:<24}  {:<10}  {:<8}  {:<24}  {:<12}  {:<5}  {:<8}  {why}",
            event.id,
            format_ms(event.received_at),
            event.status,
            event.protocol,
            printable(&event.event_type),
            printable(&event.event_id),
            event.deliveries,
            event.attempts
        )?;
    }
    if more {
        writeln!(out, "... and older ones: raise --limit, or say which with --type, --status, --since or --until")?;
    }
    Ok(())
}
