//! The waiting callers: a queue for each share key, and the keys in a ring for round-robin.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher as _, Hash, RandomState},
    sync::LazyLock,
};

use tokio::sync::oneshot;

/// Identifies a caller: requests with equal keys share their slots and their turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShareKey(u64);

impl ShareKey {
    /// The key of the caller that this value identifies.
    pub fn of(value: &impl Hash) -> Self {
        static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        Self(HASHER.hash_one(value))
    }
}

/// A waiting caller, which may stop waiting at any time.
pub(super) trait Waiter {
    /// Whether it stopped waiting.
    fn is_cancelled(&self) -> bool;
}

impl<T> Waiter for oneshot::Sender<T> {
    fn is_cancelled(&self) -> bool {
        self.is_closed()
    }
}

pub(super) struct WaitQueue<W> {
    /// No queue is empty.
    queues: HashMap<ShareKey, VecDeque<W>>,
    /// The keys that have a queue, the next one first.
    ring: VecDeque<ShareKey>,
}

impl<W> Default for WaitQueue<W> {
    fn default() -> Self {
        Self { queues: HashMap::new(), ring: VecDeque::new() }
    }
}

impl<W: Waiter> WaitQueue<W> {
    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// The number of waiting callers.
    pub(super) fn len(&self) -> usize {
        self.queues.values().flatten().filter(|waiter| !waiter.is_cancelled()).count()
    }

    pub(super) fn push(&mut self, key: ShareKey, waiter: W) {
        let queue = self.queues.entry(key).or_insert_with(|| {
            self.ring.push_back(key);
            VecDeque::new()
        });
        // All callers have about the same timeout, so those that stopped waiting are at the front.
        drop_cancelled(queue);
        queue.push_back(waiter);
    }

    /// Takes the first waiter of the next key in the ring that `is_eligible`, and moves that key to the end of the ring.
    pub(super) fn pop(&mut self, is_eligible: impl Fn(ShareKey) -> bool) -> Option<(ShareKey, W)> {
        let mut index = 0;
        while let Some(key) = self.ring.get(index).copied() {
            if !is_eligible(key) {
                index += 1;
                continue;
            }
            self.ring.remove(index);
            let Some(queue) = self.queues.get_mut(&key) else { continue };
            drop_cancelled(queue);
            let first = queue.pop_front();
            if queue.is_empty() {
                self.queues.remove(&key);
            } else {
                self.ring.push_back(key);
            }
            if let Some(waiter) = first {
                return Some((key, waiter));
            }
        }
        None
    }
}

fn drop_cancelled<W: Waiter>(queue: &mut VecDeque<W>) {
    while queue.front().is_some_and(Waiter::is_cancelled) {
        queue.pop_front();
    }
}
