//! `/ready`: whether the database answers and has every migration, how far the projector is behind, and how many events
//! wait in the spool. Open to everybody, so it reveals nothing private and queries the database once a second at most.
//!
//! It is about reading: without the database it answers 503, although webhooks are stored in the spool. `/health` says
//! whether the process accepts webhooks.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::SharedState;
use crate::{
    database::{Database, migrations},
    inbox::statistics::{self, Backlog, MAX_COUNTED},
    intake::{Intake, SpoolBacklog},
    time::now_ms,
};

/// How long a result is reused.
const CACHE_TTL: Duration = Duration::from_secs(1);
/// How long the database may take.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(3);

/// Checks whether the server is ready. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness {
    db: Database,
    intake: Intake,
    cached: Arc<Mutex<Option<(Instant, ReadinessReport)>>>,
}

/// The state of the database, and of the spool if there is one.
#[derive(Clone, Debug)]
pub(super) struct ReadinessReport {
    pub database: DatabaseState,
    pub spool: Option<SpoolBacklog>,
}

#[derive(Clone, Debug)]
pub(super) enum DatabaseState {
    Unreachable,
    MigrationsMissing,
    Ready(Backlog),
}

impl Readiness {
    /// Checks this database and this intake.
    #[must_use]
    pub fn new(db: Database, intake: Intake) -> Self {
        Self { db, intake, cached: Arc::default() }
    }

    /// The report, at most [`CACHE_TTL`] old.
    pub(super) async fn report(&self) -> ReadinessReport {
        let mut cached = self.cached.lock().await;
        if let Some((at, report)) = cached.as_ref()
            && at.elapsed() < CACHE_TTL
        {
            return report.clone();
        }
        let report =
            ReadinessReport { database: self.database_state().await, spool: self.intake.spool_backlog().await };
        *cached = Some((Instant::now(), report.clone()));
        report
    }

    async fn database_state(&self) -> DatabaseState {
        if !self.intake.is_ready() {
            return DatabaseState::Unreachable;
        }
        match timeout(DATABASE_TIMEOUT, check(&self.db)).await {
            Ok(Ok(state)) => state,
            Ok(Err(error)) => {
                tracing::debug!(error = format!("{error:#}"), "not ready: the database does not answer");
                DatabaseState::Unreachable
            }
            Err(_) => {
                tracing::debug!("not ready: the database does not answer in time");
                DatabaseState::Unreachable
            }
        }
    }
}

async fn check(db: &Database) -> anyhow::Result<DatabaseState> {
    if !migrations::pending(db).await?.is_empty() {
        return Ok(DatabaseState::MigrationsMissing);
    }
    Ok(DatabaseState::Ready(statistics::backlog(db).await?))
}

/// 200 when ready, 503 when not. A projector that is behind is ready: no event is lost.
pub(super) async fn answer(State(state): State<SharedState>) -> Response {
    let (report, now_ms) = (state.readiness.report().await, now_ms());
    let (status, mut body) = describe(&report.database, now_ms);
    if let Some(waiting) = report.spool {
        let age_ms = waiting.oldest_received_at.map_or(0, |received_at| (now_ms - received_at).max(0));
        body["spool"] = json!({ "waiting": waiting.events, "refused": waiting.refused, "oldestAgeMs": age_ms });
    }
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn describe(database: &DatabaseState, now_ms: i64) -> (StatusCode, Value) {
    let not_ready = |database, migrations| {
        let body = json!({ "status": "not_ready", "database": database, "migrations": migrations });
        (StatusCode::SERVICE_UNAVAILABLE, body)
    };
    match database {
        DatabaseState::Unreachable => not_ready("unreachable", "unknown"),
        DatabaseState::MigrationsMissing => not_ready("ok", "missing"),
        DatabaseState::Ready(Backlog { pending, oldest_received_at, held, .. }) => {
            let age_ms = oldest_received_at.map_or(0, |received_at| (now_ms - received_at).max(0));
            let body = json!({
                "status": "ready",
                "database": "ok",
                "migrations": "applied",
                "projector": {
                    "pending": pending,
                    "pendingIsCapped": *pending == MAX_COUNTED,
                    "oldestPendingAgeMs": age_ms,
                    "heldBack": held,
                },
            });
            (StatusCode::OK, body)
        }
    }
}
