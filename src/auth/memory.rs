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
/// What was asked so long before the newest answer came is still what was known last.
const LATELY: Duration = Duration::from_secs(10 * 60);
/// How many answers are remembered at most.
const REMEMBERED: usize = 10_000;

/// Answers by their question, bounded and forgotten after [`RELIED_ON`]. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Memory<V>(Arc<Mutex<Seen<V>>>);

#[derive(Debug)]
struct Seen<V> {
    answers: HashMap<String, (Instant, V)>,
    /// When the newest of all that was ever put came.
    newest: Option<Instant>,
}

impl<V: Clone> Memory<V> {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Seen { answers: HashMap::new(), newest: None })))
    }

    /// What is known at this time.
    pub fn get(&self, question: &str, at: Instant) -> Option<V> {
        let seen = self.seen();
        let (since, answer) = seen.answers.get(question)?;
        (at.duration_since(*since) < RELIED_ON).then(|| answer.clone())
    }

    /// What was known when answers came last, however long ago that is; none if it was not asked for [`LATELY`] then.
    pub fn last(&self, question: &str) -> Option<V> {
        let seen = self.seen();
        let (since, answer) = seen.answers.get(question)?;
        seen.newest.is_some_and(|newest| newest.duration_since(*since) < LATELY).then(|| answer.clone())
    }

    /// Remembers an answer. `at` is a time before the database was asked.
    pub fn put(&self, question: String, at: Instant, answer: V) {
        let mut seen = self.seen();
        seen.newest = seen.newest.max(Some(at));
        if seen.answers.len() >= REMEMBERED {
            seen.answers.retain(|_, (since, _)| at.duration_since(*since) < RELIED_ON);
        }
        if seen.answers.len() < REMEMBERED {
            seen.answers.insert(question, (at, answer));
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert_eq!(memory.last("0"), Some(0), "it is not relied on any more, but what was known last");
        memory.put("late".to_owned(), start + RELIED_ON, 1);
        assert_eq!(memory.get("late", start + RELIED_ON), Some(1), "what is forgotten makes room");
        memory.put("early".to_owned(), start + RELIED_ON, 2);
        memory.put("later".to_owned(), start + RELIED_ON + LATELY, 3);
        assert_eq!((memory.last("early"), memory.last("later")), (None, Some(3)), "others were answered since");
    }
}
