//! The projector: applies pending events to the tables, one batch per transaction, while its process holds the lease.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use thiserror::Error;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    changes::Changes,
    lease::{Lease, ObservedLease},
    parse::IdSpace,
    queue_cursor::QueueCursor,
};
use crate::{
    database::{Component, Database},
    time::now_ms,
};

mod batch;

use batch::BatchLimit;

/// Events in one transaction at most.
const MAX_BATCH: usize = 1_000;
/// The same where the inbox waits for the end of that transaction, since both write over one connection.
const MAX_BATCH_BESIDE_INBOX: usize = 64;
/// How often to look without being woken: for events that other processes stored, for those whose next
/// attempt is due, and to extend or take over the lease.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The longest delay while the database cannot be used.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(30);
/// How long a step may take at first. A statement over a connection that was cut silently is never answered:
/// `PostgreSQL`'s machine is gone, or a middlebox has forgotten the connection.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);

/// How a projector works.
#[derive(Clone, Copy, Debug)]
pub struct ProjectorConfig {
    /// Whether events of v1 and v2 name the same objects by the same ids.
    pub ids: IdSpace,
    /// Events in one transaction at most.
    pub max_batch: usize,
}

impl Default for ProjectorConfig {
    fn default() -> Self {
        Self { ids: IdSpace::default(), max_batch: MAX_BATCH }
    }
}

impl ProjectorConfig {
    /// For a process that receives webhooks into the same database. On `SQLite` both share the one writing connection,
    /// so batches stay small: the inbox waits for one at most.
    #[must_use]
    pub fn beside_inbox(db: &Database, ids: IdSpace) -> Self {
        let max_batch = if db.is_sqlite() { MAX_BATCH_BESIDE_INBOX } else { MAX_BATCH };
        Self { ids, max_batch }
    }
}

/// How many events were processed, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Their updates are in the tables.
    pub applied: u64,
    /// They have no updates.
    pub ignored: u64,
    /// They do not have the form of their protocol.
    pub unreadable: u64,
    /// They failed, and wait for a replay.
    pub failed: u64,
    /// They wait for another attempt.
    pub delayed: u64,
}

/// The outcome of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// Another process holds the lease.
    NotHolder,
    /// Nothing is pending.
    Idle,
    /// A batch was processed; more may be pending.
    Applied,
}

/// The database cannot be used now: no event's fault.
#[derive(Debug, Error)]
#[error("the database cannot be used now: {0}")]
pub struct ProjectorError(String);

impl From<DbErr> for ProjectorError {
    fn from(error: DbErr) -> Self {
        Self(error.to_string())
    }
}

/// Applies stored events to the tables; one per process.
pub struct Projector {
    db: Database,
    changes: Changes,
    ids: IdSpace,
    owner: Arc<str>,
    lease: Option<Lease>,
    /// The lease of the current holder, while that is another process.
    holder: Option<ObservedLease>,
    limit: BatchLimit,
    cursor: QueueCursor,
    /// The time of the last commit, in milliseconds since 1970.
    last_commit_at: i64,
    /// The events processed so far.
    pub counts: OutcomeCounts,
}

impl Projector {
    /// A projector that does not hold the lease yet.
    #[must_use]
    pub fn new(db: Database, changes: Changes, config: ProjectorConfig) -> Self {
        Self {
            db,
            changes,
            ids: config.ids,
            owner: Uuid::now_v7().to_string().into(),
            lease: None,
            holder: None,
            limit: BatchLimit::new(config.max_batch),
            cursor: QueueCursor::default(),
            last_commit_at: 0,
            counts: OutcomeCounts::default(),
        }
    }

    /// Applies what is pending whenever `wake` is notified, and every second, until `shutdown`. Finishes the batch at
    /// hand and gives the lease back.
    pub async fn run(mut self, wake: Arc<Notify>, shutdown: CancellationToken) {
        let (mut failures, mut last_step_at) = (0, 0);
        while !shutdown.is_cancelled() {
            // No two steps have the same time: a subscriber must not take one commit's rows for another's.
            last_step_at = now_ms().max(last_step_at + 1);
            let pause = match self.step_within_timeout(last_step_at, failures).await {
                Ok(outcome) => {
                    failures = 0;
                    self.db.outages.works(Component::Projector);
                    if outcome == StepOutcome::Applied {
                        continue;
                    }
                    POLL_INTERVAL
                }
                Err(error) => {
                    self.db.outages.failed(Component::Projector, &error);
                    let delay = POLL_INTERVAL.saturating_mul(1 << failures.min(5)).min(MAX_RETRY_DELAY);
                    failures += 1;
                    delay
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                // Something was stored, so the database is back if it was away.
                () = wake.notified() => {}
                () = sleep(pause) => {}
            }
        }
        if let Err(error) = self.release().await {
            tracing::warn!("the lease was not given back and lapses by itself: {error}");
        }
    }

    /// A step, with twice the time after each failure: it may be slow work after all. `SQLite` has no
    /// connection to lose, and takes the time it needs.
    async fn step_within_timeout(&mut self, now_ms: i64, failures: u32) -> Result<StepOutcome, ProjectorError> {
        if self.db.is_sqlite() {
            return self.step(now_ms).await;
        }
        let limit = STEP_TIMEOUT.saturating_mul(1 << failures.min(5));
        timeout(limit, self.step(now_ms)).await.unwrap_or_else(|_| {
            self.batch_failed();
            Err(ProjectorError("it does not answer".to_owned()))
        })
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// When the database cannot be used now.
    pub async fn release(&mut self) -> Result<(), ProjectorError> {
        match self.lease.take() {
            Some(lease) => Ok(lease.release(&self.db).await?),
            None => Ok(()),
        }
    }
}

/// Applies everything that is pending now, and returns how many events that were.
///
/// # Errors
/// When another process projects this database at the moment, or the database cannot be used.
pub async fn drain(db: &Database, changes: &Changes, now_ms: i64) -> anyhow::Result<OutcomeCounts> {
    let mut projector = Projector::new(db.clone(), changes.clone(), ProjectorConfig::default());
    let counts = loop {
        match projector.step(now_ms).await {
            Ok(StepOutcome::Applied) => {}
            Ok(StepOutcome::Idle) => break Ok(projector.counts),
            Ok(StepOutcome::NotHolder) => break Err(anyhow::anyhow!("another process applies this database's events")),
            Err(error) => break Err(error.into()),
        }
    };
    projector.release().await?;
    counts
}
