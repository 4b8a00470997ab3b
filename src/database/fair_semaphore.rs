//! A fair semaphore: slots are handed out round-robin across callers.
//!
//! * A [`ShareKey`] identifies the caller. One key never gets all slots, so a caller whose statements wait, for a lock
//!   say, leaves slots to the others.
//! * A caller that finds no free slot waits in the queue of its key. Free slots go to the keys in turn, however long
//!   their queues are.
//! * Most slots are for fast work. A permit that is held for longer than [`SLOW_AFTER`] while others wait is counted as
//!   slow and frees its fast slot. There are few slow slots, and fewer for one key. That is bookkeeping only: the
//!   holder notices nothing, and fast work pays nothing for it.
//!
//! Dropping the [`Permit`] releases the slot; dropping the future of [`FairSemaphore::acquire`] leaves the queue.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, sleep},
};

mod slot_table;
mod wait_queue;

pub use slot_table::{SlotLimits, SlotUsage};
pub use wait_queue::ShareKey;

use slot_table::SlotTable;

/// How often a waiting caller looks for permits that have become slow.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The semaphore; cheap to clone.
#[derive(Clone)]
pub struct FairSemaphore(Arc<Shared>);

/// A slot, released when dropped.
pub struct Permit {
    shared: Arc<Shared>,
    id: u64,
}

/// The semaphore is closed.
#[derive(Debug, thiserror::Error)]
#[error("the semaphore is closed")]
pub struct SemaphoreClosed;

struct Shared {
    limits: SlotLimits,
    state: Mutex<State>,
    idle: Notify,
}

struct State {
    table: SlotTable<oneshot::Sender<Permit>>,
    closed: bool,
}

impl FairSemaphore {
    /// A semaphore whose slots are all free.
    #[must_use]
    pub fn new(limits: SlotLimits) -> Self {
        let state = Mutex::new(State { table: SlotTable::new(limits), closed: false });
        Self(Arc::new(Shared { limits, state, idle: Notify::new() }))
    }

    /// Its limits.
    #[must_use]
    pub fn limits(&self) -> SlotLimits {
        self.0.limits
    }

    /// Waits until it is this key's turn. The future may be dropped at any time.
    ///
    /// # Errors
    /// When the semaphore is closed.
    pub async fn acquire(&self, key: ShareKey) -> Result<Permit, SemaphoreClosed> {
        let mut granted = {
            let mut state = self.0.state();
            if state.closed {
                return Err(SemaphoreClosed);
            }
            if let Some(id) = state.table.try_acquire(key, Instant::now()) {
                return Ok(Permit { shared: Arc::clone(&self.0), id });
            }
            let (waiter, granted) = oneshot::channel();
            state.table.enqueue(key, waiter);
            self.0.grant(state);
            granted
        };
        loop {
            tokio::select! {
                biased;
                permit = &mut granted => return permit.map_err(|_| SemaphoreClosed),
                () = sleep(POLL_INTERVAL) => self.0.grant(self.0.state()),
            }
        }
    }

    /// How the slots are used now.
    #[must_use]
    pub fn usage(&self) -> SlotUsage {
        self.0.state().table.usage()
    }

    /// Grants no new request, and waits until all permits are dropped and no caller waits.
    pub async fn close(&self) {
        self.0.state().closed = true;
        loop {
            let idle = self.0.idle.notified();
            if self.0.state().table.is_idle() {
                return;
            }
            idle.await;
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grants free slots to the waiting callers.
    fn grant(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let mut undelivered = Vec::new();
        for (id, waiter) in state.table.grant(Instant::now()) {
            // A caller that stopped waiting a moment ago does not receive its permit.
            undelivered.extend(waiter.send(Permit { shared: Arc::clone(self), id }).err());
        }
        let idle = state.closed && state.table.is_idle();
        drop(state);
        if idle {
            self.idle.notify_waiters();
        }
        // Dropping a permit takes the lock again.
        drop(undelivered);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.table.release(self.id);
        self.shared.grant(state);
    }
}

impl fmt::Debug for FairSemaphore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("FairSemaphore").field(&self.usage()).finish()
    }
}
