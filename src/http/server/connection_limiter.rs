//! Limits the number of open connections; when all slots are taken, the connection that has been idle longest is
//! closed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::activity::Activity;

/// How soon to look for an idle connection again while all are busy.
const EVICTION_RETRY_DELAY: Duration = Duration::from_millis(200);

/// All open connections.
#[derive(Debug)]
pub struct ConnectionLimiter {
    max: usize,
    permits: Arc<Semaphore>,
    connections: Mutex<HashMap<u64, Arc<Activity>>>,
    next_id: AtomicU64,
    evicted: AtomicU64,
}

/// A connection's slot, free again when dropped.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    limiter: Arc<ConnectionLimiter>,
    id: u64,
    activity: Arc<Activity>,
    _permit: OwnedSemaphorePermit,
}

impl ConnectionLimiter {
    /// Allows `max` connections at the same time.
    #[must_use]
    pub fn new(max: usize) -> Arc<Self> {
        let max = max.min(Semaphore::MAX_PERMITS);
        let (permits, connections) = (Arc::new(Semaphore::new(max)), Mutex::default());
        Arc::new(Self { max, permits, connections, next_id: AtomicU64::new(0), evicted: AtomicU64::new(0) })
    }

    /// The number of open connections, and the maximum.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.max - self.permits.available_permits(), self.max)
    }

    /// How many idle connections were closed to make room.
    #[must_use]
    pub fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// Waits for a slot; takes that of an idle connection if no other is free.
    pub(super) async fn acquire(self: &Arc<Self>) -> ConnectionPermit {
        let permit = loop {
            if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
                break permit;
            }
            self.evict_idle();
            if let Ok(Ok(permit)) = timeout(EVICTION_RETRY_DELAY, Arc::clone(&self.permits).acquire_owned()).await {
                break permit;
            }
        };
        let (id, activity) = (self.next_id.fetch_add(1, Ordering::Relaxed), Arc::new(Activity::new()));
        self.connections().insert(id, Arc::clone(&activity));
        ConnectionPermit { limiter: Arc::clone(self), id, activity, _permit: permit }
    }

    /// Closes the connection that has been idle longest.
    pub(super) fn evict_idle(&self) {
        let connections = self.connections();
        let idle = connections.values().filter_map(|activity| Some((activity.idle_since()?, activity)));
        if let Some((_, longest)) = idle.min_by_key(|(since, _)| *since) {
            longest.evicted.cancel();
            self.evicted.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionPermit {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.limiter.connections().remove(&self.id);
    }
}
