//! The intake: stores deliveries in the database, and on the local disk while that is unavailable.
//!
//! ```text
//! delivery -> main inbox (the database) --------------------------> stored
//!                  | fails, or takes longer than a second             ^
//!                  v                                                  |
//!             spool (the same inbox on a local file) -> stored -> drainer
//! ```
//!
//! A delivery has its id before it is stored anywhere, and storing an id twice is the same as storing it once. So one
//! whose commit was only slow may be in both, and the drainer may be interrupted anywhere. While the database is
//! unavailable, deliveries do not wait for it: only the drainer tries, and after its first success new deliveries go
//! straight to the database again, beside what is still in the spool. Their order does not matter, since applying
//! events does not depend on it. When the spool's disk is full, the drainer works with reserved space; until it is done
//! there may be no space anywhere, and deliveries are refused.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::{
    sync::{Notify, SetOnce},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    database::Component,
    inbox::{Delivery, Inbox, InsertError, NewEvent, Receipt},
};

mod drainer;
mod reserve;
mod spool;

pub use spool::{Spool, SpoolBacklog};

/// How long a delivery waits for the database before it goes to the spool.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);
/// Time limit for both together: the sender is answered within two seconds, whatever the answer is.
const TOTAL_TIMEOUT: Duration = Duration::from_millis(1_900);

/// How often to try to reserve disk space before the database is ready.
const RESERVE_INTERVAL: Duration = Duration::from_secs(2);

const _: () = assert!(DATABASE_TIMEOUT.as_millis() < TOTAL_TIMEOUT.as_millis() && TOTAL_TIMEOUT.as_millis() < 2_000);

/// Stores deliveries; cheap to clone.
#[derive(Clone, Debug)]
pub struct Intake(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    main: Inbox,
    spool: Option<Spool>,
    /// Set once the database is connected and its schema is complete.
    ready: Arc<SetOnce<()>>,
    /// The database does not take webhooks now.
    is_away: AtomicBool,
    /// Notified when something was spooled.
    spooled: Notify,
    counters: SpoolCounters,
}

/// Counts of the spool, since the start.
#[derive(Debug, Default)]
pub struct SpoolCounters {
    /// Deliveries that went to the spool, since the database did not take them, or not in time.
    pub spooled: AtomicU64,
    /// Spooled events that were moved into the database.
    pub drained: AtomicU64,
    /// How often the database refused a spooled event for its content.
    pub refused: AtomicU64,
    /// How often the database became unavailable.
    pub outages: AtomicU64,
}

impl Intake {
    /// Stores in `main` once `ready` is set; before that, and while `main` fails, in the spool, whose events
    /// [`Self::drain`] has to move. Without a spool a delivery that `main` cannot store is refused.
    #[must_use]
    pub fn new(main: Inbox, spool: Option<Spool>, ready: Arc<SetOnce<()>>) -> Self {
        let (is_away, spooled, counters) = (AtomicBool::new(false), Notify::new(), SpoolCounters::default());
        Self(Arc::new(Inner { main, spool, ready, is_away, spooled, counters }))
    }

    /// Stores a delivery; returns once it is on disk, in the database or the spool.
    ///
    /// # Errors
    /// When neither the database nor the spool has stored it within two seconds. Without a spool the database gets
    /// more time: there is nothing else.
    pub async fn store(&self, delivery: Delivery) -> Result<Receipt, InsertError> {
        if self.0.spool.is_none() {
            return self.0.main.insert(delivery).await;
        }
        // A separate task: a sender that disconnects while the database is tried must not keep the delivery from the
        // spool.
        let intake = self.clone();
        let stored = tokio::spawn(async move { intake.store_or_spool(NewEvent::new(delivery)).await });
        stored.await.unwrap_or(Err(InsertError::Unavailable))
    }

    async fn store_or_spool(&self, event: NewEvent) -> Result<Receipt, InsertError> {
        let Inner { main, spool: Some(spool), ready, is_away, spooled, counters } = &*self.0 else {
            return self.0.main.import(event).await;
        };
        let (deadline, mut pending) = (Instant::now() + TOTAL_TIMEOUT, None);
        if ready.initialized() && !is_away.load(Ordering::Relaxed) {
            let mut storing = Box::pin(main.import(event.clone()));
            match timeout(DATABASE_TIMEOUT, &mut storing).await {
                Ok(Ok(receipt)) => return Ok(receipt),
                // Only this one is refused; it stays in the spool, for the operator.
                Ok(Err(InsertError::Refused(_))) => {}
                Ok(Err(InsertError::Unavailable)) => self.set_away(),
                Err(_) => {
                    self.set_away();
                    pending = Some(storing);
                }
            }
        }
        match timeout_at(deadline, spool.insert(event.clone())).await {
            Ok(Ok(receipt)) => {
                counters.spooled.fetch_add(1, Ordering::Relaxed);
                main.outages().wait(i64::from(!receipt.duplicate));
                spooled.notify_one();
                Ok(receipt)
            }
            // The disk is full, say. The database may answer after all; an insert that was begun is not begun again.
            _ if ready.initialized() => {
                let storing = pending.unwrap_or_else(|| Box::pin(main.import(event)));
                timeout_at(deadline, storing).await.unwrap_or(Err(InsertError::Unavailable))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(InsertError::Unavailable),
        }
    }

    /// Moves spooled events into the database whenever that answers, until `shutdown`.
    pub async fn drain(self, shutdown: CancellationToken) {
        let Some(spool) = &self.0.spool else { return };
        if let Ok(backlog) = spool.backlog().await {
            self.0.main.outages().wait(i64::try_from(backlog.events).unwrap_or(i64::MAX));
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.0.ready.wait() => break,
                // There may be space on the disk by now.
                () = sleep(RESERVE_INTERVAL) => spool.restore_reserve(false).await,
            }
        }
        drainer::run(&self, spool, &shutdown).await;
    }

    /// Whether the database was connected since the start.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.ready.initialized()
    }

    /// The events in the spool; `None` without a spool, or when it cannot be read.
    pub async fn spool_backlog(&self) -> Option<SpoolBacklog> {
        let backlog = self.0.spool.as_ref()?.backlog().await;
        backlog.inspect_err(|error| tracing::warn!(%error, "cannot count the spool")).ok()
    }

    /// When the newest stored webhook was received, in milliseconds since 1970 UTC; `None` if there is none.
    ///
    /// # Errors
    /// When the database does not answer within a second: the spool alone does not know.
    pub async fn last_received(&self) -> Result<Option<i64>, DbErr> {
        let timed_out = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        if !self.is_ready() || self.0.is_away.load(Ordering::Relaxed) {
            return Err(timed_out());
        }
        timeout(DATABASE_TIMEOUT, self.0.main.last_received()).await.unwrap_or_else(|_| Err(timed_out()))
    }

    /// Counts of the spool.
    #[must_use]
    pub fn spool_counters(&self) -> &SpoolCounters {
        &self.0.counters
    }

    fn set_away(&self) {
        if !self.0.is_away.swap(true, Ordering::Relaxed) {
            self.0.counters.outages.fetch_add(1, Ordering::Relaxed);
            self.0.main.outages().failed(Component::Inbox, "it does not take webhooks now, so they go to the spool");
        }
    }

    fn set_back(&self) {
        if self.0.is_away.swap(false, Ordering::Relaxed) {
            self.0.main.outages().works(Component::Inbox);
        }
    }
}

/// Without a spool: what the inbox cannot store is refused.
impl From<Inbox> for Intake {
    fn from(main: Inbox) -> Self {
        Self::new(main, None, Arc::new(SetOnce::new_with(Some(()))))
    }
}
