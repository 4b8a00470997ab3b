//! Places for what may run at the same time, shared fairly among those who ask.
//!
//! * Who asks is known by a [`Share`]. A share never has all places, so one that only waits, for a lock
//!   say, leaves room for the others.
//! * Who finds no place stands in the line of the own share; places go to the shares in turn, however
//!   long their lines are.
//! * Most places are for what is quick. Who has held one for longer than [`QUICK`] while others wait is
//!   moved to a slow place, of which there are few, and fewer for one share. Moving is a matter of
//!   counting: whoever is moved notices nothing, and those who are quick cost nothing by it.
//!
//! A place is given back when it is dropped, and who stops waiting is not waited for.

use std::{
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, sleep},
};

mod line;
mod table;

use table::Table;

/// What takes longer is slow.
pub(super) const QUICK: Duration = Duration::from_millis(200);
/// How often those who wait look for somebody slow.
const LOOK: Duration = Duration::from_millis(100);

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// For what is quick.
    pub quick: usize,
    /// For what turned out to be slow.
    pub slow: usize,
    /// For one share, of both kinds.
    pub each: usize,
    /// Slow ones for one share.
    pub each_slow: usize,
}

impl Rules {
    /// One place.
    pub const ONE: Self = Self { quick: 1, slow: 0, each: 1, each_slow: 0 };

    /// Places of both kinds.
    #[must_use]
    pub fn most(&self) -> usize {
        self.quick + self.slow
    }
}

/// Whose turn it is: all that have equal ones share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Share(u64);

impl Share {
    /// The share of who is known by this value.
    pub fn of(value: &impl Hash) -> Self {
        static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        Self(KEYS.hash_one(value))
    }
}

/// The places; cheap to clone.
#[derive(Clone)]
pub struct Places(Arc<Shared>);

/// A place, until dropped.
pub struct Place {
    shared: Arc<Shared>,
    id: u64,
}

/// There are no places any more.
#[derive(Debug, thiserror::Error)]
#[error("the places are closed")]
pub struct Closed;

/// How the places are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Places that are taken, of both kinds.
    pub taken: usize,
    /// Those of them that are slow.
    pub slow: usize,
    /// Who waits for one.
    pub waiting: usize,
}

struct Shared {
    rules: Rules,
    state: Mutex<State>,
    emptied: Notify,
}

struct State {
    table: Table<oneshot::Sender<Place>>,
    closed: bool,
}

impl Places {
    /// Free places.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let state = Mutex::new(State { table: Table::new(rules), closed: false });
        Self(Arc::new(Shared { rules, state, emptied: Notify::new() }))
    }

    /// How many there are.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.0.rules
    }

    /// Takes a place as soon as it is this share's turn. It may be dropped at any time.
    ///
    /// # Errors
    /// When they are closed.
    pub async fn take(&self, share: Share) -> Result<Place, Closed> {
        let mut granted = {
            let mut state = self.0.state();
            if state.closed {
                return Err(Closed);
            }
            if let Some(id) = state.table.take(share, Instant::now()) {
                return Ok(Place { shared: Arc::clone(&self.0), id });
            }
            let (waiter, granted) = oneshot::channel();
            state.table.wait(share, waiter);
            self.0.settle(state);
            granted
        };
        loop {
            tokio::select! {
                biased;
                place = &mut granted => return place.map_err(|_| Closed),
                () = sleep(LOOK) => self.0.settle(self.0.state()),
            }
        }
    }

    /// How they are used now.
    #[must_use]
    pub fn in_use(&self) -> Use {
        self.0.state().table.in_use()
    }

    /// Gives no place to who asks from now on, and waits until nobody has one or waits for one.
    pub async fn close(&self) {
        self.0.state().closed = true;
        loop {
            let emptied = self.0.emptied.notified();
            if self.0.state().table.is_unused() {
                return;
            }
            emptied.await;
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives places to those whose turn it is.
    fn settle(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let mut refused = Vec::new();
        for (id, waiter) in state.table.settle(Instant::now()) {
            // Who stopped waiting a moment ago does not take it.
            refused.extend(waiter.send(Place { shared: Arc::clone(self), id }).err());
        }
        let emptied = state.closed && state.table.is_unused();
        drop(state);
        if emptied {
            self.emptied.notify_waiters();
        }
        // Giving a place back locks again.
        drop(refused);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.table.leave(self.id);
        self.shared.settle(state);
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Places").field(&self.in_use()).finish()
    }
}
