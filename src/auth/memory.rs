//! What was looked up a moment ago.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a look into the database is relied on.
///
/// Who takes a right away waits this long before saying that it is gone: then it is, everywhere.
pub const RELIED_ON: Duration = Duration::from_millis(500);
/// How many answers are remembered at most.
const REMEMBERED: usize = 10_000;

/// Answers by their question, bounded and forgotten after [`RELIED_ON`]. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Memory<V> {
    seen: Arc<Mutex<HashMap<String, (Instant, V)>>>,
}

impl<V: Clone> Memory<V> {
    pub fn new() -> Self {
        Self { seen: Arc::default() }
    }

    /// What is known at this time.
    pub fn get(&self, question: &str, at: Instant) -> Option<V> {
        let seen = self.seen();
        let (since, answer) = seen.get(question)?;
        (at.duration_since(*since) < RELIED_ON).then(|| answer.clone())
    }

    /// Remembers an answer. `at` is a time before the database was asked.
    pub fn put(&self, question: String, at: Instant, answer: V) {
        let mut seen = self.seen();
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (since, _)| at.duration_since(*since) < RELIED_ON);
        }
        if seen.len() < REMEMBERED {
            seen.insert(question, (at, answer));
        }
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, (Instant, V)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
