//! All connections: how many there may be, and who has to go first.

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

/// How soon to look again for somebody idle, when everybody is busy.
const AGAIN: Duration = Duration::from_millis(200);

/// Everybody who is connected.
#[derive(Debug)]
pub struct Crowd {
    most: usize,
    room: Arc<Semaphore>,
    members: Mutex<HashMap<u64, Arc<Activity>>>,
    next: AtomicU64,
    evicted: AtomicU64,
}

/// A place in the crowd, until dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    id: u64,
    activity: Arc<Activity>,
    _room: OwnedSemaphorePermit,
}

impl Crowd {
    /// For so many connections.
    #[must_use]
    pub fn of(most: usize) -> Arc<Self> {
        let most = most.min(Semaphore::MAX_PERMITS);
        let (room, members) = (Arc::new(Semaphore::new(most)), Mutex::default());
        Arc::new(Self { most, room, members, next: AtomicU64::new(0), evicted: AtomicU64::new(0) })
    }

    /// How many are connected, and how many may be.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.most - self.room.available_permits(), self.most)
    }

    /// How many had to go, idle, to make room.
    #[must_use]
    pub fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// A place, somebody idle's if there is no other.
    pub(super) async fn admit(self: &Arc<Self>) -> Place {
        let room = loop {
            if let Ok(room) = Arc::clone(&self.room).try_acquire_owned() {
                break room;
            }
            self.make_room();
            if let Ok(Ok(room)) = timeout(AGAIN, Arc::clone(&self.room).acquire_owned()).await {
                break room;
            }
        };
        let (id, activity) = (self.next.fetch_add(1, Ordering::Relaxed), Arc::new(Activity::new()));
        self.members().insert(id, Arc::clone(&activity));
        Place { crowd: Arc::clone(self), id, activity, _room: room }
    }

    /// Sends away who has been idle for longest.
    pub(super) fn make_room(&self) {
        let members = self.members();
        let idle = members.values().filter_map(|member| Some((member.idle_since()?, member)));
        if let Some((_, longest)) = idle.min_by_key(|(since, _)| *since) {
            longest.evicted.cancel();
            self.evicted.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.members().remove(&self.id);
    }
}
