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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_forgotten_in_time_and_never_more_than_so_many() {
        let (memory, start) = (Memory::new(), Instant::now());
        let soon = start + RELIED_ON.mul_f32(0.9);
        for number in 0..=REMEMBERED {
            memory.put(number.to_string(), start, number);
        }
        assert_eq!((memory.get("0", soon), memory.get("0", start + RELIED_ON)), (Some(0), None));
        assert_eq!(memory.get(&REMEMBERED.to_string(), soon), None, "there was no room");
        memory.put("late".to_owned(), start + RELIED_ON, 1);
        assert_eq!(memory.get("late", start + RELIED_ON), Some(1), "what is forgotten makes room");
    }
}
