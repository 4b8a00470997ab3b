//! How many deliveries wait to be kept: what writes in the background lets them pass first.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// How long there must be none. The deliveries of one commit are answered together, and then nobody waits for a
/// moment.
const LOOK: Duration = Duration::from_millis(20);

/// The deliveries that wait; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<State>);

#[derive(Debug, Default)]
struct State {
    waiting: AtomicUsize,
    /// At once, since this was looked at.
    most: AtomicUsize,
}

/// A delivery that waits, until dropped.
#[derive(Debug)]
pub(super) struct Waiting(Arc<State>);

impl Traffic {
    pub(super) fn enter(&self) -> Waiting {
        let waiting = self.0.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(waiting, Ordering::SeqCst);
        Waiting(Arc::clone(&self.0))
    }

    /// Waits while there is a crowd (more than so many), but no longer than `longest`. Gives whether there was one,
    /// now or since this was called last: it is for one caller.
    pub async fn let_pass(&self, crowd: usize, longest: Duration) -> bool {
        let until = Instant::now() + longest;
        let was_crowded = self.most() > crowd;
        let mut is_crowded = was_crowded;
        while is_crowded && Instant::now() < until {
            sleep(LOOK.min(until - Instant::now())).await;
            is_crowded = self.most() > crowd;
        }
        was_crowded
    }

    /// So many wait, until dropped.
    #[cfg(test)]
    #[must_use]
    pub fn of(&self, deliveries: usize) -> Vec<impl Sized> {
        (0..deliveries).map(|_| self.enter()).collect()
    }

    /// How many waited at once, since this was asked last.
    fn most(&self) -> usize {
        let most = self.0.most.swap(0, Ordering::SeqCst);
        // Who still waits counts next time too.
        self.0.most.fetch_max(self.0.waiting.load(Ordering::SeqCst), Ordering::SeqCst);
        most
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const CROWD: usize = 32;
    const FOR_EVER: Duration = Duration::from_secs(1_000_000);

    #[tokio::test]
    async fn a_crowd_passes_first_and_a_few_do_not() {
        let traffic = Traffic::default();
        let mut crowd = traffic.of(CROWD + 1);
        let mut passing = Box::pin(traffic.let_pass(CROWD, FOR_EVER));
        assert!(passing.as_mut().now_or_never().is_none(), "a crowd waits");
        crowd.pop();
        assert!(passing.await, "no crowd any more");
        assert_eq!(traffic.let_pass(CROWD, FOR_EVER).now_or_never(), Some(false), "the few do not count");
    }

    #[tokio::test]
    async fn who_was_answered_a_moment_ago_is_waited_for_as_more_may_come() {
        let traffic = Traffic::default();
        drop(traffic.of(CROWD + 1));
        let mut passing = Box::pin(traffic.let_pass(CROWD, FOR_EVER));
        assert!(passing.as_mut().now_or_never().is_none(), "there was a crowd");
        assert!(passing.await, "and no other");
        assert_eq!(traffic.let_pass(CROWD, FOR_EVER).now_or_never(), Some(false), "it does not count twice");
    }

    #[tokio::test]
    async fn a_crowd_that_never_ends_is_not_waited_for_longer_than_said() {
        let traffic = Traffic::default();
        let _crowd = traffic.of(CROWD + 1);
        assert_eq!(traffic.let_pass(CROWD, Duration::ZERO).now_or_never(), Some(true));
        assert!(traffic.let_pass(CROWD, Duration::from_millis(30)).await);
    }
}
