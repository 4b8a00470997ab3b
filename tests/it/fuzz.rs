//! Events that nobody planned: arbitrary JSON with the envelopes, names and ids that the readers know,
//! and real payloads that were damaged, through every step from the received bytes to the tables.
//!
//! `PROMOGRAPH_TEST_FUZZ=100` runs a hundred times as many cases, `PROPTEST_RNG_SEED=7` others or the
//! same ones again.

mod body;
mod credentials;
mod databases;
mod document;
mod merging;
mod reading;
mod value;
mod vocabulary;

use proptest::test_runner::{Config, RngSeed};

/// Where a test has no seed of its own to print, proptest prints the case.
fn config(cases: u32) -> Config {
    let times = std::env::var("PROMOGRAPH_TEST_FUZZ").map_or(1, |times| times.parse().expect("a whole number"));
    let rng_seed = std::env::var("PROPTEST_RNG_SEED")
        .map_or(RngSeed::Random, |seed| RngSeed::Fixed(seed.parse().expect("a whole number")));
    Config { cases: cases * times, failure_persistence: None, rng_seed, ..Config::default() }
}
