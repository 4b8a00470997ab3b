//! `freshness`: how far the mirror lags, from the stored events.
//!
//! Event ids are in the order of receipt, so the index over (status, id) finds the newest and the oldest event of a
//! status without a scan.

use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::json;

use super::{Reader, error::ReadError, object_writer, raw_row::RawRow, selection::SelectedField};
use crate::{
    auth::Viewer,
    database::{
        by_status::{APPLIED, HELD, IN_ORDER, LAST_FIRST, NOT_HELD, PENDING, WARNED},
        retry_read_without_timeout,
    },
};

const LAST_RECEIVED: &str = "select max(received_at) from webhook_event";
const MINUTE: i64 = 60_000;
const COUNTS: &str = "select status, count(*) from webhook_event group by status order by status";

fn last_applied() -> String {
    format!("select applied_at from webhook_event where {APPLIED} {LAST_FIRST} limit 1")
}

fn oldest_pending() -> String {
    format!("select received_at from webhook_event where {PENDING} and {NOT_HELD} {IN_ORDER} limit 1")
}

impl Reader {
    /// `freshness` as JSON; reads only what is selected. A promoter sees the lag in whole minutes, and nothing of single
    /// events: most of them belong to others. `spooled` is the number of events that are not in the database yet, if known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn freshness(
        &self,
        viewer: Viewer,
        selected: &[SelectedField],
        spooled: Option<u64>,
        now_ms: i64,
    ) -> Result<Vec<u8>, ReadError> {
        let selects = |name: &str| selected.iter().any(|field| field.name == name);
        let staff = !matches!(viewer, Viewer::Promoter { .. });
        let received = if staff && selects("lastReceivedAt") { self.number(LAST_RECEIVED).await? } else { None };
        let applied = if staff && selects("lastAppliedAt") { self.number(&last_applied()).await? } else { None };
        let oldest = if selects("lagMilliseconds") { self.number(&oldest_pending()).await? } else { None };
        let counts = if staff && selects("counts") { Some(self.counts().await?) } else { None };
        let count = async |name: &str, what: &str, which: &str| {
            if !staff || !selects(name) {
                return Ok(None);
            }
            self.number(&format!("select {what} from webhook_event where {which}")).await
        };
        let warned = count("eventsWithWarnings", "count(*)", WARNED).await?;
        let held = count("eventsHeldBack", "count(*)", HELD).await?;
        let held_since = count("heldBackSince", "min(held_since)", HELD).await?;
        Ok(object_writer::object("Freshness", selected, &mut |field, out| match field.name.as_str() {
            "lastReceivedAt" => object_writer::time(received, out),
            "lastAppliedAt" => object_writer::time(applied, out),
            "lagMilliseconds" => {
                let lag = oldest.map_or(0, |oldest| now_ms.saturating_sub(oldest).max(0));
                let lag = if staff { lag } else { lag - lag % MINUTE };
                object_writer::value(&json!(lag), out);
            }
            "eventsWithWarnings" => object_writer::value(&json!(warned), out),
            "eventsHeldBack" => object_writer::value(&json!(held), out),
            "heldBackSince" => object_writer::time(held_since, out),
            "spooled" => object_writer::value(&json!(spooled.filter(|_| staff)), out),
            _ => write_counts(counts.as_deref(), &field.children, out),
        }))
    }

    async fn number(&self, sql: &str) -> Result<Option<i64>, ReadError> {
        let results = self.read(sql).await?;
        Ok(results.first().map(|result| RawRow::of(result)?.int(0)).transpose()?.flatten())
    }

    async fn read(&self, sql: &str) -> Result<Vec<QueryResult>, ReadError> {
        Ok(retry_read_without_timeout(|| {
            self.db.query_all_raw(Statement::from_string(self.db.get_database_backend(), sql))
        })
        .await?)
    }

    async fn counts(&self) -> Result<Vec<(String, i64)>, ReadError> {
        let results = self.read(COUNTS).await?;
        let count = |result: &QueryResult| {
            let row = RawRow::of(result)?;
            Ok((row.text(0)?.unwrap_or_default().to_uppercase(), row.int(1)?.unwrap_or_default()))
        };
        results.iter().map(count).collect()
    }
}

fn write_counts(counts: Option<&[(String, i64)]>, selected: &[SelectedField], out: &mut Vec<u8>) {
    let Some(counts) = counts else {
        object_writer::value(&json!(null), out);
        return;
    };
    out.push(b'[');
    for (index, (status, count)) in counts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(object_writer::object("WebhookEventCount", selected, &mut |field, out| {
            let value = if field.name == "status" { json!(status) } else { json!(count) };
            object_writer::value(&value, out);
        }));
    }
    out.push(b']');
}
