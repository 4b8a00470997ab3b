//! Letting deliveries pass: what was accepted can be applied later, but a sender waits for its answer, and
//! both want the same cores and disk.
//!
//! While events come no faster than they can be applied, it would only make them wait to be applied. If they come
//! faster they wait anyway. After a pause nobody knows how many will come, so it does little until it does.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::inbox::Traffic;

/// How long deliveries are counted before their rate is taken.
const COUNTED: Duration = Duration::from_millis(20);
/// After so long without work what comes is counted anew: it may be the beginning of many.
const LONG: Duration = Duration::from_millis(200);
/// A batch of fewer events does not tell how fast they can be applied: it costs as much as a larger one.
const TELLING: u32 = 50;
/// The rate is the middle one of so many batches: one may have met a slow disk, or nobody else.
const SPEEDS: usize = 5;
/// How long after the last such batch, or after a pause, the next is tried.
const TRY: Duration = Duration::from_secs(10);
/// Deliveries that come so many times as fast as they can be applied are let pass,
const BUSY: f64 = 1.25;
/// and that come so many times as fast wholly.
const CROWDED: f64 = 2.0;
/// It rests at most so many times as long as it kept others from writing,
const REST: f64 = 10.0;
/// and never for longer than this, so that it always goes on.
const LONGEST_REST: Duration = Duration::from_millis(500);

/// What the projection has done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    /// Events of the batch.
    pub events: u32,
    /// How long it took altogether.
    pub took: Duration,
    /// How long of that it wrote.
    pub wrote: Duration,
}

/// What the projection does for deliveries.
#[derive(Debug)]
pub struct Courtesy {
    traffic: Traffic,
    counted: u64,
    since: Instant,
    /// Deliveries per second, if that is known.
    comes: Option<f64>,
    /// Events per second of the last batches that tell.
    speeds: VecDeque<f64>,
    told: Instant,
    /// When it could work again after its last batch.
    rested: Option<Instant>,
}

impl Courtesy {
    /// Towards these deliveries.
    #[must_use]
    pub fn towards(traffic: Traffic) -> Self {
        let (counted, now) = (traffic.so_far(), Instant::now());
        Self { traffic, counted, since: now, comes: None, speeds: VecDeque::new(), told: now, rested: None }
    }

    /// Whether the batch that begins now should be a small one: also at the beginning of what may be many. Now and then
    /// it should not, to see how fast it is.
    pub fn is_gentle(&mut self, now: Instant) -> bool {
        if self.rested.is_none_or(|rested| now.duration_since(rested) > LONG) {
            (self.counted, self.since, self.comes) = (self.traffic.so_far(), now, None);
            // Not at the beginning of what may be many.
            self.told = now;
        } else if self.comes.is_none() {
            self.count(now);
        }
        self.crowd().is_none_or(|crowd| crowd > BUSY && now.duration_since(self.told) < TRY)
    }

    /// How long to rest after this work.
    pub fn rest(&mut self, work: Work, now: Instant) -> Duration {
        self.count(now);
        if work.events >= TELLING && work.took > Duration::ZERO {
            self.speeds.truncate(SPEEDS - 1);
            self.speeds.push_front(f64::from(work.events) / work.took.as_secs_f64());
            self.told = now;
        }
        let rest = if let Some(crowd) = self.crowd() {
            let share = ((crowd - BUSY) / (CROWDED - BUSY)).clamp(0.0, 1.0);
            work.wrote.min(LONGEST_REST).mul_f64(share * REST).min(LONGEST_REST)
        } else {
            // Until it is known.
            COUNTED.saturating_sub(now.duration_since(self.since))
        };
        self.rested = Some(now + rest);
        rest
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn count(&mut self, now: Instant) {
        let time = now.duration_since(self.since);
        if time >= COUNTED {
            let counted = self.traffic.so_far();
            self.comes = Some(counted.saturating_sub(self.counted) as f64 / time.as_secs_f64());
            (self.counted, self.since) = (counted, now);
        }
    }

    /// How many times as fast as they can be applied deliveries come; 0 as long as nothing tells how fast that is.
    fn crowd(&self) -> Option<f64> {
        let comes = self.comes?;
        let mut speeds: Vec<_> = self.speeds.iter().copied().collect();
        speeds.sort_by(f64::total_cmp);
        Some(if speeds.len() <= SPEEDS / 2 { 0.0 } else { comes / speeds[speeds.len() / 2] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    /// A thousand events per second.
    const LARGE: Work = Work { events: 100, took: Duration::from_millis(100), wrote: Duration::from_millis(40) };
    const SMALL: Work = Work { events: 10, took: Duration::from_millis(20), wrote: Duration::from_millis(20) };

    struct Test {
        courtesy: Courtesy,
        now: Instant,
    }

    impl Test {
        fn after(batches: &[Work]) -> Self {
            let mut test = Self { courtesy: Courtesy::towards(Traffic::default()), now: Instant::now() };
            for batch in batches {
                test.is_gentle();
                test.now += batch.took;
                assert_eq!(test.rest(*batch), Duration::ZERO, "nobody comes");
            }
            test
        }

        /// After this work, at the same moment.
        fn rest(&mut self, work: Work) -> Duration {
            self.courtesy.rest(work, self.now)
        }

        /// In a second, in which it works from time to time.
        fn come(&mut self, deliveries: u64) {
            for _ in 0..10 {
                self.courtesy.traffic.count(deliveries / 10);
                self.now += SECOND / 10;
                self.rest(SMALL);
                self.is_gentle();
            }
        }

        fn is_gentle(&mut self) -> bool {
            self.courtesy.is_gentle(self.now)
        }
    }

    #[test]
    fn deliveries_that_it_can_follow_are_not_let_pass() {
        let mut test = Test::after(&[LARGE; SPEEDS]);
        test.come(1_200);
        assert_eq!((test.rest(LARGE), test.is_gentle()), (Duration::ZERO, false));
    }

    #[test]
    fn it_rests_the_longer_the_more_come_than_it_can_follow() {
        let mut test = Test::after(&[LARGE; SPEEDS]);
        let mut last = Duration::ZERO;
        for deliveries in [1_300, 1_600, 2_000] {
            test.come(deliveries);
            let rest = test.rest(SMALL);
            assert!(rest > last, "{rest:?}");
            last = rest;
        }
        assert_eq!(last, SMALL.wrote.mul_f64(REST), "in proportion to its writing");
        test.come(1_000_000);
        assert_eq!(test.rest(SMALL), last);
        assert_eq!(test.rest(Work { wrote: Duration::MAX, ..LARGE }), LONGEST_REST);
    }

    #[test]
    fn a_burst_that_is_over_is_over_for_it() {
        let mut test = Test::after(&[LARGE; SPEEDS]);
        test.come(5_000);
        assert!(test.rest(SMALL) > Duration::ZERO);
        test.come(0);
        assert_eq!((test.rest(SMALL), test.is_gentle()), (Duration::ZERO, false));
    }

    #[test]
    fn after_a_pause_it_does_little_until_it_knows_how_many_come() {
        let mut test = Test::after(&[LARGE; SPEEDS]);
        test.come(500);
        assert!(!test.is_gentle());
        for (come, many) in [(0, false), (1_000, true)] {
            test.now += TRY;
            assert!(test.is_gentle());
            test.courtesy.traffic.count(come);
            test.now += COUNTED / 4;
            assert_eq!(test.rest(SMALL), COUNTED * 3 / 4);
            test.now += COUNTED * 3 / 4;
            assert_eq!(test.is_gentle(), many);
            assert_eq!(test.rest(SMALL) > Duration::ZERO, many);
        }
        test.come(500);
        test.now += SECOND;
        test.rest(Work { took: SECOND, ..SMALL });
        assert!(!test.is_gentle(), "it was no pause that it worked");
    }

    #[test]
    fn how_fast_it_is_it_tries_every_ten_seconds() {
        let mut test = Test::after(&[LARGE; SPEEDS]);
        for second in 1..=TRY.as_secs() {
            test.come(5_000);
            assert_eq!(test.is_gentle(), second < TRY.as_secs());
        }
        test.rest(LARGE);
        assert!(test.is_gentle(), "it has tried");
    }

    #[test]
    fn one_batch_that_was_slow_does_not_count() {
        let slow = Work { took: SECOND * 10, ..LARGE };
        let mut test = Test::after(&[slow, SMALL, SMALL]);
        test.come(500);
        assert_eq!(test.rest(slow), Duration::ZERO, "two are not enough to know");
        let mut test = Test::after(&[LARGE, slow, LARGE, slow, LARGE]);
        test.come(500);
        assert_eq!(test.rest(SMALL), Duration::ZERO, "the middle one counts");
        test.rest(slow);
        assert!(test.rest(slow) > Duration::ZERO, "it has become slower");
    }
}
