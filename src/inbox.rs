//! The inbox: makes deliveries durable before they are answered.
//!
//! Deliveries queue up for one writer, which takes the whole queue, merges equal ones, writes them with one
//! statement, commits once and replies to all (group commit). It does not interpret them. It works on any
//! [`Database`] that has the `webhook_event` table.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};
use tokio::{
    sync::{Notify, Semaphore, broadcast, mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::database::{Database, Outages, Workload};

mod batch;
mod delivery;
pub mod statistics;
mod upsert;
mod writer;

pub use delivery::{Delivery, InsertError, NewEvent, Receipt};
pub use entity::webhook_event::{EventStatus, Protocol};

use batch::QueuedEvent;

/// Length of the queue; further deliveries wait for a place in it.
const QUEUE_ROWS: usize = 4096;
/// Size of the bodies in the queue together, in KiB.
const QUEUE_KIB: usize = 64 * 1024;
/// Commits that a subscriber may lag behind.
const MAX_LAG: usize = 256;
/// How long one delivery waits for its commit. FirstPromoter gives up after 15 s.
const INSERT_TIMEOUT: Duration = Duration::from_secs(12);

/// A handle on the inbox; cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    db: Database,
    queue: mpsc::Sender<QueuedEvent>,
    memory: Arc<Semaphore>,
    wake: Arc<Notify>,
    stored: broadcast::Sender<Arc<[String]>>,
    stopped: CancellationToken,
}

impl Inbox {
    /// Starts the writer. When `shutdown` is cancelled it writes what is in the queue and stops. So cancel it after the
    /// last request was answered, and then wait for [`Self::stopped`].
    #[must_use]
    pub fn start(db: Database, shutdown: CancellationToken) -> Self {
        let (queue, receiver) = mpsc::channel(QUEUE_ROWS);
        let (wake, stopped) = (Arc::new(Notify::new()), CancellationToken::new());
        // Cancelled by the end of the task, however it ends.
        let guard = stopped.clone().drop_guard();
        let stored = broadcast::Sender::new(MAX_LAG);
        let writer = writer::Writer::new(db.clone(), Arc::clone(&wake), stored.clone());
        tokio::spawn(async move {
            writer.run(receiver, shutdown).await;
            drop(guard);
        });
        Self { db, queue, memory: Arc::new(Semaphore::new(QUEUE_KIB)), wake, stored, stopped }
    }

    /// Stores a delivery under a new id; returns once it is committed. Dropping the future does not
    /// withdraw what is in the queue.
    ///
    /// # Errors
    /// See [`InsertError`].
    pub async fn insert(&self, delivery: Delivery) -> Result<Receipt, InsertError> {
        self.import(NewEvent::new(delivery)).await
    }

    /// Stores a delivery under the id that it already has. Storing an id twice is the same as storing it once, so a
    /// copy from elsewhere may be interrupted and repeated. (If the same delivery is stored under another id, each
    /// import adds its repeats to that one's count.)
    ///
    /// # Errors
    /// See [`InsertError`].
    pub async fn import(&self, event: NewEvent) -> Result<Receipt, InsertError> {
        timeout(INSERT_TIMEOUT, self.enqueue(event)).await.unwrap_or(Err(InsertError::Unavailable))
    }

    async fn enqueue(&self, event: NewEvent) -> Result<Receipt, InsertError> {
        let kib = event.delivery.body.len().div_ceil(1024).clamp(1, QUEUE_KIB);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let memory = Arc::clone(&self.memory).acquire_many_owned(kib).await.map_err(|_| InsertError::Unavailable)?;
        let (reply, result) = oneshot::channel();
        let queued = QueuedEvent { event, reply, _memory: memory };
        self.queue.send(queued).await.map_err(|_| InsertError::Unavailable)?;
        result.await.unwrap_or(Err(InsertError::Unavailable))
    }

    /// The outages of its database, as they are logged.
    #[must_use]
    pub fn outages(&self) -> &Outages {
        &self.db.outages
    }

    /// When the newest stored event was first received, in milliseconds since 1970 UTC; `None` if there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_received(&self) -> Result<Option<i64>, DbErr> {
        let newest = Statement::from_string(self.db.backend, "select max(received_at) from webhook_event");
        match self.db.internal(Workload::Monitoring).query_one_raw(newest).await? {
            Some(row) => row.try_get_by_index(0),
            None => Ok(None),
        }
    }

    /// Notified after each commit that stored something new and pending.
    #[must_use]
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Receives the ids of new events, after each commit.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[String]>> {
        self.stored.subscribe()
    }

    /// Resolves when the writer has ended: nothing is written after that.
    pub async fn stopped(&self) {
        self.stopped.cancelled().await;
    }
}
