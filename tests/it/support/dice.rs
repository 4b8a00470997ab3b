//! Chance that a seed repeats.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

/// A source of chance.
pub struct Dice(StdRng);

impl Dice {
    /// Falls the same way for the same numbers.
    pub fn new(numbers: [u64; 4]) -> Self {
        let mut seed = [0; 32];
        for (place, number) in seed.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        Self(StdRng::from_seed(seed))
    }

    /// A place below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// A number below `end`.
    pub fn number(&mut self, end: i64) -> i64 {
        self.0.random_range(0..end)
    }

    /// True this often.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of them, if there is any.
    pub fn pick_any<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { Some(self.pick(items)) }
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }
}
