//! The one writer: takes what waits, writes it, answers.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, broadcast, mpsc},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    batch::{Group, Job, group},
    delivery::{KeepError, Status},
    statement::{self, Stored},
};
use crate::database::{Database, Part, failure::DbFailure};

/// Deliveries in one commit.
const BATCH_ROWS: usize = 512;
/// No more is added to a batch whose bodies hold this many bytes.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// How long one batch may take.
const WRITE_LIMIT: Duration = Duration::from_secs(8);
/// How often a statement is tried. After a restart of `PostgreSQL` every pooled connection is
/// broken, and each try finds one of them; there are fewer than this.
const TRIES: usize = 10;

/// Owns the writing side of one inbox.
pub(super) struct Writer {
    db: Database,
    wake: Arc<Notify>,
    kept: broadcast::Sender<Arc<[String]>>,
}

impl Writer {
    pub fn new(db: Database, wake: Arc<Notify>, kept: broadcast::Sender<Arc<[String]>>) -> Self {
        Self { db, wake, kept }
    }

    /// Until the queue is closed and empty.
    pub async fn run(self, mut queue: mpsc::Receiver<Job>, shutdown: CancellationToken) {
        while let Some(first) = next(&mut queue, &shutdown).await {
            let mut bytes = first.carried.delivery.body.len();
            let mut jobs = vec![first];
            while jobs.len() < BATCH_ROWS && bytes < BATCH_BYTES {
                let Ok(job) = queue.try_recv() else { break };
                bytes += job.carried.delivery.body.len();
                jobs.push(job);
            }
            self.write(group(jobs)).await;
        }
    }

    /// Writes the groups and answers each. One that the database refuses is cornered by halving,
    /// so that the others are kept.
    async fn write(&self, groups: Vec<Group>) {
        let mut parts = vec![groups];
        while let Some(mut part) = parts.pop() {
            match self.write_once(&part).await {
                Ok(stored) => self.answer(part, &stored),
                Err(DbFailure::Data(_)) if part.len() > 1 => {
                    let second = part.split_off(part.len() / 2);
                    parts.extend([second, part]);
                }
                Err(DbFailure::Data(reason)) => {
                    tracing::error!(reason, "the database refused a webhook event");
                    let error = KeepError::Refused(reason);
                    for group in part {
                        group.answer_error(&error);
                    }
                }
                Err(DbFailure::Again | DbFailure::Unavailable) => {
                    parts.push(part);
                    break;
                }
            }
        }
        parts.into_iter().flatten().for_each(|group| group.answer_error(&KeepError::Unavailable));
    }

    /// One statement, tried again where that can help.
    async fn write_once(&self, part: &[Group]) -> Result<Stored, DbFailure> {
        let deadline = Instant::now() + WRITE_LIMIT;
        let mut tried = 1;
        loop {
            let turn = async { if self.db.is_sqlite() { Some(self.db.turns.first().await) } else { None } };
            let written = match timeout_at(deadline, turn).await {
                Ok(_turn) => statement::insert(&self.db, part, deadline).await,
                Err(_) => Err(statement::late()),
            };
            let error = match written {
                Ok(stored) => {
                    self.db.outages.works(Part::Inbox);
                    return Ok(stored);
                }
                Err(error) => error,
            };
            let fault = DbFailure::from(&error);
            if fault == DbFailure::Again && tried < TRIES && Instant::now() < deadline {
                tried += 1;
                continue;
            }
            if !matches!(fault, DbFailure::Data(_)) {
                self.db.outages.failed(Part::Inbox, &error);
            }
            return Err(fault);
        }
    }

    fn answer(&self, part: Vec<Group>, stored: &Stored) {
        let (mut pending, mut new) = (false, Vec::new());
        for group in part {
            let first = &group.first.carried;
            match stored.id(&first.delivery) {
                Some(id) => {
                    if id == first.id {
                        pending |= first.delivery.status == Status::Pending;
                        new.push(id.to_owned());
                    }
                    group.answer_kept(id);
                }
                // The statement returns every row; nothing is promised about one that it did not.
                None => group.answer_error(&KeepError::Unavailable),
            }
        }
        if pending {
            self.wake.notify_one();
        }
        if !new.is_empty() {
            // An error means that nobody listens.
            let _ = self.kept.send(new.into());
        }
    }
}

/// The next job; after the shutdown what is left of them, then nothing.
async fn next(queue: &mut mpsc::Receiver<Job>, shutdown: &CancellationToken) -> Option<Job> {
    if !queue.is_closed() {
        tokio::select! {
            job = queue.recv() => return job,
            () = shutdown.cancelled() => queue.close(),
        }
    }
    queue.recv().await
}
