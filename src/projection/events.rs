//! The queue in `webhook_event`: what waits, and what became of it.

use std::sync::LazyLock;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use super::{
    facts::Facts,
    payload::{Kept, Reading},
    store::Values,
};
use crate::database::{Database, Purpose, by_status, lists, portion};

/// No more bodies are read into one batch than this, unless a single one is larger.
const BATCH_BYTES: i64 = 8 * 1024 * 1024;
/// So often an event is tried before it waits for a replay.
const ATTEMPTS: i32 = 8;
/// The pause after the first failure; every further one is four times as long.
const FIRST_PAUSE_MS: i64 = 5_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 3_600_000;

/// Ids and sizes of what waits.
static WAITING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select id, {} from webhook_event where {} and (next_attempt_at <= $1 or next_attempt_at > $3) {} limit $2",
        portion::BODY_BYTES,
        by_status::pending_behind(4),
        by_status::IN_ORDER
    )
});

/// What becomes of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    id: String,
    /// `applied`, `ignored`, `unreadable`, `failed`, or `pending` for another try.
    pub status: &'static str,
    /// Why it was not applied.
    error: Option<String>,
    warnings: Option<String>,
    /// It waits for the server's clock.
    is_held: bool,
    attempts: i64,
    next_attempt_at: i64,
    occurred_at: Option<i64>,
}

impl Outcome {
    /// What becomes of an event that was read this way, and whose facts, if any, are written.
    pub fn of_reading(id: &str, reading: &Reading, now_ms: i64) -> Self {
        let outcome = Self { id: id.to_owned(), ..Self::default() };
        match reading {
            Reading::Told(facts) => Self {
                status: "applied",
                warnings: warnings(facts),
                occurred_at: Some(facts.ms()).filter(|_| facts.has_time()),
                ..outcome
            },
            Reading::Ahead { until, facts } => Self {
                status: "pending",
                error: Some(format!("held back: {}", facts.warnings().join("; "))),
                is_held: true,
                // Looked at again before that: the clock may be set right.
                next_attempt_at: now_ms.saturating_add(LONGEST_PAUSE_MS).min(*until),
                ..outcome
            },
            Reading::Ignored(reason) => Self { status: "ignored", error: Some((*reason).to_owned()), ..outcome },
            Reading::Unreadable(reason) => Self { status: "unreadable", error: Some(reason.clone()), ..outcome },
            Reading::Failed(reason) => Self { status: "failed", error: Some(reason.clone()), attempts: 1, ..outcome },
        }
    }

    /// What becomes of an event whose facts the database refused, after so many earlier attempts.
    pub fn refused(id: &str, reason: &str, attempts: i32, now_ms: i64) -> Self {
        let pause = (0..attempts.max(0)).fold(FIRST_PAUSE_MS, |pause, _| LONGEST_PAUSE_MS.min(pause * 4));
        let status = if attempts + 1 < ATTEMPTS { "pending" } else { "failed" };
        let error = Some(format!("the database refuses what it tells: {reason}"));
        let next_attempt_at = now_ms.saturating_add(pause);
        Self { id: id.to_owned(), status, error, attempts: 1, next_attempt_at, ..Self::default() }
    }

    /// As the statement takes them.
    pub(super) fn columns(outcomes: &[&Self], now_ms: i64) -> Vec<Values> {
        vec![
            Values::texts(outcomes.iter().map(|outcome| outcome.id.clone())),
            Values::texts(outcomes.iter().map(|outcome| outcome.status.to_owned())),
            Values::Texts(outcomes.iter().map(|outcome| outcome.error.clone()).collect()),
            Values::Ints(outcomes.iter().map(|outcome| (outcome.status == "applied").then_some(now_ms)).collect()),
            Values::ints(outcomes.iter().map(|outcome| outcome.attempts)),
            Values::ints(outcomes.iter().map(|outcome| outcome.next_attempt_at)),
            Values::Texts(outcomes.iter().map(|outcome| outcome.warnings.clone()).collect()),
            Values::Ints(outcomes.iter().map(|outcome| outcome.is_held.then_some(now_ms)).collect()),
            Values::Ints(outcomes.iter().map(|outcome| outcome.occurred_at).collect()),
        ]
    }
}

/// What an event's facts are warned of, as it is stored: a JSON array of texts, null if there is nothing.
pub fn warnings(facts: &Facts) -> Option<String> {
    let warnings = facts.warnings();
    (!warnings.is_empty()).then(|| serde_json::Value::from(warnings).to_string())
}

/// Events to apply.
#[derive(Default)]
pub struct Pending {
    /// In the order of their ids.
    pub events: Vec<Kept>,
    /// Whether more may wait behind the last of them.
    pub more: bool,
}

/// The next events to apply behind an id, `most` at most, oldest first: what is `pending` and whose time has come.
/// One whose time is further away than any pause was put off by a clock that was ahead, and is due too.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(db: &Database, behind: &str, most: usize, now_ms: i64) -> Result<Pending, DbErr> {
    let connection = db.for_ourselves(Purpose::Projection);
    let sizes = Statement::from_sql_and_values(
        db.backend,
        WAITING.as_str(),
        [
            now_ms.into(),
            i64::try_from(most).unwrap_or(i64::MAX).into(),
            now_ms.saturating_add(LONGEST_PAUSE_MS).into(),
            behind.into(),
        ],
    );
    let found = connection.query_all_raw(sizes).await?;
    let ids = portion::within(BATCH_BYTES, &found)?;
    let more = ids.len() == most || ids.len() < found.len();
    if ids.is_empty() {
        return Ok(Pending::default());
    }
    let sql = format!(
        "select id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, attempts \
            from webhook_event where id {} and {} order by id",
        lists::among(db.backend, 1),
        by_status::IS_PENDING
    );
    let ids = lists::parameter(db.backend, ids);
    let events =
        Kept::find_by_statement(Statement::from_sql_and_values(db.backend, sql, [ids])).all(&connection).await?;
    Ok(Pending { events, more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_event_waits_longer_every_time_and_then_for_a_replay() {
        let outcomes: Vec<_> = (0..8).map(|attempts| Outcome::refused("e", "23514", attempts, 1_000)).collect();
        let pauses: Vec<_> = outcomes.iter().map(|outcome| (outcome.next_attempt_at - 1_000) / 1_000).collect();
        assert_eq!(pauses, [5, 20, 80, 320, 1280, 3600, 3600, 3600]);
        assert!(outcomes[..7].iter().all(|outcome| outcome.status == "pending"));
        assert_eq!(outcomes[7].status, "failed");
    }
}
