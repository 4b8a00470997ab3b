//! How many deliveries wait to be kept: what writes in the background lets them pass first.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// More waiting deliveries than this are a crowd. Where the database keeps up, two thousand in a second
/// are some six at a time.
const CROWD: usize = 32;

/// The deliveries that wait; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<State>);

#[derive(Debug, Default)]
struct State {
    waiting: AtomicUsize,
    /// What was a crowd is none any more.
    dispersed: Notify,
}

/// A delivery that waits, until dropped.
#[derive(Debug)]
pub(super) struct Waiting(Arc<State>);

impl Traffic {
    pub(super) fn enter(&self) -> Waiting {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(Arc::clone(&self.0))
    }

    /// Waits while there is a crowd, but no longer than `longest`.
    pub async fn let_pass(&self, longest: Duration) {
        let no_crowd = async {
            loop {
                let dispersed = self.0.dispersed.notified();
                if self.0.waiting.load(Ordering::SeqCst) <= CROWD {
                    break;
                }
                dispersed.await;
            }
        };
        let _ = timeout(longest, no_crowd).await;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.0.waiting.fetch_sub(1, Ordering::SeqCst) == CROWD + 1 {
            self.0.dispersed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const FOR_EVER: Duration = Duration::from_secs(1_000_000);

    #[tokio::test]
    async fn a_crowd_passes_first_and_a_few_do_not() {
        let traffic = Traffic::default();
        let mut crowd = (0..=CROWD).map(|_| traffic.enter()).collect::<Vec<_>>();
        let mut passing = Box::pin(traffic.let_pass(FOR_EVER));
        assert!(passing.as_mut().now_or_never().is_none(), "a crowd waits");
        crowd.pop();
        assert!(passing.as_mut().now_or_never().is_some(), "no crowd any more");
        traffic.let_pass(FOR_EVER).await;
    }

    #[tokio::test]
    async fn a_crowd_that_never_ends_is_not_waited_for_longer_than_said() {
        let traffic = Traffic::default();
        let _crowd = (0..=CROWD).map(|_| traffic.enter()).collect::<Vec<_>>();
        traffic.let_pass(Duration::from_millis(1)).await;
    }
}
