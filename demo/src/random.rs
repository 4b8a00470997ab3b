//! Pseudo-random numbers that are the same on every machine and in every version: events that are made again have to be
//! duplicates, so these numbers must never change.

/// The `SplitMix64` generator.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number of `0..end`; `end` is at least 1.
    pub fn below(&mut self, end: u64) -> u64 {
        // The high half of the product is nearly uniform, and needs no division.
        u64::try_from((u128::from(self.next()) * u128::from(end)) >> 64).unwrap_or_default()
    }

    /// A number of `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(high.abs_diff(low) + 1)).unwrap_or_default()
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// An index into something with `len` elements.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or_default()
    }

    /// A whole number of at least 1 with a long tail: half are 1, few are near 1,000.
    pub fn popularity(&mut self) -> u64 {
        (1000 / (1 + self.below(1000))).max(1)
    }
}

/// Mixes the bits of a number (the finaliser of `SplitMix64`).
pub fn mix(mut number: u64) -> u64 {
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// `len` lower-case letters and digits derived from `number`.
pub fn code(number: u64, len: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = mix(number);
    (0..len)
        .map(|place| {
            if place % 12 == 11 {
                bits = mix(bits ^ number);
            }
            let letter = LETTERS[usize::try_from(bits & 31).unwrap_or_default()];
            bits >>= 5;
            char::from(letter)
        })
        .collect()
}
