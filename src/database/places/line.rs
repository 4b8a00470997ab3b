//! Who waits: a line for each share, and the shares in a ring.

use std::collections::{HashMap, VecDeque};

use super::{Share, table::Waiter};

pub(super) struct Line<W> {
    /// None of them is empty.
    lines: HashMap<Share, VecDeque<W>>,
    /// The shares that have a line, whose turn it is first.
    ring: VecDeque<Share>,
}

impl<W> Default for Line<W> {
    fn default() -> Self {
        Self { lines: HashMap::new(), ring: VecDeque::new() }
    }
}

impl<W: Waiter> Line<W> {
    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.lines.values().flatten().filter(|waiter| !waiter.is_gone()).count()
    }

    pub(super) fn push(&mut self, share: Share, waiter: W) {
        let line = self.lines.entry(share).or_insert_with(|| {
            self.ring.push_back(share);
            VecDeque::new()
        });
        // All wait about as long before they give up, so those who are gone are in front.
        forget_gone(line);
        line.push_back(waiter);
    }

    /// The first of the share whose turn it is among those that may; then it is the others' turn.
    pub(super) fn next(&mut self, may: impl Fn(Share) -> bool) -> Option<(Share, W)> {
        let mut index = 0;
        while let Some(share) = self.ring.get(index).copied() {
            if !may(share) {
                index += 1;
                continue;
            }
            self.ring.remove(index);
            let Some(line) = self.lines.get_mut(&share) else { continue };
            forget_gone(line);
            let first = line.pop_front();
            if line.is_empty() {
                self.lines.remove(&share);
            } else {
                self.ring.push_back(share);
            }
            if let Some(waiter) = first {
                return Some((share, waiter));
            }
        }
        None
    }
}

fn forget_gone<W: Waiter>(line: &mut VecDeque<W>) {
    while line.front().is_some_and(Waiter::is_gone) {
        line.pop_front();
    }
}
