//! Convergence with webhooks v2: both protocols mixed, deletions and late repetitions included.

use entity::{MirroredTable, webhook_event::Protocol};
use promograph::projection::OutcomeCounts;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{
    Backend, TestDatabase,
    dump::{balances, clear, dump},
    events::{apply, kept, kept_all},
    fixture,
    mirror::{Mirror, updates},
    on_both,
    story::story,
    story_v2::events,
};

/// Events of both protocols about the same actors.
fn mixed() -> impl Strategy<Value = Vec<Value>> {
    (story(), events()).prop_map(|(v1, v2)| v1.into_iter().chain(v2).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_protocols_in_any_order_and_twice_give_the_same_rows(
        (bodies, order) in mixed().prop_flat_map(|bodies| {
            let twice: Vec<_> = (0..bodies.len()).chain(0..bodies.len()).collect();
            (Just(bodies), Just(twice).prop_shuffle())
        }),
    ) {
        let parsed: Vec<_> = kept_all(&bodies).iter().map(updates).collect();
        let mirror = Mirror::of(&parsed);
        prop_assert_eq!(&mirror, &Mirror::of(parsed.iter().rev()));
        prop_assert_eq!(&mirror, &Mirror::of(order.iter().map(|at| &parsed[*at])));
    }

    /// FirstPromoter sends what failed again for 17 hours, as it was then.
    #[test]
    fn an_old_snapshot_that_comes_again_changes_nothing(bodies in mixed(), again in any::<prop::sample::Index>()) {
        let mut parsed: Vec<_> = kept_all(&bodies).iter().map(updates).collect();
        let mirror = Mirror::of(&parsed);
        parsed.push(parsed[again.index(parsed.len())].clone());
        prop_assert_eq!(mirror, Mirror::of(&parsed));
    }
}

#[tokio::test]
async fn both_protocols_give_the_same_tables_on_both_databases_in_every_order() {
    let databases = [TestDatabase::migrated(Backend::Sqlite).await, TestDatabase::migrated(Backend::Postgres).await];
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(20_261_121), ..Config::default() });
    for _ in 0..12 {
        let events = kept_all(&mixed().new_tree(&mut runner).unwrap().current());
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
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    }
}

/// An account with webhooks of both versions sends every value twice.
#[tokio::test]
async fn what_both_protocols_send_is_one_row() {
    on_both(async |test: TestDatabase| {
        let v1 = ["promoter_signed_up", "promoter_accepted", "lead_signup", "lead_becomes_referral", "reward_created"];
        let v2 = [
            "v2/promoter_created",
            "v2/promoter_campaign_accepted",
            "v2/referral_created",
            "v2/referral_converted",
            "v2/commission_created",
            "v2/promoter_balance_updated",
            "v2/payout_created",
        ];
        let mut events: Vec<_> = v1.iter().chain(&v2).map(|name| kept(name, fixture(name).as_bytes())).collect();
        // A fulfilment has the id of its payout.
        let json = |name: &str| serde_json::from_str::<Value>(&fixture(name)).unwrap();
        let (mut fulfilment, payout) = (json("fulfilment_pending"), json("v2/payout_created"));
        fulfilment["data"]["id"] = payout["data"]["id"].clone();
        events.push(kept("fulfilment_pending", fulfilment.to_string().as_bytes()));
        let drained = apply(&test.database, &events).await;
        assert_eq!(drained, OutcomeCounts { applied: 13, ..OutcomeCounts::default() });
        let dump = dump(&test.database).await;
        let in_memory = |table: MirroredTable| {
            let name = table.name();
            dump.iter().filter(|((of, _), row)| *of == name && row.starts_with("stub=false")).count()
        };
        for (table, rows) in [
            (MirroredTable::Promoter, 1),
            (MirroredTable::Profile, 1),
            (MirroredTable::Lead, 1),
            (MirroredTable::Commission, 1),
            (MirroredTable::Campaign, 1),
            (MirroredTable::Payout, 1),
        ] {
            // The parent has a name where v2 nests it.
            assert_eq!(in_memory(table), rows, "{table:?}");
        }
        let balances = balances(&test.database).await;
        assert_eq!(balances.get("5100001:earned:cash"), Some(&3_149_370_000));
        assert_eq!(balances.keys().filter(|key| key.contains(":earned:")).count(), 2);
        let alone: Vec<_> = events.iter().filter(|event| event.protocol == Protocol::V1).cloned().collect();
        let lead = Mirror::after(&alone);
        let both = Mirror::after(&events);
        for column in ["state", "promoter_id", "promotion_id", "customer_since", "email"] {
            assert_eq!(
                lead.cell(MirroredTable::Lead, 30_100_001, column),
                both.cell(MirroredTable::Lead, 30_100_001, column),
                "{column}"
            );
        }
    })
    .await;
}

#[test]
fn an_event_without_a_usable_time_never_deletes_a_row_of_an_event_with_one() {
    let created = json!({"event_id": "a", "event_type": "referral.created", "entity_id": 7, "data": {"id": 7}, "timestamp": "2025-03-01T00:00:00Z"});
    let deleted = json!({"event_id": "b", "event_type": "referral.deleted", "entity_id": 7});
    let mirror = Mirror::after(&kept_all(&[created, deleted]));
    assert_eq!(mirror.int(MirroredTable::Lead, 7, "deleted_at"), None);
}
