//! A lock with two priorities, for `SQLite`'s one writing connection: the inbox goes first.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, Notify, OwnedMutexGuard},
    time::{Instant, timeout_at},
};

/// How long callers of low priority give way: an inbox that never rests must not starve them.
const MAX_YIELD: Duration = Duration::from_millis(200);

/// A mutex with two priorities. The inbox takes it with [`PriorityLock::lock_first`] and waits for one holder at
/// most; everything else takes it with [`PriorityLock::lock`] and gives way while the inbox waits, for 200 ms at most.
#[derive(Clone, Debug, Default)]
pub struct PriorityLock(Arc<State>);

#[derive(Debug, Default)]
struct State {
    lock: Arc<Mutex<()>>,
    first_waiting: AtomicUsize,
    first_served: Notify,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub struct PriorityGuard {
    _guard: OwnedMutexGuard<()>,
}

impl PriorityLock {
    /// Locks with high priority: for the inbox.
    pub async fn lock_first(&self) -> PriorityGuard {
        let waiting = FirstWaiting::new(&self.0);
        let guard = Arc::clone(&self.0.lock).lock_owned().await;
        drop(waiting);
        PriorityGuard { _guard: guard }
    }

    /// Locks with low priority: for everything but the inbox.
    pub async fn lock(&self) -> PriorityGuard {
        let deadline = Instant::now() + MAX_YIELD;
        loop {
            let served = self.0.first_served.notified();
            let yields = Instant::now() < deadline;
            if yields && self.0.first_waiting.load(Ordering::SeqCst) > 0 {
                let _ = timeout_at(deadline, served).await;
                continue;
            }
            let guard = Arc::clone(&self.0.lock).lock_owned().await;
            if !yields || self.0.first_waiting.load(Ordering::SeqCst) == 0 {
                return PriorityGuard { _guard: guard };
            }
        }
    }
}

/// Counts a caller of high priority as waiting, also if its future is dropped meanwhile.
struct FirstWaiting<'a>(&'a State);

impl<'a> FirstWaiting<'a> {
    fn new(state: &'a State) -> Self {
        state.first_waiting.fetch_add(1, Ordering::SeqCst);
        Self(state)
    }
}

impl Drop for FirstWaiting<'_> {
    fn drop(&mut self) {
        self.0.first_waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.first_served.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn the_inbox_goes_first_though_it_came_last() {
        let (lock, order) = (PriorityLock::default(), Mutex::new(Vec::new()));
        let held = lock.lock().await;
        tokio::join!(
            async {
                let _guard = lock.lock().await;
                order.lock().unwrap().push("others");
            },
            async {
                let _guard = lock.lock_first().await;
                order.lock().unwrap().push("inbox");
            },
            async {
                // Both wait by now.
                yield_now().await;
                drop(held);
            },
        );
        assert_eq!(*order.lock().unwrap(), ["inbox", "others"]);
    }

    #[tokio::test]
    async fn an_inbox_that_gave_up_waiting_holds_up_nobody() {
        let lock = PriorityLock::default();
        let held = lock.lock().await;
        tokio::select! {
            biased;
            _ = lock.lock_first() => panic!("it is locked"),
            () = yield_now() => {}
        }
        drop(held);
        tokio::select! {
            biased;
            _ = lock.lock() => {}
            () = yield_now() => panic!("it is free"),
        }
    }

    #[tokio::test]
    async fn an_inbox_that_never_rests_keeps_nobody_from_writing_for_ever() {
        let (lock, began) = (PriorityLock::default(), Instant::now());
        // Two of them, so that one always waits; not without end, so that the test ends.
        let busy = async || {
            while began.elapsed() < Duration::from_secs(30) {
                let _guard = lock.lock_first().await;
                yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = async { tokio::join!(busy(), busy()) } => panic!("nobody else came to write"),
            _guard = lock.lock() => assert!(began.elapsed() >= MAX_YIELD, "it did not give way"),
        }
    }
}
