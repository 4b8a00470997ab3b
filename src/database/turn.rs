//! Who may write next on `SQLite`'s one writing connection: the inbox goes first.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

/// Hands out the right to use the writing connection. The inbox asks with [`WriteTurns::first`] and
/// waits for one batch at most; everybody else asks with [`WriteTurns::after_inbox`] and steps back
/// while the inbox waits.
#[derive(Clone, Debug, Default)]
pub struct WriteTurns(Arc<State>);

#[derive(Debug, Default)]
struct State {
    lock: Arc<Mutex<()>>,
    inbox_waiting: AtomicUsize,
    inbox_served: Notify,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub struct Turn {
    _guard: OwnedMutexGuard<()>,
}

impl WriteTurns {
    /// The inbox's turn.
    pub async fn first(&self) -> Turn {
        let waiting = Waiting::new(&self.0);
        let guard = Arc::clone(&self.0.lock).lock_owned().await;
        drop(waiting);
        Turn { _guard: guard }
    }

    /// Everybody else's turn.
    pub async fn after_inbox(&self) -> Turn {
        loop {
            let served = self.0.inbox_served.notified();
            if self.0.inbox_waiting.load(Ordering::SeqCst) > 0 {
                served.await;
                continue;
            }
            let guard = Arc::clone(&self.0.lock).lock_owned().await;
            if self.0.inbox_waiting.load(Ordering::SeqCst) == 0 {
                return Turn { _guard: guard };
            }
        }
    }
}

/// Counts the inbox as waiting, also if its request is dropped while it waits.
struct Waiting<'a>(&'a State);

impl<'a> Waiting<'a> {
    fn new(state: &'a State) -> Self {
        state.inbox_waiting.fetch_add(1, Ordering::SeqCst);
        Self(state)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.inbox_waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.inbox_served.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn the_inbox_goes_first_though_it_came_last() {
        let (turns, order) = (WriteTurns::default(), Mutex::new(Vec::new()));
        let held = turns.after_inbox().await;
        tokio::join!(
            async {
                let _turn = turns.after_inbox().await;
                order.lock().unwrap().push("others");
            },
            async {
                let _turn = turns.first().await;
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
        let turns = WriteTurns::default();
        let held = turns.after_inbox().await;
        tokio::select! {
            biased;
            _ = turns.first() => panic!("it is somebody else's turn"),
            () = yield_now() => {}
        }
        drop(held);
        tokio::select! {
            biased;
            _ = turns.after_inbox() => {}
            () = yield_now() => panic!("nobody has the turn"),
        }
    }
}
