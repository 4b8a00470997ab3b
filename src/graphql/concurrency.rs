//! Load shedding: bounds the requests in flight, so that under overload those that are admitted are answered in time, and
//! the others are refused at once, before any work is done for them.
//!
//! A *dynamic threshold* shares the bound fairly: a caller may have as many requests in flight as there are places free.
//! One caller alone gets half of the places, `n` of them that send more than is answered get one part of `n + 1` each,
//! and the part that is left is for callers with few requests.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    database::ShareKey,
    error::{ApiError, ErrorCode, LimitExceeded},
};

/// Requests in flight, of all callers. What one caller can have waiting (128) is answered within the default deadline of
/// 10 s as long as a request takes its three connections less than 0.2 s.
const MAX_IN_FLIGHT: usize = 256;
/// When a refused caller should try again, in seconds.
const RETRY_AFTER_S: u64 = 1;

/// Limits the requests in flight. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ConcurrencyLimiter(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    in_flight: Mutex<InFlight>,
    shed: AtomicU64,
}

#[derive(Debug, Default)]
struct InFlight {
    total: usize,
    /// No count is zero.
    by_key: HashMap<ShareKey, usize>,
}

/// A request in flight, until it is dropped.
#[derive(Debug)]
pub struct InFlightRequest {
    shared: Arc<Shared>,
    key: ShareKey,
}

impl ConcurrencyLimiter {
    /// Admits a request of this caller.
    ///
    /// # Errors
    /// When the caller has as many requests in flight as there are places free.
    pub(super) fn admit(&self, key: ShareKey) -> Result<InFlightRequest, ApiError> {
        let mut in_flight = self.0.in_flight();
        let free = MAX_IN_FLIGHT.saturating_sub(in_flight.total);
        let own = in_flight.by_key.get(&key).copied().unwrap_or_default();
        if own >= free {
            drop(in_flight);
            self.0.shed.fetch_add(1, Ordering::Relaxed);
            return Err(overloaded(own));
        }
        in_flight.total += 1;
        in_flight.by_key.insert(key, own + 1);
        Ok(InFlightRequest { shared: Arc::clone(&self.0), key })
    }

    /// The requests in flight now.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight().total
    }

    /// The requests that were refused since the start.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.0.shed.load(Ordering::Relaxed)
    }
}

fn overloaded(own: usize) -> ApiError {
    let exceeded = LimitExceeded::fixed("requestsInFlight", own as u64, own as u64 + 1);
    let exceeded = LimitExceeded { retry_after_s: Some(RETRY_AFTER_S), ..exceeded };
    ApiError::new(ErrorCode::Unavailable, "The server is overloaded; try again later").exceeding(exceeded)
}

impl Shared {
    fn in_flight(&self) -> MutexGuard<'_, InFlight> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlightRequest {
    fn drop(&mut self) {
        let mut in_flight = self.shared.in_flight();
        in_flight.total -= 1;
        if let Some(own) = in_flight.by_key.get_mut(&self.key) {
            *own -= 1;
            if *own == 0 {
                in_flight.by_key.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The requests of callers who each send as many as are admitted, in turn.
    fn flood(limiter: &ConcurrencyLimiter, callers: usize) -> Vec<Vec<InFlightRequest>> {
        let mut admitted: Vec<_> = (0..callers).map(|_| Vec::new()).collect();
        for _ in 0..MAX_IN_FLIGHT {
            for (caller, requests) in admitted.iter_mut().enumerate() {
                requests.extend(limiter.admit(ShareKey::of(&caller)));
            }
        }
        admitted
    }

    #[test]
    fn callers_who_send_too_much_have_equal_parts_and_leave_one_part_free() {
        for (callers, each) in [(1, 128), (3, 64), (7, 32), (15, 16)] {
            let limiter = ConcurrencyLimiter::default();
            let admitted = flood(&limiter, callers);
            assert!(admitted.iter().all(|requests| requests.len() == each), "{callers}");
            let other = ShareKey::of(&"other");
            let others: Vec<_> = (0..each).map_while(|_| limiter.admit(other).ok()).collect();
            assert!(others.len() >= each / 2, "{callers}: {}", others.len());
        }
    }

    #[test]
    fn many_callers_with_one_request_each_have_all_places() {
        let limiter = ConcurrencyLimiter::default();
        let admitted: Vec<_> = (0..300).map_while(|caller| limiter.admit(ShareKey::of(&caller)).ok()).collect();
        assert_eq!((admitted.len(), limiter.in_flight(), limiter.shed()), (MAX_IN_FLIGHT, MAX_IN_FLIGHT, 1));
    }

    #[test]
    fn a_request_that_ends_gives_its_place_back() {
        let limiter = ConcurrencyLimiter::default();
        let mut admitted = flood(&limiter, 1);
        let caller = ShareKey::of(&0_usize);
        assert!(limiter.admit(caller).is_err());
        admitted[0].pop();
        let again = limiter.admit(caller);
        assert!(again.is_ok() && limiter.admit(caller).is_err());
        drop((admitted, again));
        assert!(limiter.in_flight() == 0 && limiter.0.in_flight().by_key.is_empty());
    }
}
