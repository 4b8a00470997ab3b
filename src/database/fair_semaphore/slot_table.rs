//! The state of the semaphore: which slots are taken, and who gets the next one. Has no clock and wakes no task.

use std::time::Duration;

use tokio::time::Instant;

use super::wait_queue::{ShareKey, WaitQueue, Waiter};

/// A permit that is held for longer is slow.
const SLOW_AFTER: Duration = Duration::from_millis(200);

/// How many slots there are.
#[derive(Clone, Copy, Debug)]
pub struct SlotLimits {
    /// For fast work.
    pub fast: usize,
    /// For work that turned out to be slow.
    pub slow: usize,
    /// For one share key, fast and slow.
    pub per_key: usize,
    /// Slow ones for one share key.
    pub slow_per_key: usize,
}

impl SlotLimits {
    /// One slot.
    pub const ONE: Self = Self { fast: 1, slow: 0, per_key: 1, slow_per_key: 0 };

    /// All slots, fast and slow.
    #[must_use]
    pub fn total(&self) -> usize {
        self.fast + self.slow
    }
}

/// How the slots are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotUsage {
    /// Slots that are taken, fast and slow.
    pub taken: usize,
    /// Slow slots that are taken.
    pub slow: usize,
    /// Callers that wait.
    pub waiting: usize,
}

/// Slots that are taken, and callers that wait.
pub(super) struct SlotTable<W> {
    limits: SlotLimits,
    /// The oldest first; a handful at most.
    taken: Vec<TakenSlot>,
    queue: WaitQueue<W>,
    last_id: u64,
}

struct TakenSlot {
    id: u64,
    key: ShareKey,
    since: Instant,
    slow: bool,
}

impl<W: Waiter> SlotTable<W> {
    pub(super) fn new(limits: SlotLimits) -> Self {
        Self { limits, taken: Vec::with_capacity(limits.total()), queue: WaitQueue::default(), last_id: 0 }
    }

    /// Takes a slot if this key may have one now. That overtakes nobody: a waiting caller that could take the slot
    /// would have been granted it already.
    pub(super) fn try_acquire(&mut self, key: ShareKey, now: Instant) -> Option<u64> {
        is_eligible(self.limits, &self.taken, key).then(|| self.take(key, now))
    }

    pub(super) fn enqueue(&mut self, key: ShareKey, waiter: W) {
        self.queue.push(key, waiter);
    }

    pub(super) fn release(&mut self, id: u64) {
        self.taken.retain(|slot| slot.id != id);
    }

    /// Takes slots for the callers whose turn it is.
    pub(super) fn grant(&mut self, now: Instant) -> Vec<(u64, W)> {
        let mut granted = Vec::new();
        if self.queue.is_empty() {
            return granted;
        }
        self.mark_slow(now);
        while let Some((key, waiter)) = {
            let (limits, taken) = (self.limits, &self.taken);
            self.queue.pop(|key| is_eligible(limits, taken, key))
        } {
            granted.push((self.take(key, now), waiter));
        }
        granted
    }

    /// Whether no slot is taken and no caller waits.
    pub(super) fn is_idle(&self) -> bool {
        self.taken.is_empty() && self.queue.is_empty()
    }

    pub(super) fn usage(&self) -> SlotUsage {
        let slow = self.taken.iter().filter(|slot| slot.slow).count();
        SlotUsage { taken: self.taken.len(), slow, waiting: self.queue.len() }
    }

    fn take(&mut self, key: ShareKey, now: Instant) -> u64 {
        self.last_id += 1;
        self.taken.push(TakenSlot { id: self.last_id, key, since: now, slow: false });
        self.last_id
    }

    /// Counts slow permits as slow, as far as there are slow slots.
    fn mark_slow(&mut self, now: Instant) {
        for index in 0..self.taken.len() {
            let (key, since, slow) = (self.taken[index].key, self.taken[index].since, self.taken[index].slow);
            let slow_of_key = self.taken.iter().filter(|slot| slot.slow && slot.key == key).count();
            let all_slow = self.taken.iter().filter(|slot| slot.slow).count();
            let has_room = all_slow < self.limits.slow && slow_of_key < self.limits.slow_per_key;
            self.taken[index].slow = slow || (has_room && now.duration_since(since) >= SLOW_AFTER);
        }
    }
}

fn is_eligible(limits: SlotLimits, taken: &[TakenSlot], key: ShareKey) -> bool {
    let fast = taken.iter().filter(|slot| !slot.slow).count();
    fast < limits.fast && taken.iter().filter(|slot| slot.key == key).count() < limits.per_key
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    const LIMITS: SlotLimits = SlotLimits { fast: 3, slow: 2, per_key: 2, slow_per_key: 1 };

    /// Its name, and whether it stopped waiting.
    struct Caller(&'static str, Rc<Cell<bool>>);

    impl Waiter for Caller {
        fn is_cancelled(&self) -> bool {
            self.1.get()
        }
    }

    struct Scene {
        table: SlotTable<Caller>,
        now: Instant,
    }

    impl Scene {
        fn new() -> Self {
            Self { table: SlotTable::new(LIMITS), now: Instant::now() }
        }

        fn try_acquire(&mut self, name: &str) -> Option<u64> {
            self.table.try_acquire(ShareKey::of(&name), self.now)
        }

        /// Waits under the key that the first letter names.
        fn enqueue(&mut self, name: &'static str) -> Rc<Cell<bool>> {
            let cancelled = Rc::new(Cell::new(false));
            self.table.enqueue(ShareKey::of(&&name[..1]), Caller(name, Rc::clone(&cancelled)));
            cancelled
        }

        /// Grants slots: to which callers.
        fn grant(&mut self) -> Vec<(&'static str, u64)> {
            self.table.grant(self.now).into_iter().map(|(id, Caller(name, _))| (name, id)).collect()
        }

        fn names(&mut self) -> Vec<&'static str> {
            self.grant().into_iter().map(|(name, _)| name).collect()
        }
    }

    #[test]
    fn one_key_cannot_take_all_slots() {
        let mut scene = Scene::new();
        assert!(scene.try_acquire("a").is_some() && scene.try_acquire("a").is_some());
        assert_eq!(scene.try_acquire("a"), None);
        assert!(scene.try_acquire("b").is_some());
        assert_eq!(scene.try_acquire("c"), None, "there are three");
    }

    #[test]
    fn slots_are_granted_to_the_keys_in_turn() {
        let mut scene = Scene::new();
        let mut taken: Vec<_> = ["x", "y", "z"].map(|name| scene.try_acquire(name).unwrap()).into();
        for name in ["a1", "a2", "a3", "b1", "c1", "b2"] {
            scene.enqueue(name);
        }
        let mut order = Vec::new();
        while let Some(id) = taken.pop() {
            scene.table.release(id);
            for (name, id) in scene.grant() {
                order.push(name);
                taken.push(id);
            }
        }
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn a_key_at_its_limit_keeps_its_turn_while_others_overtake_it() {
        let mut scene = Scene::new();
        let first = scene.try_acquire("a").unwrap();
        scene.try_acquire("a");
        let other = scene.try_acquire("b").unwrap();
        for name in ["a3", "b2", "b3"] {
            scene.enqueue(name);
        }
        scene.table.release(other);
        assert_eq!(scene.names(), ["b2"]);
        scene.table.release(first);
        assert_eq!(scene.names(), ["a3"]);
    }

    #[test]
    fn a_caller_that_stopped_waiting_gets_no_slot_and_takes_no_turn() {
        let mut scene = Scene::new();
        let taken = ["x", "y", "z"].map(|name| scene.try_acquire(name).unwrap());
        let cancelled = [scene.enqueue("a1"), scene.enqueue("b1")];
        scene.enqueue("a2");
        scene.enqueue("c1");
        for cancelled in cancelled {
            cancelled.set(true);
        }
        assert_eq!(scene.table.usage().waiting, 2);
        scene.table.release(taken[0]);
        assert_eq!(scene.names(), ["a2"]);
        scene.table.release(taken[1]);
        assert_eq!(scene.names(), ["c1"]);
    }

    #[test]
    fn slow_permits_free_fast_slots_up_to_a_limit_for_each_key() {
        let mut scene = Scene::new();
        for name in ["a", "a", "b"] {
            scene.try_acquire(name).unwrap();
        }
        for name in ["a3", "c1", "d1", "e1"] {
            scene.enqueue(name);
        }
        assert!(scene.names().is_empty(), "none is slow yet");
        scene.now += SLOW_AFTER;
        assert_eq!(scene.names(), ["c1", "d1"], "one of a and one of b are slow; a still has two");
        assert_eq!(scene.table.usage(), SlotUsage { taken: 5, slow: 2, waiting: 2 });
        scene.now += SLOW_AFTER;
        assert!(scene.names().is_empty(), "the slow places are taken");
    }

    #[test]
    fn a_released_slow_slot_takes_the_next_slow_permit() {
        let mut scene = Scene::new();
        let slow = ["a", "b", "c"].map(|name| scene.try_acquire(name).unwrap());
        scene.now += SLOW_AFTER;
        scene.enqueue("d1");
        scene.enqueue("e1");
        assert_eq!(scene.names(), ["d1", "e1"]);
        scene.enqueue("f1");
        scene.now += SLOW_AFTER;
        assert!(scene.names().is_empty());
        scene.table.release(slow[0]);
        assert_eq!(scene.names(), ["f1"], "c took the slow slot of a");
    }

    #[test]
    fn no_permit_is_counted_as_slow_while_no_caller_waits() {
        let mut scene = Scene::new();
        scene.try_acquire("a").unwrap();
        scene.now += SLOW_AFTER;
        assert!(scene.names().is_empty());
        assert_eq!(scene.table.usage(), SlotUsage { taken: 1, slow: 0, waiting: 0 });
    }
}
