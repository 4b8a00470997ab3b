//! Who may write next on `SQLite`'s one writing connection: the inbox goes first.

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

/// How long everybody else steps back: an inbox that never rests must not keep them from writing for ever.
const PATIENCE: Duration = Duration::from_millis(200);

/// Hands out the right to use the writing connection. The inbox asks with [`WriteTurns::first`] and
/// waits for one batch at most; everybody else asks with [`WriteTurns::after_inbox`] and steps back
/// while the inbox waits, for a fifth of a second at most.
#[derive(Clone, Debug, Default)]
pub struct WriteTurns(Arc<State>);

#[derive(Debug, Default)]
struct State {
    lock: Arc<Mutex<()>>,
    inbox_waiting: AtomicUsize,
    inbox_served: Notify,
    ended: Notify,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub struct Turn {
    of: Arc<State>,
    _guard: OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.of.ended.notify_one();
    }
}

impl WriteTurns {
    /// The inbox's turn.
    pub async fn first(&self) -> Turn {
        let waiting = Waiting::new(&self.0);
        let guard = Arc::clone(&self.0.lock).lock_owned().await;
        drop(waiting);
        self.turn(guard)
    }

    /// Everybody else's turn.
    pub async fn after_inbox(&self) -> Turn {
        let patience = Instant::now() + PATIENCE;
        loop {
            let served = self.0.inbox_served.notified();
            let is_patient = Instant::now() < patience;
            if is_patient && self.0.inbox_waiting.load(Ordering::SeqCst) > 0 {
                // At the end of the patience the next turn is ours.
                let _ = timeout_at(patience, served).await;
                continue;
            }
            let guard = Arc::clone(&self.0.lock).lock_owned().await;
            if !is_patient || self.0.inbox_waiting.load(Ordering::SeqCst) == 0 {
                return self.turn(guard);
            }
        }
    }

    /// Resolves as soon as a turn has ended since the last time that it did. For one to wait for.
    pub async fn one_has_ended(&self) {
        self.0.ended.notified().await;
    }

    fn turn(&self, guard: OwnedMutexGuard<()>) -> Turn {
        Turn { of: Arc::clone(&self.0), _guard: guard }
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
    async fn who_waits_for_the_end_of_a_turn_hears_of_each() {
        let turns = WriteTurns::default();
        let ends = async || {
            tokio::select! {
                biased;
                () = turns.one_has_ended() => true,
                () = yield_now() => false,
            }
        };
        assert!(!ends().await, "nobody has had a turn");
        let turn = turns.first().await;
        assert!(!ends().await, "it goes on");
        drop(turn);
        assert!(ends().await && !ends().await);
        drop(turns.after_inbox().await);
        assert!(ends().await);
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

    #[tokio::test]
    async fn an_inbox_that_never_rests_keeps_nobody_from_writing_for_ever() {
        let (turns, began) = (WriteTurns::default(), Instant::now());
        // Two of them, so that one always waits; not without end, so that the test ends.
        let busy = async || {
            while began.elapsed() < Duration::from_secs(30) {
                let _turn = turns.first().await;
                yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = async { tokio::join!(busy(), busy()) } => panic!("nobody else came to write"),
            _turn = turns.after_inbox() => assert!(began.elapsed() >= PATIENCE, "it did not step back"),
        }
    }
}
