//! The ids of a simulated programme.

use super::random::mix;

/// The ids of one seed. They do not overlap with those of another seed, or with FirstPromoter's real ones, which are far
/// lower.
#[derive(Clone, Copy, Debug)]
pub struct IdRange {
    /// The seed, mixed.
    pub seed: u64,
    number: i64,
}

/// The distance between the ids of two seeds.
const IDS_PER_SEED: i64 = 1_000_000_000;
/// The same of payouts and commissions. Their ids have to stay below 2^31 and 2^32: the server makes one key of both.
const PAYOUTS_PER_SEED: i64 = 2_000_000;
const COMMISSIONS_PER_SEED: i64 = 4_000_000;

impl IdRange {
    pub fn of(seed: u32) -> Self {
        Self { seed: mix(u64::from(seed)), number: i64::from(seed) }
    }

    fn id(self, offset: i64, number: i64) -> i64 {
        self.number * IDS_PER_SEED + offset + number
    }

    /// Of webhooks v1.
    pub fn event(self, number: i64) -> i64 {
        self.id(22_000_000, number)
    }

    /// Of webhooks v2.
    pub fn event_uuid(self, number: i64) -> String {
        format!("{:08x}-0000-4000-8000-{number:012x}", self.number)
    }

    pub fn campaign(self, number: i64) -> i64 {
        self.id(13_200, number)
    }

    pub fn offer(self, number: i64) -> i64 {
        self.id(67_200, number)
    }

    pub fn reward(self, number: i64) -> i64 {
        self.id(128_300, number)
    }

    pub fn promoter(self, number: usize) -> i64 {
        self.id(3_900_000, i64::try_from(number).unwrap_or_default())
    }

    pub fn promotion(self, number: i64) -> i64 {
        self.id(500_000_000, number)
    }

    pub fn lead(self, number: i64) -> i64 {
        self.id(600_000_000, number)
    }

    pub fn commission(self, number: i64) -> i64 {
        200_000_000 + self.number * COMMISSIONS_PER_SEED + number
    }

    pub fn payout(self, number: i64) -> i64 {
        100_000_000 + self.number * PAYOUTS_PER_SEED + number
    }

    pub fn batch(self, number: i64) -> i64 {
        self.id(61_000, number)
    }
}
