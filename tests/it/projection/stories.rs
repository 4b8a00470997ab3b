//! Convergence: whatever order events come in, and however often, the tables are the same.

use promograph::projection::{Changes, ReplaySelection, drain, replay};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngSeed, TestRunner},
};

use crate::support::{
    Backend, TestDatabase,
    dump::{balances, clear, dump},
    events::{NOW, apply, kept_all},
    mirror::{Mirror, updates},
    story::story,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_story_in_any_order_and_with_repetitions_gives_the_same_rows(
        (bodies, order) in story().prop_flat_map(|bodies| {
            let twice: Vec<_> = (0..bodies.len()).chain(0..bodies.len()).collect();
            (Just(bodies), Just(twice).prop_shuffle())
        }),
    ) {
        let parsed: Vec<_> = kept_all(&bodies).iter().map(updates).collect();
        let mirror = Mirror::of(&parsed);
        prop_assert_eq!(&mirror, &Mirror::of(parsed.iter().rev()));
        prop_assert_eq!(&mirror, &Mirror::of(order.iter().map(|at| &parsed[*at])));
    }
}

/// Both databases give what merging in memory gives, in one batch or several, in every order.
#[tokio::test]
async fn stories_give_the_same_tables_on_both_databases_in_every_order() {
    let databases = [TestDatabase::migrated(Backend::Sqlite).await, TestDatabase::migrated(Backend::Postgres).await];
    let config = Config { rng_seed: RngSeed::Fixed(20_261_120), ..Config::default() };
    let mut runner = TestRunner::new(config);
    for _ in 0..24 {
        let events = kept_all(&story().new_tree(&mut runner).unwrap().current());
        let expected = Mirror::after(&events).dump();
        let mut seen = Vec::new();
        for test in &databases {
            let reversed = events.iter().rev().cloned().collect();
            let shuffled = Just(events.clone()).prop_shuffle().new_tree(&mut runner).unwrap().current();
            for (batches, order) in (1..).zip([events.clone(), reversed, shuffled]) {
                clear(&test.database).await;
                for part in order.chunks(order.len().div_ceil(batches)) {
                    apply(&test.database, part).await;
                }
                assert_eq!(dump(&test.database).await, expected, "{:?} in {batches} batches", test.backend);
                seen.push(balances(&test.database).await);
            }
            // Everything a second time.
            replay(&test.database, &ReplaySelection::default(), NOW).await.unwrap();
            let drained = drain(&test.database, &Changes::new(), NOW).await.unwrap();
            assert_eq!(drained.applied, 8);
            assert_eq!(dump(&test.database).await, expected, "{:?} replayed", test.backend);
            seen.push(balances(&test.database).await);
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    }
}
