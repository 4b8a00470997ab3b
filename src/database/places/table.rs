//! Who has which place, and who gets the next one. Knows no clock and wakes nobody.

use tokio::{sync::oneshot, time::Instant};

use super::{QUICK, Rules, Share, Use, line::Line};

/// Places taken, and lines of those who wait.
pub(super) struct Table<W> {
    rules: Rules,
    /// The oldest first; a handful at most.
    taken: Vec<Taken>,
    line: Line<W>,
    last: u64,
}

struct Taken {
    id: u64,
    share: Share,
    since: Instant,
    slow: bool,
}

/// Somebody who waits, and may stop at any time.
pub(super) trait Waiter {
    /// Whether it has stopped.
    fn is_gone(&self) -> bool;
}

impl<T> Waiter for oneshot::Sender<T> {
    fn is_gone(&self) -> bool {
        self.is_closed()
    }
}

impl<W: Waiter> Table<W> {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, taken: Vec::with_capacity(rules.most()), line: Line::default(), last: 0 }
    }

    /// Takes a place if there is one for this share now. Nobody is passed by that: those who wait could
    /// not take it, else they had got it.
    pub(super) fn take(&mut self, share: Share, now: Instant) -> Option<u64> {
        may_take(self.rules, &self.taken, share).then(|| self.taken_by(share, now))
    }

    pub(super) fn wait(&mut self, share: Share, waiter: W) {
        self.line.push(share, waiter);
    }

    pub(super) fn leave(&mut self, id: u64) {
        self.taken.retain(|taken| taken.id != id);
    }

    /// Those whose turn it is now, and the places they get.
    pub(super) fn settle(&mut self, now: Instant) -> Vec<(u64, W)> {
        let mut granted = Vec::new();
        if self.line.is_empty() {
            return granted;
        }
        self.move_slow(now);
        while let Some((share, waiter)) = {
            let (rules, taken) = (self.rules, &self.taken);
            self.line.next(|share| may_take(rules, taken, share))
        } {
            granted.push((self.taken_by(share, now), waiter));
        }
        granted
    }

    /// Whether nobody has a place or waits for one.
    pub(super) fn is_unused(&self) -> bool {
        self.taken.is_empty() && self.line.is_empty()
    }

    pub(super) fn in_use(&self) -> Use {
        let slow = self.taken.iter().filter(|taken| taken.slow).count();
        Use { taken: self.taken.len(), slow, waiting: self.line.len() }
    }

    fn taken_by(&mut self, share: Share, now: Instant) -> u64 {
        self.last += 1;
        self.taken.push(Taken { id: self.last, share, since: now, slow: false });
        self.last
    }

    /// Moves those who are slow to the slow places, as far as there are any.
    fn move_slow(&mut self, now: Instant) {
        for index in 0..self.taken.len() {
            let (share, since, slow) = (self.taken[index].share, self.taken[index].since, self.taken[index].slow);
            let of_share = self.taken.iter().filter(|taken| taken.slow && taken.share == share).count();
            let of_all = self.taken.iter().filter(|taken| taken.slow).count();
            let room = of_all < self.rules.slow && of_share < self.rules.each_slow;
            self.taken[index].slow = slow || (room && now.duration_since(since) >= QUICK);
        }
    }
}

fn may_take(rules: Rules, taken: &[Taken], share: Share) -> bool {
    let quick = taken.iter().filter(|taken| !taken.slow).count();
    quick < rules.quick && taken.iter().filter(|taken| taken.share == share).count() < rules.each
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    const RULES: Rules = Rules { quick: 3, slow: 2, each: 2, each_slow: 1 };

    /// Its name, and whether it has stopped waiting.
    struct Caller(&'static str, Rc<Cell<bool>>);

    impl Waiter for Caller {
        fn is_gone(&self) -> bool {
            self.1.get()
        }
    }

    struct Scene {
        table: Table<Caller>,
        now: Instant,
    }

    impl Scene {
        fn new() -> Self {
            Self { table: Table::new(RULES), now: Instant::now() }
        }

        fn take(&mut self, who: &str) -> Option<u64> {
            self.table.take(Share::of(&who), self.now)
        }

        /// Waits for the share that the first letter names.
        fn wait(&mut self, name: &'static str) -> Rc<Cell<bool>> {
            let gone = Rc::new(Cell::new(false));
            self.table.wait(Share::of(&&name[..1]), Caller(name, Rc::clone(&gone)));
            gone
        }

        /// Who gets a place now.
        fn settle(&mut self) -> Vec<(&'static str, u64)> {
            self.table.settle(self.now).into_iter().map(|(id, Caller(name, _))| (name, id)).collect()
        }

        fn names(&mut self) -> Vec<&'static str> {
            self.settle().into_iter().map(|(name, _)| name).collect()
        }
    }

    #[test]
    fn one_share_cannot_take_all_places() {
        let mut scene = Scene::new();
        assert!(scene.take("a").is_some() && scene.take("a").is_some());
        assert_eq!(scene.take("a"), None);
        assert!(scene.take("b").is_some());
        assert_eq!(scene.take("c"), None, "there are three");
    }

    #[test]
    fn places_go_to_the_shares_in_turn() {
        let mut scene = Scene::new();
        let mut taken: Vec<_> = ["x", "y", "z"].map(|who| scene.take(who).unwrap()).into();
        for name in ["a1", "a2", "a3", "b1", "c1", "b2"] {
            scene.wait(name);
        }
        let mut order = Vec::new();
        while let Some(id) = taken.pop() {
            scene.table.leave(id);
            for (name, id) in scene.settle() {
                order.push(name);
                taken.push(id);
            }
        }
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn who_has_all_it_may_have_keeps_its_turn_while_others_pass() {
        let mut scene = Scene::new();
        let first = scene.take("a").unwrap();
        scene.take("a");
        let other = scene.take("b").unwrap();
        for name in ["a3", "b2", "b3"] {
            scene.wait(name);
        }
        scene.table.leave(other);
        assert_eq!(scene.names(), ["b2"]);
        scene.table.leave(first);
        assert_eq!(scene.names(), ["a3"]);
    }

    #[test]
    fn who_stopped_waiting_gets_no_place_and_takes_no_turn() {
        let mut scene = Scene::new();
        let taken = ["x", "y", "z"].map(|who| scene.take(who).unwrap());
        let gone = [scene.wait("a1"), scene.wait("b1")];
        scene.wait("a2");
        scene.wait("c1");
        for gone in gone {
            gone.set(true);
        }
        assert_eq!(scene.table.in_use().waiting, 2);
        scene.table.leave(taken[0]);
        assert_eq!(scene.names(), ["a2"]);
        scene.table.leave(taken[1]);
        assert_eq!(scene.names(), ["c1"]);
    }

    #[test]
    fn the_slow_leave_the_quick_places_but_only_so_many_of_one_share() {
        let mut scene = Scene::new();
        for who in ["a", "a", "b"] {
            scene.take(who).unwrap();
        }
        for name in ["a3", "c1", "d1", "e1"] {
            scene.wait(name);
        }
        assert!(scene.names().is_empty(), "nobody is slow yet");
        scene.now += QUICK;
        assert_eq!(scene.names(), ["c1", "d1"], "one of a and one of b were moved; a has two still");
        assert_eq!(scene.table.in_use(), Use { taken: 5, slow: 2, waiting: 2 });
        scene.now += QUICK;
        assert!(scene.names().is_empty(), "the slow places are taken");
    }

    #[test]
    fn a_slow_place_that_gets_free_takes_the_next_slow_one() {
        let mut scene = Scene::new();
        let slow = ["a", "b", "c"].map(|who| scene.take(who).unwrap());
        scene.now += QUICK;
        scene.wait("d1");
        scene.wait("e1");
        assert_eq!(scene.names(), ["d1", "e1"]);
        scene.wait("f1");
        scene.now += QUICK;
        assert!(scene.names().is_empty());
        scene.table.leave(slow[0]);
        assert_eq!(scene.names(), ["f1"], "c was moved into the place of a");
    }

    #[test]
    fn nobody_is_moved_while_nobody_waits() {
        let mut scene = Scene::new();
        scene.take("a").unwrap();
        scene.now += QUICK;
        assert!(scene.names().is_empty());
        assert_eq!(scene.table.in_use(), Use { taken: 1, slow: 0, waiting: 0 });
    }
}
