//! The inbox: makes deliveries durable before anyone is answered.
//!
//! Deliveries queue up for one writer, which takes what waits, counts equal ones once, writes them
//! with one statement, commits once and answers all (group commit). What they mean is none of its
//! business. It works on any [`Database`] that has the `webhook_event` table.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};
use tokio::{
    sync::{Notify, Semaphore, broadcast, mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::database::{Database, Outages, Purpose};

mod batch;
mod delivery;
mod statement;
mod traffic;
mod writer;

pub use delivery::{Carried, Delivery, KeepError, Kept, Protocol, Status};
pub use traffic::Traffic;

use batch::Job;

/// Deliveries that may wait; who comes later waits to queue.
const QUEUE_ROWS: usize = 4096;
/// What the bodies of the waiting deliveries may take together, in KiB.
const QUEUE_KIB: usize = 64 * 1024;
/// Commits that whoever wants to hear of new events may lie behind.
const BACKLOG: usize = 256;
/// How long one delivery waits for its commit. The sender gives up after 15 s.
const KEEP_LIMIT: Duration = Duration::from_secs(12);

/// A handle on the inbox; cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    db: Database,
    jobs: mpsc::Sender<Job>,
    room: Arc<Semaphore>,
    wake: Arc<Notify>,
    traffic: Traffic,
    kept: broadcast::Sender<Arc<[String]>>,
    stopped: CancellationToken,
}

impl Inbox {
    /// Starts the writer. When `shutdown` is cancelled it writes what has queued up by then and
    /// stops; so cancel it after the last request was answered, and then wait for [`Self::stopped`].
    #[must_use]
    pub fn start(db: Database, shutdown: CancellationToken) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE_ROWS);
        let (wake, stopped) = (Arc::new(Notify::new()), CancellationToken::new());
        // Cancelled by the end of the task, however it ends.
        let guard = stopped.clone().drop_guard();
        let kept = broadcast::Sender::new(BACKLOG);
        let writer = writer::Writer::new(db.clone(), Arc::clone(&wake), kept.clone());
        tokio::spawn(async move {
            writer.run(queue, shutdown).await;
            drop(guard);
        });
        Self { db, jobs, room: Arc::new(Semaphore::new(QUEUE_KIB)), wake, traffic: Traffic::default(), kept, stopped }
    }

    /// Keeps a delivery under a new id; returns once it is committed. Dropping the future does not
    /// take back what has queued.
    ///
    /// # Errors
    /// See [`KeepError`].
    pub async fn keep(&self, delivery: Delivery) -> Result<Kept, KeepError> {
        self.carry(Carried::new(delivery)).await
    }

    /// Keeps a delivery under the id that it already has. Keeping the same id twice is as keeping
    /// it once, so a copy from elsewhere may be interrupted and started again.
    ///
    /// # Errors
    /// See [`KeepError`].
    pub async fn carry(&self, carried: Carried) -> Result<Kept, KeepError> {
        self.traffic.count(1);
        self.move_in(carried).await
    }

    /// As [`Self::carry`], for one that was kept elsewhere: it does not come now, so it counts as no [`Traffic`]. (Where
    /// the same delivery is stored already under another id, moving it again counts its repeats again.)
    ///
    /// # Errors
    /// See [`KeepError`].
    pub async fn move_in(&self, carried: Carried) -> Result<Kept, KeepError> {
        timeout(KEEP_LIMIT, self.queue(carried)).await.unwrap_or(Err(KeepError::Unavailable))
    }

    async fn queue(&self, carried: Carried) -> Result<Kept, KeepError> {
        let kib = carried.delivery.body.len().div_ceil(1024).clamp(1, QUEUE_KIB);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(kib).await.map_err(|_| KeepError::Unavailable)?;
        let (answer, answered) = oneshot::channel();
        let job = Job { carried, answer, _room: room };
        self.jobs.send(job).await.map_err(|_| KeepError::Unavailable)?;
        answered.await.unwrap_or(Err(KeepError::Unavailable))
    }

    /// What the log says of times when its database does not answer.
    #[must_use]
    pub fn outages(&self) -> &Outages {
        &self.db.outages
    }

    /// When the newest of the kept events was received first; milliseconds since 1970 UTC. None where none is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_received(&self) -> Result<Option<i64>, DbErr> {
        let newest = Statement::from_string(self.db.backend, "select max(received_at) from webhook_event");
        match self.db.for_ourselves(Purpose::Watching).query_one_raw(newest).await? {
            Some(row) => row.try_get_by_index(0),
            None => Ok(None),
        }
    }

    /// Notified after each commit that stored something new and pending.
    #[must_use]
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// How many deliveries come.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic.clone()
    }

    /// Hears the ids of the events that are new, after each commit.
    #[must_use]
    pub fn kept(&self) -> broadcast::Receiver<Arc<[String]>> {
        self.kept.subscribe()
    }

    /// Resolves when the writer has ended: nothing is written after that.
    pub async fn stopped(&self) {
        self.stopped.cancelled().await;
    }
}
