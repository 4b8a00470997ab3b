//! One batch: extends or takes the lease, reads the next events, and applies them in one transaction.

use std::time::Instant;

use entity::webhook_event::EventStatus;
use sea_orm::{DbErr, sqlx};
use tokio::task::spawn_blocking;

use super::{Projector, ProjectorError, StepOutcome};
use crate::projection::{
    lease::Lease,
    parse::{self, IdSpace, ParsedPayload, StoredEvent},
    queue::{self, EventOutcome, PendingBatch},
    store::{self, ApplyError},
    updates::EventUpdates,
    version,
};

/// How far the clocks of two processes may be apart, in milliseconds.
const MAX_CLOCK_DIFFERENCE_MS: i64 = 60_000;

/// An event that was read, once however often its batch is split.
struct ReadEvent {
    id: String,
    attempts: i32,
    updates: Option<EventUpdates>,
    outcome: EventOutcome,
}

impl Projector {
    /// Makes sure of the lease and applies one batch.
    ///
    /// # Errors
    /// When the database cannot be used now.
    pub async fn step(&mut self, now_ms: i64) -> Result<StepOutcome, ProjectorError> {
        let began = Instant::now();
        self.ensure_lease(now_ms).await?;
        let Some(mut lease) = self.lease.take() else { return Ok(StepOutcome::NotHolder) };
        let PendingBatch { events, has_more } = match self.pending(now_ms).await {
            Ok(pending) => pending,
            Err(error) => {
                self.lease = Some(lease);
                return Err(error.into());
            }
        };
        let Some(last) = events.last().map(|event| event.id.clone()) else {
            self.lease = Some(lease);
            return Ok(StepOutcome::Idle);
        };
        let ids = self.ids;
        // One body may name tens of thousands of rows, and receiving webhooks must not wait for that.
        let read = spawn_blocking(move || read_all(events, ids, now_ms)).await;
        let applied = match read {
            Ok(read) => self.apply(&mut lease, &read, now_ms, began).await,
            Err(error) => Err(ApplyError::Unavailable(sqlx::Error::Io(std::io::Error::other(error)))),
        };
        if !matches!(applied, Err(ApplyError::NotOurs)) {
            self.lease = Some(lease);
        }
        match applied {
            Ok(()) => {
                self.cursor.advance(&last, has_more);
                Ok(StepOutcome::Applied)
            }
            Err(ApplyError::NotOurs) => Ok(StepOutcome::NotHolder),
            Err(error) => {
                self.batch_failed();
                Err(ProjectorError(error.to_string()))
            }
        }
    }

    /// A batch was not applied, and no event is known to be the cause.
    pub(super) fn batch_failed(&mut self) {
        self.limit.failed();
        self.cursor.restart();
    }

    /// Extends the lease, or takes one that is free.
    async fn ensure_lease(&mut self, now_ms: i64) -> Result<(), DbErr> {
        if let Some(lease) = &mut self.lease
            && !lease.extend(&self.db, now_ms).await?
        {
            self.lease = None;
        }
        if self.lease.is_none() {
            let taken = Lease::take_or_observe(&self.db, &self.owner, now_ms, &mut self.holder).await?;
            if taken.is_some() {
                self.last_commit_at = version::last_time(&self.db).await?;
            }
            self.lease = taken;
        }
        Ok(())
    }

    /// What to apply next.
    async fn pending(&mut self, now_ms: i64) -> Result<PendingBatch, DbErr> {
        let (rows, after) = (self.limit.rows(), self.cursor.after(Instant::now()).to_owned());
        let pending = queue::fetch_pending(&self.db, &after, rows, now_ms).await?;
        if !pending.events.is_empty() || after.is_empty() {
            return Ok(pending);
        }
        // Nothing is left behind the last batch.
        self.cursor.restart();
        queue::fetch_pending(&self.db, "", rows, now_ms).await
    }

    /// Applies a batch. One that the database refuses, or ends for its duration, is halved until the poison event
    /// stands alone.
    async fn apply(
        &mut self,
        lease: &mut Lease,
        read: &[ReadEvent],
        now_ms: i64,
        began: Instant,
    ) -> Result<(), ApplyError> {
        let (mut open, at) = (vec![read], self.next_commit_time(now_ms));
        while let Some(part) = open.pop() {
            lease.set_delay(i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX));
            let updates: Vec<_> =
                part.iter().filter_map(|read| Some((read.id.as_str(), read.updates.as_ref()?))).collect();
            let outcomes: Vec<_> = part.iter().map(|read| &read.outcome).collect();
            match (store::apply(&self.db, lease, &self.changes, &updates, &outcomes, (now_ms, at)).await, part) {
                (Ok(()), _) => {
                    self.limit.succeeded();
                    self.count(&outcomes);
                }
                // One that takes too long by itself must not hold up all others.
                (Err(ApplyError::Refused(reason) | ApplyError::Cancelled(reason)), [poison]) => {
                    let outcome = EventOutcome::refused(&poison.id, &reason, poison.attempts, now_ms);
                    tracing::warn!(event.id = poison.id, status = %outcome.status, "an event was refused: {reason}");
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

    /// The time of the next commit. Never before the last one, whichever process's clock that came from, since
    /// subscribers resume by it; unless that one was so far ahead that it was a mistake.
    fn next_commit_time(&mut self, now_ms: i64) -> i64 {
        let ahead = self.last_commit_at.saturating_sub(now_ms);
        self.last_commit_at = if ahead <= MAX_CLOCK_DIFFERENCE_MS { now_ms.max(self.last_commit_at) } else { now_ms };
        self.last_commit_at
    }

    fn count(&mut self, outcomes: &[&EventOutcome]) {
        for outcome in outcomes {
            let counter = match outcome.status {
                EventStatus::Applied => &mut self.counts.applied,
                EventStatus::Ignored => &mut self.counts.ignored,
                EventStatus::Unreadable => &mut self.counts.unreadable,
                EventStatus::Failed => &mut self.counts.failed,
                EventStatus::Pending => &mut self.counts.delayed,
            };
            *counter += 1;
        }
    }
}

fn read_all(events: Vec<StoredEvent>, ids: IdSpace, now_ms: i64) -> Vec<ReadEvent> {
    let read = |event: StoredEvent| {
        let payload = parse::parse_event(&event, ids, now_ms);
        let outcome = EventOutcome::of_payload(&event.id, &payload, now_ms);
        if let ParsedPayload::Held { .. } = payload {
            tracing::warn!(event.id, "an event waits: its time is more than 24 hours ahead of this server's clock");
        }
        let updates = if let ParsedPayload::Updates(updates) = payload { Some(updates) } else { None };
        ReadEvent { id: event.id, attempts: event.attempts, updates, outcome }
    };
    events.into_iter().map(read).collect()
}

/// The size of the next batch: halved after each failure, in case the size was the cause (a time limit, say), and
/// doubled again after each success.
#[derive(Debug)]
pub(super) struct BatchLimit {
    max: usize,
    halvings: u32,
}

impl BatchLimit {
    pub fn new(max: usize) -> Self {
        Self { max, halvings: 0 }
    }

    pub fn rows(&self) -> usize {
        (self.max >> self.halvings).max(1)
    }

    pub fn failed(&mut self) {
        self.halvings = self.max.max(1).ilog2().min(self.halvings + 1);
    }

    pub fn succeeded(&mut self) {
        self.halvings = self.halvings.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_cannot_take_at_once_it_gets_in_smaller_batches() {
        let mut limit = BatchLimit::new(1_000);
        let mut sizes = Vec::new();
        for _ in 0..20 {
            sizes.push(limit.rows());
            limit.failed();
        }
        assert_eq!(sizes[..4], [1_000, 500, 250, 125]);
        assert_eq!(limit.rows(), 1);
        for _ in 0..sizes.len() {
            limit.succeeded();
        }
        assert_eq!(limit.rows(), 1_000, "it is over");
    }
}
