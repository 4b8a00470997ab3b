//! `promograph events list`.

use std::io::Write;

use anyhow::Context as _;
use entity::webhook_event::{Column, Entity};
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};

use super::{
    EventFilter,
    show::{printable, warnings_of},
};
use crate::{database::Database, time::format_ms};

type Line = (String, i64, String, String, String, String, i32, i32, Option<String>, Option<String>, Option<i64>);

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
        let (lines, more) = read(db, filter, limit).await?;
        match self {
            Self::Table => table(lines, more, out),
            Self::Json => lines.into_iter().try_for_each(|line| Ok(writeln!(out, "{}", object(line))?)),
        }
    }
}

/// The lines, and whether there are more.
async fn read(db: &Database, filter: &EventFilter, limit: u64) -> anyhow::Result<(Vec<Line>, bool)> {
    let columns = [
        Column::Id,
        Column::ReceivedAt,
        Column::Status,
        Column::Protocol,
        Column::EventType,
        Column::EventId,
        Column::Deliveries,
        Column::Attempts,
        Column::Error,
        Column::Warnings,
        Column::HeldSince,
    ];
    let mut lines: Vec<Line> = Entity::find()
        .select_only()
        .columns(columns)
        .filter(filter.condition())
        .order_by_desc(Column::ReceivedAt)
        .order_by_desc(Column::Id)
        .limit(limit + 1)
        .into_tuple()
        .all(&db.read)
        .await
        .context("cannot read the events")?;
    let more = lines.len() as u64 > limit;
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((lines, more))
}

fn object(line: Line) -> Value {
    let (id, received_at, status, protocol, event_type, event_id, deliveries, attempts, error, warnings, held) = line;
    json!({
        "id": id, "receivedAt": format_ms(received_at), "status": status, "protocol": protocol, "eventType": event_type,
        "eventId": event_id, "deliveries": deliveries, "attempts": attempts, "error": error,
        "warnings": warnings.as_deref().map(warnings_of), "heldSince": held.map(format_ms),
    })
}

fn table(lines: Vec<Line>, more: bool, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:<36}  {:<24}  {:<10}  {:<8}  {:<24}  {:<12}  {:<5}  {:<8}  WHY",
        "ID", "RECEIVED", "STATUS", "PROTOCOL", "TYPE", "EVENT ID", "TIMES", "FAILURES"
    )?;
    for (id, received_at, status, protocol, event_type, event_id, deliveries, failures, error, warnings, held) in lines
    {
        let held = held.map(|since| format!("since {}", format_ms(since)));
        let reasons = error.into_iter().chain(held).chain(warnings.as_deref().map(warnings_of).unwrap_or_default());
        let reasons: Vec<_> = reasons.map(|reason| printable(&reason)).collect();
        let why = if reasons.is_empty() { "-".to_owned() } else { reasons.join("; ") };
        let (received, event_type, event_id) = (format_ms(received_at), printable(&event_type), printable(&event_id));
        writeln!(
            out,
            "{id:<36}  {received:<24}  {status:<10}  {protocol:<8}  {event_type:<24}  {event_id:<12}  {deliveries:<5}  \
                {failures:<8}  {why}"
        )?;
    }
    if more {
        writeln!(out, "... and older ones: raise --limit, or say which with --type, --status, --since or --until")?;
    }
    Ok(())
}
