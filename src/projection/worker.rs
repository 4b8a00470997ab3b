//! Applies batches while it holds the lease: reads, writes, and finds the culprit when a batch fails.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use sea_orm::{DbErr, sqlx};
use thiserror::Error;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    batch_size::BatchSize,
    changes::Changes,
    courtesy::Work,
    lease::{Lease, Sighting},
    payload::{self, IdSpace, Kept, ParsedPayload},
    queue::{self, EventOutcome, PendingBatch},
    queue_cursor::QueueCursor,
    store::{self, ApplyError},
    updates::EventUpdates,
    version,
};
use crate::database::Database;

/// How far the clocks of two processes may be apart, in milliseconds.
const CLOCK_DIFFERENCE_MS: i64 = 60_000;

/// How many events were taken, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// What they tell is in the tables.
    pub applied: u64,
    /// They tell nothing.
    pub ignored: u64,
    /// They are not what their protocol promises.
    pub unreadable: u64,
    /// They wait for a replay.
    pub failed: u64,
    /// They wait for another attempt.
    pub delayed: u64,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another process holds the lease.
    NotOurs,
    /// Nothing waits.
    Idle,
    /// A batch was taken; more may wait.
    Worked,
}

/// The database cannot be used now: no event's fault.
#[derive(Debug, Error)]
#[error("the database cannot be used now: {0}")]
pub struct Outage(String);

impl Outage {
    /// It was asked, and does not answer.
    #[must_use]
    pub fn silence() -> Self {
        Self("it does not answer".to_owned())
    }
}

impl From<DbErr> for Outage {
    fn from(error: DbErr) -> Self {
        Self(error.to_string())
    }
}

/// One process's projector.
pub struct Worker {
    db: Database,
    changes: Changes,
    /// Whether events of v1 and v2 name the same objects by the same ids.
    pub ids: IdSpace,
    owner: Arc<str>,
    lease: Option<Lease>,
    /// Whoever has the lease instead.
    rival: Option<Sighting>,
    /// How many events are taken together.
    pub batch: BatchSize,
    cursor: QueueCursor,
    /// When the last commit was written, milliseconds since 1970.
    latest: i64,
    /// Its last batch.
    pub work: Work,
    /// What it did so far.
    pub drained: Drained,
}

/// An event that was read, once however often its batch is split.
struct Read {
    id: String,
    attempts: i32,
    facts: Option<EventUpdates>,
    outcome: EventOutcome,
}

impl Worker {
    /// A worker that has no lease yet.
    #[must_use]
    pub fn new(db: Database, changes: Changes) -> Self {
        let owner = Uuid::now_v7().to_string().into();
        Self {
            db,
            changes,
            ids: IdSpace::default(),
            owner,
            lease: None,
            rival: None,
            latest: 0,
            batch: BatchSize::default(),
            cursor: QueueCursor::default(),
            work: Work::default(),
            drained: Drained::default(),
        }
    }

    /// What it works on.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.db
    }

    /// Makes sure of the lease and applies one batch.
    ///
    /// # Errors
    /// When the database cannot be used now.
    pub async fn step(&mut self, now_ms: i64) -> Result<Step, Outage> {
        let began = Instant::now();
        if let Some(lease) = &mut self.lease
            && !lease.keep(&self.db, now_ms).await?
        {
            self.lease = None;
        }
        if self.lease.is_none() {
            let taken = Lease::take_or_watch(&self.db, &self.owner, now_ms, &mut self.rival).await?;
            if taken.is_some() {
                self.latest = version::last_time(&self.db).await?;
            }
            self.lease = taken;
        }
        let Some(mut lease) = self.lease.take() else { return Ok(Step::NotOurs) };
        let pending = self.pending(now_ms).await;
        let Ok(PendingBatch { events, has_more }) = pending else {
            self.lease = Some(lease);
            return pending.map(|_| Step::Idle).map_err(Outage::from);
        };
        let Some(last) = events.last().map(|event| event.id.clone()) else {
            self.lease = Some(lease);
            return Ok(Step::Idle);
        };
        let ids = self.ids;
        let read = spawn_blocking(move || read_all(events, ids, now_ms)).await;
        let done = match read {
            Ok(read) => self.apply(&mut lease, &read, now_ms, began).await,
            Err(error) => Err(ApplyError::Unavailable(sqlx::Error::Io(std::io::Error::other(error)))),
        };
        if !matches!(done, Err(ApplyError::NotOurs)) {
            self.lease = Some(lease);
        }
        match done {
            Ok(()) => {
                self.work.took = began.elapsed();
                self.cursor.advance(&last, has_more);
                Ok(Step::Worked)
            }
            Err(ApplyError::NotOurs) => Ok(Step::NotOurs),
            Err(error) => {
                self.has_failed();
                Err(Outage(error.to_string()))
            }
        }
    }

    /// A batch was not applied, for a reason that is no event's fault, or that nobody told.
    pub fn has_failed(&mut self) {
        self.batch.failed();
        self.cursor.restart();
    }

    /// What to apply next.
    async fn pending(&mut self, now_ms: i64) -> Result<PendingBatch, DbErr> {
        let (rows, behind) = (self.batch.rows(), self.cursor.after(Instant::now()).to_owned());
        let pending = queue::fetch_pending(&self.db, &behind, rows, now_ms).await?;
        if !pending.events.is_empty() || behind.is_empty() {
            return Ok(pending);
        }
        // Nothing is left behind the last batch.
        self.cursor.restart();
        queue::fetch_pending(&self.db, "", rows, now_ms).await
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// When the database cannot be used now.
    pub async fn release(&mut self) -> Result<(), Outage> {
        match self.lease.take() {
            Some(lease) => Ok(lease.release(&self.db).await?),
            None => Ok(()),
        }
    }

    /// Applies a batch; one that is refused, or takes too long, is halved until the culprit stands alone.
    async fn apply(&mut self, lease: &mut Lease, read: &[Read], now_ms: i64, began: Instant) -> Result<(), ApplyError> {
        let (mut open, at) = (vec![read], self.next_time(now_ms));
        self.work = Work { events: u32::try_from(read.len()).unwrap_or(u32::MAX), ..Work::default() };
        while let Some(part) = open.pop() {
            lease.is_late_by(i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX));
            let facts: Vec<_> = part.iter().filter_map(|read| Some((read.id.as_str(), read.facts.as_ref()?))).collect();
            let outcomes: Vec<_> = part.iter().map(|read| &read.outcome).collect();
            match (store::apply(&self.db, lease, &self.changes, &facts, &outcomes, (now_ms, at)).await, part) {
                (Ok(held), _) => {
                    self.batch.took(part.len(), held);
                    self.work.wrote += held;
                    self.count(&outcomes);
                }
                // One that takes too long by itself must not hold up all others.
                (Err(ApplyError::Refused(reason) | ApplyError::Cancelled(reason)), [culprit]) => {
                    let outcome = EventOutcome::refused(&culprit.id, &reason, culprit.attempts, now_ms);
                    tracing::warn!(event.id = culprit.id, status = outcome.status, "an event was refused: {reason}");
                    store::apply(&self.db, lease, &self.changes, &[], &[&outcome], (now_ms, at)).await?;
                    self.count(&[&outcome]);
                }
                (Err(ApplyError::Refused(_) | ApplyError::Cancelled(_)), _) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    open.extend([second, first]);
                }
                (Err(error), _) => return Err(error),
            }
        }
        Ok(())
    }

    /// When the next commit is written, as it says: never before the last one, whoever's clock that
    /// came from, since subscribers resume by it. If that was far ahead it was a mistake.
    fn next_time(&mut self, now_ms: i64) -> i64 {
        let behind = self.latest.saturating_sub(now_ms);
        self.latest = if behind <= CLOCK_DIFFERENCE_MS { now_ms.max(self.latest) } else { now_ms };
        self.latest
    }

    fn count(&mut self, outcomes: &[&EventOutcome]) {
        for outcome in outcomes {
            let counter = match outcome.status {
                "applied" => &mut self.drained.applied,
                "ignored" => &mut self.drained.ignored,
                "unreadable" => &mut self.drained.unreadable,
                "failed" => &mut self.drained.failed,
                _ => &mut self.drained.delayed,
            };
            *counter += 1;
        }
    }
}

/// Reads a batch on a thread of its own: one body may name tens of thousands of rows, and what
/// receives webhooks must not wait for that.
fn read_all(events: Vec<Kept>, ids: IdSpace, now_ms: i64) -> Vec<Read> {
    let read = |event: Kept| {
        let reading = guarded(|| payload::read(&event, ids, now_ms));
        let outcome = EventOutcome::of_payload(&event.id, &reading, now_ms);
        if let ParsedPayload::Held { .. } = reading {
            tracing::warn!(event.id, "an event waits: its time is more than 24 hours ahead of this server's clock");
        }
        let facts = if let ParsedPayload::Updates(facts) = reading { Some(facts) } else { None };
        Read { id: event.id, attempts: event.attempts, facts, outcome }
    };
    events.into_iter().map(read).collect()
}

/// One event that the program cannot get through must not hold up all others.
fn guarded(read: impl FnOnce() -> ParsedPayload) -> ParsedPayload {
    let panicked = |_| ParsedPayload::Failed("this version of the program breaks off reading it".to_owned());
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_breaks_its_reader_fails_alone() {
        let ParsedPayload::Failed(reason) = guarded(|| panic!("of the test")) else { panic!("it was read") };
        assert!(reason.contains("breaks off"));
    }
}
