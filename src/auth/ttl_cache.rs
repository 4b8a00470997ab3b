//! Results of database lookups, reused for a short time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::cache::BoundedCache;

/// How long the result of a lookup is reused.
///
/// A command that takes a right away waits this long before it says that the right is gone: then it is gone on every
/// server.
pub const CACHE_TTL: Duration = Duration::from_millis(500);
/// In an outage: how much older than the newest result a result may be.
const STALE_TTL: Duration = Duration::from_secs(10 * 60);
const MAX_ENTRIES: usize = 10_000;

/// Lookup results by key, reused for [`CACHE_TTL`]. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct TtlCache<V>(Arc<Mutex<Results<V>>>);

#[derive(Debug)]
struct Results<V> {
    by_key: BoundedCache<String, (Instant, V)>,
    /// When the newest of all results was looked up.
    newest: Option<Instant>,
}

impl<V: Clone> TtlCache<V> {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Results { by_key: BoundedCache::new(MAX_ENTRIES, 0), newest: None })))
    }

    /// The result for a key, unless it is older than [`CACHE_TTL`] at this time.
    pub fn get(&self, key: &str, at: Instant) -> Option<V> {
        let mut results = self.results();
        let (since, value) = results.by_key.get(key)?;
        (at.duration_since(*since) < CACHE_TTL).then(|| value.clone())
    }

    /// The last result for a key, however long ago the last lookup was; none if others were looked up [`STALE_TTL`]
    /// later.
    pub fn last(&self, key: &str) -> Option<V> {
        let mut results = self.results();
        let newest = results.newest;
        let (since, value) = results.by_key.get(key)?;
        newest.is_some_and(|newest| newest.duration_since(*since) < STALE_TTL).then(|| value.clone())
    }

    /// Stores a result. `at` is a time before the lookup began.
    pub fn put(&self, key: String, at: Instant, value: V) {
        let mut results = self.results();
        results.newest = results.newest.max(Some(at));
        results.by_key.insert(key, 0, (at, value));
    }

    fn results(&self) -> MutexGuard<'_, Results<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_forgotten_in_time_and_their_number_is_bounded() {
        let (cache, start) = (TtlCache::new(), Instant::now());
        let soon = start + CACHE_TTL.mul_f32(0.9);
        for number in 0..MAX_ENTRIES {
            cache.put(number.to_string(), start, number);
        }
        assert_eq!((cache.get("0", soon), cache.get("0", start + CACHE_TTL)), (Some(0), None));
        assert_eq!(cache.last("0"), Some(0), "too old to be reused, but it is the last result");
        cache.put("new".to_owned(), start + CACHE_TTL, 1);
        assert_eq!(cache.get("new", start + CACHE_TTL), Some(1));
        assert_eq!((cache.last("1"), cache.last("0")), (None, Some(0)), "the least recently used one made room");
        cache.put("early".to_owned(), start + CACHE_TTL, 2);
        cache.put("later".to_owned(), start + CACHE_TTL + STALE_TTL, 3);
        assert_eq!((cache.last("early"), cache.last("later")), (None, Some(3)), "others were looked up since");
    }
}
