//! The intake: keeps deliveries in the database, and on the local disk while that is away.
//!
//! ```text
//! delivery -> main inbox (the database) ------------------------> kept
//!                  | fails, or takes longer than a moment           ^
//!                  v                                                |
//!             spool (the same inbox on a local file) -> kept -> drainer
//! ```
//!
//! A delivery has its id before it is stored anywhere, and storing an id twice is as storing it once.
//! So one whose commit was only slow may be in both, and the drainer may be interrupted anywhere.
//! While the database is believed to be away nobody waits for it: the drainer alone tries, and after
//! its first success new deliveries go straight to the database again, beside what the spool still
//! holds. Their order need not be kept, since applying events does not depend on it. When the spool's
//! disk is full, the drainer works with room that was put by; until it is done neither place may have
//! room, and deliveries are refused.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Component, Gate},
    inbox::{Delivery, Inbox, InsertError, NewEvent, Receipt},
};

mod drainer;
mod reserve;
mod spool;

pub use spool::{Spool, Waiting};

/// How long a delivery waits for the database before it goes to the spool.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long it takes altogether: the sender is answered within two seconds, whatever the answer is.
const LIMIT: Duration = Duration::from_millis(1_900);

/// How often to look whether there is room to put by, before the database is there.
const LOOK: Duration = Duration::from_secs(2);

const _: () = assert!(PATIENCE.as_millis() < LIMIT.as_millis() && LIMIT.as_millis() < 2_000);

/// Keeps deliveries; cheap to clone.
#[derive(Clone, Debug)]
pub struct Intake(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    main: Inbox,
    spool: Option<Spool>,
    gate: Gate,
    /// The database is believed to be away.
    away: AtomicBool,
    /// Something is in the spool.
    spooled: Notify,
    counters: Counters,
}

/// What went through the spool, since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Deliveries that the database did not take, or not in time, and that the spool keeps.
    pub spooled: AtomicU64,
    /// Spooled events that are in the database now.
    pub drained: AtomicU64,
    /// How often a spooled event was refused by the database, for what it holds.
    pub refused: AtomicU64,
    /// How often the database was found to be away.
    pub outages: AtomicU64,
}

impl Intake {
    /// Keeps in `main` as soon as the gate is open; before that, and while `main` fails, in the spool.
    /// Somebody has to run [`Self::drain`].
    #[must_use]
    pub fn with_spool(main: Inbox, spool: Spool, gate: Gate) -> Self {
        Self::of(main, Some(spool), gate)
    }

    fn of(main: Inbox, spool: Option<Spool>, gate: Gate) -> Self {
        let (spooled, counters) = (Notify::new(), Counters::default());
        Self(Arc::new(Parts { main, spool, gate, away: AtomicBool::new(false), spooled, counters }))
    }

    /// Keeps a delivery; returns once it is on disk, here or there.
    ///
    /// # Errors
    /// When neither the database nor the spool has kept it within two seconds. Without a spool the
    /// database is given longer: there is nothing else.
    pub async fn store(&self, delivery: Delivery) -> Result<Receipt, InsertError> {
        if self.0.spool.is_none() {
            return self.0.main.insert(delivery).await;
        }
        // A task of its own, so that a sender who hangs up while the database is tried does not keep
        // the delivery from the spool.
        let intake = self.clone();
        let kept = tokio::spawn(async move { intake.store_or_spool(NewEvent::new(delivery)).await });
        kept.await.unwrap_or(Err(InsertError::Unavailable))
    }

    async fn store_or_spool(&self, event: NewEvent) -> Result<Receipt, InsertError> {
        let Parts { main, spool: Some(spool), gate, away, spooled, counters } = &*self.0 else {
            return self.0.main.import(event).await;
        };
        let (deadline, mut asked) = (Instant::now() + LIMIT, None);
        if gate.is_open() && !away.load(Ordering::Relaxed) {
            let mut keeping = Box::pin(main.import(event.clone()));
            match timeout(PATIENCE, &mut keeping).await {
                Ok(Ok(kept)) => return Ok(kept),
                // Only this one is refused; it stays in the spool for a person to look at.
                Ok(Err(InsertError::Refused(_))) => {}
                Ok(Err(InsertError::Unavailable)) => self.is_away(),
                Err(_) => {
                    self.is_away();
                    asked = Some(keeping);
                }
            }
        }
        match timeout_at(deadline, spool.insert(event.clone())).await {
            Ok(Ok(kept)) => {
                counters.spooled.fetch_add(1, Ordering::Relaxed);
                main.outages().wait(i64::from(!kept.duplicate));
                spooled.notify_one();
                Ok(kept)
            }
            // The disk is full, say. The database may answer after all, and is not asked twice.
            _ if gate.is_open() => {
                let keeping = asked.unwrap_or_else(|| Box::pin(main.import(event)));
                timeout_at(deadline, keeping).await.unwrap_or(Err(InsertError::Unavailable))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(InsertError::Unavailable),
        }
    }

    /// Moves what is spooled into the database whenever that answers, until `shutdown`.
    pub async fn drain(self, shutdown: CancellationToken) {
        let Some(spool) = &self.0.spool else { return };
        if let Ok(waiting) = spool.waiting().await {
            self.0.main.outages().wait(i64::try_from(waiting.events).unwrap_or(i64::MAX));
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.0.gate.wait() => break,
                // Somebody may have made room on the disk.
                () = sleep(LOOK) => spool.restore_reserve(false).await,
            }
        }
        drainer::run(&self, spool, &shutdown).await;
    }

    /// Whether the database was opened since the start.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.gate.is_open()
    }

    /// What the spool holds; none without a spool, or when it cannot be read.
    pub async fn waiting(&self) -> Option<Waiting> {
        let waiting = self.0.spool.as_ref()?.waiting().await;
        waiting.inspect_err(|error| tracing::warn!(%error, "cannot count the spool")).ok()
    }

    /// When the newest webhook was received that is kept; milliseconds since 1970 UTC. None where none is kept.
    ///
    /// # Errors
    /// When the database does not say so in a moment: what the spool holds alone says too little.
    pub async fn last_received(&self) -> Result<Option<i64>, DbErr> {
        let silence = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        if !self.is_open() || self.0.away.load(Ordering::Relaxed) {
            return Err(silence());
        }
        timeout(PATIENCE, self.0.main.last_received()).await.unwrap_or_else(|_| Err(silence()))
    }

    /// What went through the spool.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    fn is_away(&self) {
        if !self.0.away.swap(true, Ordering::Relaxed) {
            self.0.counters.outages.fetch_add(1, Ordering::Relaxed);
            self.0.main.outages().failed(Component::Inbox, "it does not take webhooks now, so they go to the spool");
        }
    }

    fn is_back(&self) {
        if self.0.away.swap(false, Ordering::Relaxed) {
            self.0.main.outages().works(Component::Inbox);
        }
    }
}

/// Without a spool: what the inbox cannot keep is not kept.
impl From<Inbox> for Intake {
    fn from(main: Inbox) -> Self {
        Self::of(main, None, Gate::opened())
    }
}
