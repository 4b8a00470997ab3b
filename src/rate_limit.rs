//! Rate limiting: a token bucket for each caller.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The time in which an empty bucket fills up.
pub const WINDOW: Duration = Duration::from_secs(60);
/// Maximum number of callers with a bucket of their own. All others share one.
const CALLERS: usize = 20_000;

/// A bucket of the same size for each caller.
#[derive(Debug)]
pub struct RateLimiter<K> {
    size: u32,
    callers: Mutex<Callers<K>>,
}

#[derive(Debug)]
struct Callers<K> {
    /// When the bucket of a caller will be full. Callers without an entry have a full one.
    full_at: HashMap<K, Instant>,
    others_full_at: Instant,
}

/// The level of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLevel {
    /// Points of a full bucket.
    pub limit: u32,
    /// Points that are left.
    pub remaining: u32,
    /// When it will be full.
    pub full_in: Duration,
}

/// The bucket has too few points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateExceeded {
    /// The level of the bucket.
    pub level: RateLevel,
    /// The requested points.
    pub asked: u64,
    /// When there will be enough points.
    pub enough_in: Duration,
}

impl<K: Eq + Hash> RateLimiter<K> {
    /// Buckets of `size` points.
    #[must_use]
    pub fn of(size: u32) -> Self {
        let callers = Callers { full_at: HashMap::new(), others_full_at: Instant::now() };
        Self { size: size.max(1), callers: Mutex::new(callers) }
    }

    /// The points of a full bucket: more can never be taken at once.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size.into()
    }

    /// Takes points from a caller's bucket.
    ///
    /// # Errors
    /// If there are too few; then none is taken.
    pub fn take(&self, caller: K, points: u64, now: Instant) -> Result<(), RateExceeded> {
        let mut callers = self.callers();
        if callers.full_at.len() >= CALLERS {
            callers.full_at.retain(|_, full_at| *full_at > now);
        }
        let room = callers.full_at.len() < CALLERS || callers.full_at.contains_key(&caller);
        let full_at = if room { callers.full_at.entry(caller).or_insert(now) } else { &mut callers.others_full_at };
        let owed = full_at.saturating_duration_since(now);
        let after = owed.saturating_add(self.time(points));
        if after > WINDOW {
            let enough_in = after.saturating_sub(WINDOW).min(owed);
            return Err(RateExceeded { level: self.level(owed), asked: points, enough_in });
        }
        *full_at = now + after;
        Ok(())
    }

    /// The level of a caller's bucket.
    pub fn look(&self, caller: &K, now: Instant) -> RateLevel {
        let callers = self.callers();
        let full_at = callers.full_at.get(caller).copied();
        let others = (callers.full_at.len() >= CALLERS).then_some(callers.others_full_at);
        self.level(full_at.or(others).map_or(Duration::ZERO, |full_at| full_at.saturating_duration_since(now)))
    }

    /// How long these points take to flow in.
    fn time(&self, points: u64) -> Duration {
        let nanos = u128::from(points).saturating_mul(WINDOW.as_nanos()) / u128::from(self.size);
        // No caller owes more than a day.
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)).min(Duration::from_secs(86_400))
    }

    fn level(&self, owed: Duration) -> RateLevel {
        let missing = (owed.as_nanos() * u128::from(self.size)).div_ceil(WINDOW.as_nanos());
        let remaining = self.size.saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX));
        RateLevel { limit: self.size, remaining, full_in: owed }
    }

    fn callers(&self) -> MutexGuard<'_, Callers<K>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_bucket_gives_what_is_in_it_and_fills_within_a_minute() {
        let (buckets, now) = (RateLimiter::of(60), Instant::now());
        assert_eq!(buckets.look(&"a", now), RateLevel { limit: 60, remaining: 60, full_in: Duration::ZERO });
        buckets.take("a", 50, now).unwrap();
        assert_eq!(buckets.look(&"a", now), RateLevel { limit: 60, remaining: 10, full_in: 50 * SECOND });
        let empty = buckets.take("a", 15, now).unwrap_err();
        assert_eq!((empty.level.remaining, empty.asked, empty.enough_in), (10, 15, 5 * SECOND));
        buckets.take("b", 60, now).expect("every caller has a bucket");
        buckets.take("a", 15, now + 5 * SECOND).expect("it fills by one point a second");
        assert_eq!(buckets.look(&"a", now + 65 * SECOND).remaining, 60);
    }

    #[test]
    fn more_than_a_bucket_holds_is_never_given() {
        let (buckets, now) = (RateLimiter::of(60), Instant::now());
        assert_eq!(buckets.size(), 60);
        assert!(buckets.take("a", 61, now).is_err());
        assert_eq!(buckets.look(&"a", now).remaining, 60, "what is refused takes nothing");
        buckets.take("a", 60, now).unwrap();
    }

    #[test]
    fn who_comes_with_ever_new_names_shares_one_bucket_in_the_end() {
        let (buckets, now) = (RateLimiter::of(60), Instant::now());
        for caller in 0..CALLERS {
            buckets.take(caller, 1, now).unwrap();
        }
        for stranger in 0..60 {
            buckets.take(CALLERS + stranger, 1, now).unwrap();
        }
        assert!(buckets.take(CALLERS + 60, 1, now).is_err());
        buckets.take(0, 1, now).expect("who was here before keeps a bucket");
        assert_eq!(buckets.callers().full_at.len(), CALLERS);
        buckets.take(CALLERS + 61, 1, now + WINDOW + SECOND).unwrap();
        assert_eq!(buckets.callers().full_at.len(), 1, "who has a full bucket need not be remembered");
    }
}
