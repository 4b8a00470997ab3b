//! How many deliveries got which answer, since the start.

use std::sync::atomic::{AtomicU64, Ordering};

use super::answer::Answer;
use crate::inbox::{Kept, Status};

/// Counts of answered deliveries.
#[derive(Debug, Default)]
pub struct Counters {
    /// Stored as new.
    pub kept: AtomicU64,
    /// Stored before.
    pub duplicates: AtomicU64,
    /// Stored or not, unreadable.
    pub unreadable: AtomicU64,
    /// Refused: no valid token or signature.
    pub unauthenticated: AtomicU64,
    /// Refused for their form: method, size, or cut off.
    pub malformed: AtomicU64,
    /// Not stored, because nothing could be stored.
    pub unavailable: AtomicU64,
}

impl Counters {
    pub(super) fn count(&self, answer: &Answer) {
        let counter = match answer {
            Answer::Kept { status: Status::Unreadable, .. } => &self.unreadable,
            Answer::Kept { kept: Kept { duplicate: true, .. }, .. } => &self.duplicates,
            Answer::Kept { .. } => &self.kept,
            Answer::Unauthenticated => &self.unauthenticated,
            Answer::Unavailable => &self.unavailable,
            Answer::Here { .. } => return,
            Answer::MethodNotAllowed | Answer::Incomplete | Answer::TooSlow(_) | Answer::TooLarge(_) => &self.malformed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
