//! How many deliveries come: what writes in the background lets them pass while it cannot follow them anyway.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Counts deliveries; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<AtomicU64>);

impl Traffic {
    /// So many more have come.
    pub(crate) fn count(&self, deliveries: u64) {
        self.0.fetch_add(deliveries, Ordering::Relaxed);
    }

    /// How many have come so far.
    #[must_use]
    pub fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
