//! A bounded cache: the least recently used entries are evicted first.

use std::{borrow::Borrow, fmt, hash::Hash};

use hashlink::LruCache;

/// A limited number of entries, whose weights together stay below a maximum. The weight is the caller's: bytes, or 0.
pub struct BoundedCache<K, V> {
    entries: LruCache<K, (usize, V)>,
    weight: usize,
    max_entries: usize,
    max_weight: usize,
}

impl<K: Eq + Hash, V> BoundedCache<K, V> {
    /// An empty cache.
    #[must_use]
    pub fn new(max_entries: usize, max_weight: usize) -> Self {
        // One more, so that only `insert` evicts, and subtracts the weight.
        Self { entries: LruCache::new(max_entries + 1), weight: 0, max_entries, max_weight }
    }

    /// The value of a key, which is now the most recently used one.
    pub fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// Adds an entry or replaces it, and evicts others until all limits hold.
    pub fn insert(&mut self, key: K, weight: usize, value: V) {
        self.weight += weight;
        if let Some((replaced, _)) = self.entries.insert(key, (weight, value)) {
            self.weight -= replaced;
        }
        while self.weight > self.max_weight || self.entries.len() > self.max_entries {
            let Some((_, (weight, _))) = self.entries.remove_lru() else { break };
            self.weight -= weight;
        }
    }
}

impl<K, V> fmt::Debug for BoundedCache<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BoundedCache").field("weight", &self.weight).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_entries_go_first_and_the_weight_is_bounded() {
        let mut cache = BoundedCache::new(3, 100);
        for key in ["a", "b", "c"] {
            cache.insert(key, 10, ());
        }
        assert!(cache.get("a").is_some());
        cache.insert("d", 10, ());
        assert!(cache.get("b").is_none() && cache.get("a").is_some() && cache.get("d").is_some());
        cache.insert("d", 80, ());
        assert_eq!((cache.entries.len(), cache.weight), (3, 100), "a replaced entry does not count twice");
        cache.insert("e", 100, ());
        assert_eq!((cache.entries.len(), cache.weight), (1, 100));
        cache.insert("f", 101, ());
        assert_eq!((cache.entries.len(), cache.weight), (0, 0), "heavier than the whole cache");
    }
}
