//! How fresh the mirror is: read from the kept events.
//!
//! Event ids are made in the order of receipt, so the index over (status, id) finds the newest and
//! the oldest of a status without a scan.

use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::json;

use super::{Reader, error::ReadError, plain, rows::Row, selection::Selected};
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
    /// `freshness` as JSON. Only what is selected is asked for. A promoter learns whether the mirror lags behind by
    /// minutes, and nothing of single events: most of them are somebody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn freshness(&self, viewer: Viewer, selected: &[Selected], now_ms: i64) -> Result<Vec<u8>, ReadError> {
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
        Ok(plain::object("Freshness", selected, &mut |field, out| match field.name.as_str() {
            "lastReceivedAt" => plain::time(received, out),
            "lastAppliedAt" => plain::time(applied, out),
            "lagMilliseconds" => {
                let lag = oldest.map_or(0, |oldest| now_ms.saturating_sub(oldest).max(0));
                let lag = if staff { lag } else { lag - lag % MINUTE };
                plain::value(&json!(lag), out);
            }
            "eventsWithWarnings" => plain::value(&json!(warned), out),
            "eventsHeldBack" => plain::value(&json!(held), out),
            "heldBackSince" => plain::time(held_since, out),
            _ => write_counts(counts.as_deref(), &field.children, out),
        }))
    }

    async fn number(&self, sql: &str) -> Result<Option<i64>, ReadError> {
        let results = self.read(sql).await?;
        Ok(results.first().map(|result| Row::of(result)?.int(0)).transpose()?.flatten())
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
            let row = Row::of(result)?;
            Ok((row.text(0)?.unwrap_or_default().to_uppercase(), row.int(1)?.unwrap_or_default()))
        };
        results.iter().map(count).collect()
    }
}

fn write_counts(counts: Option<&[(String, i64)]>, selected: &[Selected], out: &mut Vec<u8>) {
    let Some(counts) = counts else {
        plain::value(&json!(null), out);
        return;
    };
    out.push(b'[');
    for (index, (status, count)) in counts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(plain::object("WebhookEventCount", selected, &mut |field, out| {
            let value = if field.name == "status" { json!(status) } else { json!(count) };
            plain::value(&value, out);
        }));
    }
    out.push(b']');
}
