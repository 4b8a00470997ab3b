//! How many events are applied together: many cost less each, few let others write sooner.

use std::time::Duration;

/// The most, and what is taken where nobody waits.
const MOST: usize = 1_000;
/// The fewest: below, what every batch costs outweighs its events.
const FEWEST: usize = 64;
/// How long a short batch may keep others from writing.
const SHORT: Duration = Duration::from_millis(8);
/// How many batches the estimate follows.
const MEMORY: f64 = 8.0;

/// The size of the next batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSize {
    /// Seconds that an event takes, as far as is known; none where batches need not be short.
    per_event: Option<f64>,
}

impl BatchSize {
    /// Batches that take a moment each; how many events those are is found by trying.
    #[must_use]
    pub fn short() -> Self {
        Self { per_event: Some(SHORT.as_secs_f64() / to_float(FEWEST)) }
    }

    /// How many events to take.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept between two small numbers")]
    pub fn rows(self) -> usize {
        let Some(per_event) = self.per_event else { return MOST };
        (SHORT.as_secs_f64() / per_event).clamp(to_float(FEWEST), to_float(MOST)) as usize
    }

    /// So many events took so long.
    pub fn took(&mut self, events: usize, time: Duration) {
        // A small batch takes long for its size, and says nothing about larger ones.
        if let Some(per_event) = &mut self.per_event
            && events >= FEWEST / 2
        {
            *per_event += (time.as_secs_f64() / to_float(events) - *per_event) / MEMORY;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn to_float(events: usize) -> f64 {
    events as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(batch: &mut BatchSize, each: Duration, per_event: Duration) -> Duration {
        for _ in 0..100 {
            let rows = batch.rows();
            batch.took(rows, each + per_event * u32::try_from(rows).unwrap());
        }
        each + per_event * u32::try_from(batch.rows()).unwrap()
    }

    #[test]
    fn short_batches_become_as_large_as_others_can_wait() {
        let mut batch = BatchSize::short();
        let time = after(&mut batch, Duration::from_millis(2), Duration::from_micros(40));
        assert!(time > SHORT * 9 / 10 && time < SHORT * 11 / 10, "{time:?}");
        after(&mut batch, Duration::ZERO, SHORT);
        assert_eq!(batch.rows(), FEWEST);
    }

    #[test]
    fn a_small_batch_says_nothing_about_larger_ones() {
        let mut batch = BatchSize::short();
        after(&mut batch, Duration::ZERO, Duration::from_micros(20));
        let large = batch.rows();
        batch.took(1, SHORT);
        assert!(large > 2 * FEWEST && batch.rows() == large, "{large}");
    }

    #[test]
    fn where_nobody_waits_all_batches_are_large() {
        let mut batch = BatchSize::default();
        batch.took(1_000, Duration::from_secs(10));
        assert_eq!(batch.rows(), 1_000);
    }
}
