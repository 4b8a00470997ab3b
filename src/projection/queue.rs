//! The event queue in `webhook_event`: pending events, and the outcome of each.

use std::sync::LazyLock;

use entity::webhook_event::EventStatus;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use super::{
    parse::{ParsedPayload, StoredEvent},
    updates::EventUpdates,
};
use crate::database::{Database, Workload, array_param, by_status, byte_budget, in_array, take_within_bytes};

/// The total size of the bodies in one batch, unless a single one is larger.
const MAX_BATCH_BYTES: i64 = 8 * 1024 * 1024;
/// After this many failed attempts an event waits for a replay.
const MAX_ATTEMPTS: i32 = 8;
/// The delay after the first failed attempt; each further one is four times as long.
const RETRY_DELAY_MS: i64 = 5_000;
/// The longest delay.
const MAX_RETRY_DELAY_MS: i64 = 3_600_000;

/// Ids and sizes of pending events that are due.
static SELECT_PENDING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select id, {} from webhook_event where {} and (next_attempt_at <= $1 or next_attempt_at > $3) {} limit $2",
        byte_budget::BODY_BYTES,
        by_status::pending_behind(4),
        by_status::IN_ORDER
    )
});

/// The outcome of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOutcome {
    /// Our own id.
    pub id: String,
    /// `Pending` means another attempt.
    pub status: EventStatus,
    /// Why it was not applied.
    pub error: Option<String>,
    /// A JSON array.
    pub warnings: Option<String>,
    /// It is held back until the server's clock reaches its time.
    pub is_held: bool,
    /// Attempts to add.
    pub attempts: i64,
    /// When to try again; milliseconds since 1970 UTC.
    pub next_attempt_at: i64,
    /// The event's own time, if it is usable; milliseconds since 1970 UTC.
    pub occurred_at: Option<i64>,
}

impl EventOutcome {
    fn new(id: &str, status: EventStatus) -> Self {
        Self {
            id: id.to_owned(),
            status,
            error: None,
            warnings: None,
            is_held: false,
            attempts: 0,
            next_attempt_at: 0,
            occurred_at: None,
        }
    }

    /// The outcome of an event with this payload, whose updates, if any, are written.
    pub fn of_payload(id: &str, payload: &ParsedPayload, now_ms: i64) -> Self {
        let outcome = |status| Self::new(id, status);
        match payload {
            ParsedPayload::Updates(updates) => Self {
                warnings: warnings(updates),
                occurred_at: Some(updates.ms()).filter(|_| updates.has_time()),
                ..outcome(EventStatus::Applied)
            },
            ParsedPayload::Held { until, updates } => Self {
                error: Some(format!("held back: {}", updates.warnings().join("; "))),
                is_held: true,
                // Tried again before that: the clock may be corrected.
                next_attempt_at: now_ms.saturating_add(MAX_RETRY_DELAY_MS).min(*until),
                ..outcome(EventStatus::Pending)
            },
            ParsedPayload::Ignored(reason) => {
                Self { error: Some((*reason).to_owned()), ..outcome(EventStatus::Ignored) }
            }
            ParsedPayload::Unreadable(reason) => {
                Self { error: Some(reason.clone()), ..outcome(EventStatus::Unreadable) }
            }
            ParsedPayload::Failed(reason) => {
                Self { error: Some(reason.clone()), attempts: 1, ..outcome(EventStatus::Failed) }
            }
        }
    }

    /// The outcome of an event whose updates the database refused, after this many earlier attempts.
    pub fn refused(id: &str, reason: &str, attempts: i32, now_ms: i64) -> Self {
        let delay = (0..attempts.max(0)).fold(RETRY_DELAY_MS, |delay, _| MAX_RETRY_DELAY_MS.min(delay * 4));
        let status = if attempts + 1 < MAX_ATTEMPTS { EventStatus::Pending } else { EventStatus::Failed };
        let error = Some(format!("the database refuses its values: {reason}"));
        let next_attempt_at = now_ms.saturating_add(delay);
        Self { error, attempts: 1, next_attempt_at, ..Self::new(id, status) }
    }
}

/// The warnings of an event as they are stored: a JSON array of texts, null if there are none.
pub fn warnings(updates: &EventUpdates) -> Option<String> {
    let warnings = updates.warnings();
    (!warnings.is_empty()).then(|| serde_json::Value::from(warnings).to_string())
}

/// Pending events to apply.
#[derive(Default)]
pub struct PendingBatch {
    /// In the order of their ids.
    pub events: Vec<StoredEvent>,
    /// Whether more may follow the last of them.
    pub has_more: bool,
}

/// The next events to apply after an id, at most `limit`, oldest first: those that are `pending` and due. An event
/// whose next attempt is further away than the longest delay was delayed by a clock that was ahead: it is due too.
///
/// # Errors
/// When the database does not answer.
pub async fn fetch_pending(db: &Database, after: &str, limit: usize, now_ms: i64) -> Result<PendingBatch, DbErr> {
    let connection = db.internal(Workload::Projection);
    let sizes = Statement::from_sql_and_values(
        db.backend,
        SELECT_PENDING.as_str(),
        [
            now_ms.into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
            now_ms.saturating_add(MAX_RETRY_DELAY_MS).into(),
            after.into(),
        ],
    );
    let found = connection.query_all_raw(sizes).await?;
    let ids = take_within_bytes(MAX_BATCH_BYTES, &found)?;
    let has_more = ids.len() == limit || ids.len() < found.len();
    if ids.is_empty() {
        return Ok(PendingBatch::default());
    }
    let sql = format!(
        "select {} from webhook_event where id {} and {} order by id",
        StoredEvent::COLUMNS,
        in_array(db.backend, 1),
        by_status::IS_PENDING
    );
    let ids = array_param(db.backend, ids);
    let events =
        StoredEvent::find_by_statement(Statement::from_sql_and_values(db.backend, sql, [ids])).all(&connection).await?;
    Ok(PendingBatch { events, has_more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_event_waits_longer_after_every_attempt_and_finally_for_a_replay() {
        let outcomes: Vec<_> = (0..8).map(|attempts| EventOutcome::refused("e", "23514", attempts, 1_000)).collect();
        let delays: Vec<_> = outcomes.iter().map(|outcome| (outcome.next_attempt_at - 1_000) / 1_000).collect();
        assert_eq!(delays, [5, 20, 80, 320, 1280, 3600, 3600, 3600]);
        assert!(outcomes[..7].iter().all(|outcome| outcome.status == EventStatus::Pending));
        assert_eq!(outcomes[7].status, EventStatus::Failed);
    }
}
