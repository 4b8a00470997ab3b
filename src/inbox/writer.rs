//! The inbox's writer: takes the queue in batches, writes each with one statement, and replies.

use std::{sync::Arc, time::Duration};

use entity::webhook_event::EventStatus;
use tokio::{
    sync::{Notify, broadcast, mpsc},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    batch::{EventGroup, QueuedEvent, group},
    delivery::InsertError,
    upsert::{self, StoredIds},
};
use crate::database::{Component, Database, failure::DbFailure};

/// Events in one commit.
const MAX_BATCH_ROWS: usize = 512;
/// A batch whose bodies reach this size takes no more events.
const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Time limit for one batch.
const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// Attempts for one statement. After a restart of `PostgreSQL` every pooled connection is
/// broken, and each attempt finds one of them; there are fewer than this.
const MAX_ATTEMPTS: usize = 10;

/// Owns the writing side of one inbox.
pub(super) struct Writer {
    db: Database,
    wake: Arc<Notify>,
    stored: broadcast::Sender<Arc<[String]>>,
}

impl Writer {
    pub fn new(db: Database, wake: Arc<Notify>, stored: broadcast::Sender<Arc<[String]>>) -> Self {
        Self { db, wake, stored }
    }

    /// Runs until the queue is closed and empty.
    pub async fn run(self, mut queue: mpsc::Receiver<QueuedEvent>, shutdown: CancellationToken) {
        while let Some(first) = next(&mut queue, &shutdown).await {
            let mut bytes = first.event.delivery.body.len();
            let mut batch = vec![first];
            while batch.len() < MAX_BATCH_ROWS && bytes < MAX_BATCH_BYTES {
                let Ok(queued) = queue.try_recv() else { break };
                bytes += queued.event.delivery.body.len();
                batch.push(queued);
            }
            self.write(group(batch)).await;
        }
    }

    /// Writes the groups and replies to each. One that the database refuses is isolated by halving, so that the
    /// others are stored.
    async fn write(&self, groups: Vec<EventGroup>) {
        let mut parts = vec![groups];
        while let Some(mut part) = parts.pop() {
            match self.write_once(&part).await {
                Ok(stored) => self.succeed(part, &stored),
                Err(DbFailure::Data(_)) if part.len() > 1 => {
                    let second = part.split_off(part.len() / 2);
                    parts.extend([second, part]);
                }
                Err(DbFailure::Data(reason)) => {
                    tracing::error!(reason, "the database refused a webhook event");
                    let error = InsertError::Refused(reason);
                    for group in part {
                        group.fail(&error);
                    }
                }
                Err(DbFailure::Retry | DbFailure::Unavailable) => {
                    parts.push(part);
                    break;
                }
            }
        }
        parts.into_iter().flatten().for_each(|group| group.fail(&InsertError::Unavailable));
    }

    /// Runs the statement, again where that can help.
    async fn write_once(&self, part: &[EventGroup]) -> Result<StoredIds, DbFailure> {
        let deadline = Instant::now() + WRITE_TIMEOUT;
        let mut attempt = 1;
        loop {
            let written = match timeout_at(deadline, self.db.lock_writer_first()).await {
                Ok(_lock) => upsert::insert(&self.db, part, deadline).await,
                Err(_) => Err(upsert::timed_out()),
            };
            let error = match written {
                Ok(stored) => {
                    self.db.outages.works(Component::Inbox);
                    return Ok(stored);
                }
                Err(error) => error,
            };
            let failure = DbFailure::from(&error);
            if failure == DbFailure::Retry && attempt < MAX_ATTEMPTS && Instant::now() < deadline {
                attempt += 1;
                continue;
            }
            if !matches!(failure, DbFailure::Data(_)) {
                self.db.outages.failed(Component::Inbox, &error);
            }
            return Err(failure);
        }
    }

    fn succeed(&self, part: Vec<EventGroup>, stored: &StoredIds) {
        let (mut pending, mut new) = (false, Vec::new());
        for group in part {
            let first = &group.first.event;
            match stored.id(&first.delivery) {
                Some(id) => {
                    if id == first.id {
                        pending |= first.delivery.status == EventStatus::Pending;
                        new.push(id.to_owned());
                    }
                    group.succeed(id);
                }
                // The statement returns every row; one that it did not is not known to be stored.
                None => group.fail(&InsertError::Unavailable),
            }
        }
        if pending {
            self.wake.notify_one();
        }
        if !new.is_empty() {
            // An error means that there is no subscriber.
            let _ = self.stored.send(new.into());
        }
    }
}

/// The next event; after the shutdown what is left in the queue, then `None`.
async fn next(queue: &mut mpsc::Receiver<QueuedEvent>, shutdown: &CancellationToken) -> Option<QueuedEvent> {
    if !queue.is_closed() {
        tokio::select! {
            queued = queue.recv() => return queued,
            () = shutdown.cancelled() => queue.close(),
        }
    }
    queue.recv().await
}
