//! How many events are applied together: many cost less each, few let others write sooner.

use std::time::Duration;

/// What is taken where nobody waits.
const MOST: usize = 1_000;
/// The most while more deliveries come than can be applied: in one batch they meet less of it, and it rests in between.
const MOST_GENTLY: usize = 250;
/// The fewest: below, what every batch costs outweighs its events.
const FEWEST: usize = 64;
/// The fewest while more deliveries come than can be applied.
const FEWEST_GENTLY: usize = 4;
/// How long a short batch may keep others from writing.
const SHORT: Duration = Duration::from_millis(8);
/// How long while more deliveries come than can be applied.
const SHORT_GENTLY: Duration = Duration::from_millis(3);
/// How many batches the estimate follows.
const MEMORY: f64 = 8.0;

/// The size of the next batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSize {
    /// Seconds that an event takes, as far as is known; none where batches need not be short.
    per_event: Option<f64>,
    /// Whether more deliveries come than can be applied.
    pub is_gentle: bool,
    /// How many batches in a row the database could not take, less those that it took since.
    hardship: u32,
}

impl BatchSize {
    /// Batches that take a moment each; how many events those are is found by trying.
    #[must_use]
    pub fn short() -> Self {
        Self { per_event: Some(SHORT.as_secs_f64() / to_float(FEWEST)), ..Self::default() }
    }

    /// How many events to take.
    #[must_use]
    pub fn rows(self) -> usize {
        (self.usual_rows() >> self.hardship).max(1)
    }

    /// The database could not take a batch. Should that have been for what it is, a time limit say, half of it may
    /// do.
    pub fn failed(&mut self) {
        self.hardship = MOST.ilog2().min(self.hardship + 1);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept between two small numbers")]
    fn usual_rows(self) -> usize {
        let (most, short) = if self.is_gentle { (MOST_GENTLY, SHORT_GENTLY) } else { (MOST, SHORT) };
        let Some(per_event) = self.per_event else { return most };
        let fewest = self.fewest();
        (short.as_secs_f64() / per_event).clamp(to_float(fewest), to_float(most)) as usize
    }

    /// So many events took so long.
    pub fn took(&mut self, events: usize, time: Duration) {
        self.hardship = self.hardship.saturating_sub(1);
        let fewest = self.fewest();
        // A small batch takes long for its size, and says nothing about larger ones.
        if let Some(per_event) = &mut self.per_event
            && events >= fewest / 2
        {
            *per_event += (time.as_secs_f64() / to_float(events) - *per_event) / MEMORY;
        }
    }

    fn fewest(self) -> usize {
        if self.is_gentle { FEWEST_GENTLY } else { FEWEST }
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
    fn batches_are_smaller_while_many_deliveries_come() {
        let mut batch = BatchSize { is_gentle: true, ..BatchSize::short() };
        let time = after(&mut batch, Duration::from_micros(500), Duration::from_micros(20));
        assert!(time > SHORT_GENTLY * 9 / 10 && time < SHORT_GENTLY * 11 / 10, "{time:?}");
        after(&mut batch, Duration::ZERO, SHORT);
        assert_eq!(batch.rows(), FEWEST_GENTLY);
        batch.is_gentle = false;
        assert_eq!(batch.rows(), FEWEST);
        assert_eq!(BatchSize { is_gentle: true, ..BatchSize::default() }.rows(), MOST_GENTLY);
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
    fn what_the_database_cannot_take_at_once_it_gets_in_smaller_batches() {
        let mut batch = BatchSize::default();
        let mut sizes = Vec::new();
        for _ in 0..20 {
            sizes.push(batch.rows());
            batch.failed();
        }
        assert_eq!(sizes[..4], [1_000, 500, 250, 125]);
        assert_eq!(batch.rows(), 1);
        for _ in 0..sizes.len() {
            batch.took(1, Duration::ZERO);
        }
        assert_eq!(batch.rows(), 1_000, "it is over");
    }

    #[test]
    fn where_nobody_waits_all_batches_are_large() {
        let mut batch = BatchSize::default();
        batch.took(1_000, Duration::from_secs(10));
        assert_eq!(batch.rows(), 1_000);
    }
}
