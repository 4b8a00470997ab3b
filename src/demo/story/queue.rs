//! The order in which things come due.

use std::cmp::Ordering;

use super::Due;

/// Something that is due at a time; of two at one time, the one that was planned first comes first.
#[derive(Debug)]
pub struct Entry {
    pub at: i64,
    pub order: u64,
    pub due: Due,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}
