//! `/ready`: whether the database answers and has every migration, how far the projector is behind,
//! and what waits in the spool. Open to everybody, so it says nothing private and asks the database
//! once a second at most, however often it is asked.
//!
//! It is about reading: while the database is away it says 503, though webhooks are kept. Who must
//! know whether webhooks are taken asks `/health`.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::{ConnectionTrait as _, DbErr, Statement};
use serde_json::{Value, json};
use tokio::{sync::Mutex, time::Instant};

use super::AppState;
use crate::{
    database::{
        Database, Workload,
        by_status::{HELD, IN_ORDER, NOT_HELD, PENDING},
        history,
    },
    intake::{Intake, Waiting},
    time::now_ms,
};

/// How long an answer is given again.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Pending events are counted up to here.
const COUNTED: i64 = 10_000;

/// Looks whether the server is ready; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Readiness {
    db: Database,
    intake: Intake,
    last: Arc<Mutex<Option<(Instant, Seen)>>>,
}

/// What was found: in the database, and in the spool if there is one.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub database: Look,
    pub spool: Option<Waiting>,
}

/// What was found in the database.
#[derive(Clone, Debug)]
pub(super) enum Look {
    Unreachable,
    MigrationsMissing,
    /// Events that are held back are not pending here: no projector could apply them.
    Ready {
        pending: i64,
        oldest_received_at: Option<i64>,
        held: i64,
        held_since: Option<i64>,
    },
}

impl Readiness {
    pub(super) fn new(db: Database, intake: Intake) -> Self {
        Self { db, intake, last: Arc::default() }
    }

    /// What is so now, or was a moment ago.
    pub(super) async fn look(&self) -> Seen {
        let mut last = self.last.lock().await;
        if let Some((at, seen)) = last.as_ref()
            && at.elapsed() < GOOD_FOR
        {
            return seen.clone();
        }
        let seen = Seen { database: self.look_at_database().await, spool: self.intake.waiting().await };
        *last = Some((Instant::now(), seen.clone()));
        seen
    }

    async fn look_at_database(&self) -> Look {
        if !self.intake.is_open() {
            return Look::Unreachable;
        }
        match tokio::time::timeout(PATIENCE, ask(&self.db)).await {
            Ok(Ok(look)) => look,
            Ok(Err(error)) => {
                tracing::debug!(error = format!("{error:#}"), "not ready: the database does not answer");
                Look::Unreachable
            }
            Err(_) => {
                tracing::debug!("not ready: the database does not answer in time");
                Look::Unreachable
            }
        }
    }
}

async fn ask(db: &Database) -> anyhow::Result<Look> {
    if !history::pending(db).await?.is_empty() {
        return Ok(Look::MigrationsMissing);
    }
    Ok(lag(db).await?)
}

/// How many events wait to be projected, and since when; and how many are held back.
async fn lag(db: &Database) -> Result<Look, DbErr> {
    let sql = format!(
        "select (select count(*) from (select 1 from webhook_event where {PENDING} and {NOT_HELD} {IN_ORDER} \
                    limit {COUNTED}) p), \
                (select received_at from webhook_event where {PENDING} and {NOT_HELD} {IN_ORDER} limit 1), \
                (select count(*) from webhook_event where {HELD}), \
                (select min(held_since) from webhook_event where {HELD})"
    );
    let row = db.internal(Workload::Monitoring).query_one_raw(Statement::from_string(db.backend, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("a row of counts".to_owned()))?;
    Ok(Look::Ready {
        pending: row.try_get_by_index(0)?,
        oldest_received_at: row.try_get_by_index(1)?,
        held: row.try_get_by_index(2)?,
        held_since: row.try_get_by_index(3)?,
    })
}

/// 200 when ready, 503 when not. A projector that is behind is still ready: events are kept.
pub(super) async fn answer(State(state): State<AppState>) -> Response {
    let (seen, now_ms) = (state.readiness.look().await, now_ms());
    let (status, mut body) = describe(&seen.database, now_ms);
    if let Some(waiting) = seen.spool {
        let age_ms = waiting.oldest_received_at.map_or(0, |received_at| (now_ms - received_at).max(0));
        body["spool"] = json!({ "waiting": waiting.events, "refused": waiting.refused, "oldestAgeMs": age_ms });
    }
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn describe(look: &Look, now_ms: i64) -> (StatusCode, Value) {
    let not_ready = |database, migrations| {
        let body = json!({ "status": "not_ready", "database": database, "migrations": migrations });
        (StatusCode::SERVICE_UNAVAILABLE, body)
    };
    match look {
        Look::Unreachable => not_ready("unreachable", "unknown"),
        Look::MigrationsMissing => not_ready("ok", "missing"),
        Look::Ready { pending, oldest_received_at, held, .. } => {
            let age_ms = oldest_received_at.map_or(0, |received_at| (now_ms - received_at).max(0));
            let body = json!({
                "status": "ready",
                "database": "ok",
                "migrations": "applied",
                "projector": { "pending": pending, "pendingIsCapped": *pending == COUNTED, "oldestPendingAgeMs": age_ms, "heldBack": held },
            });
            (StatusCode::OK, body)
        }
    }
}
