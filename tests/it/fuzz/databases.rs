//! From bytes to tables: the real routes, the real inbox and the real projector, on both databases.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use promograph::{
    database::Database,
    projection::{
        Changes, digest, drain,
        parse::{self, IdSpace, ParsedPayload},
        rebuild,
        updates::EventUpdates,
    },
    time::now_ms,
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngSeed, TestRunner},
};

use super::{
    body::{Body, body},
    config, reading,
};
use crate::support::{
    Backend, TestDatabase, Webhooks,
    dump::{clear, dump},
    events::{as_kept, stored},
    mirror::Mirror,
};

/// Of one case.
const EVENTS: usize = 60;

/// Batches of any events: each is kept once and comes to an end that its own content explains; both
/// databases hold what merging in memory gives, in every order, at once or bit by bit, and so does a
/// rebuild.
#[tokio::test]
async fn any_events_come_to_an_end_and_to_the_same_tables_on_both_databases() {
    let config = config(12);
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => rand::random(),
    };
    eprintln!("PROPTEST_RNG_SEED={seed}");
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..config });
    let databases = [TestDatabase::migrated(Backend::Sqlite).await, TestDatabase::migrated(Backend::Postgres).await];
    let (strategy, mut applied) = (prop::collection::vec(body(), EVENTS), 0);
    for case in 0..runner.config().cases {
        let bodies: Vec<_> = strategy.new_tree(&mut runner).unwrap().current().iter().map(Body::bytes).collect();
        let mut digests = Vec::new();
        for test in &databases {
            let db = &test.database;
            for parts in [1, 4] {
                clear(db).await;
                let shuffled = Just(bodies.clone()).prop_shuffle().new_tree(&mut runner).unwrap().current();
                for part in shuffled.chunks(EVENTS / parts) {
                    deliver(db, part.to_vec()).await;
                    drain(db, &Changes::new(), now_ms()).await.unwrap();
                }
                let parsed = explained(db, &bodies).await;
                applied += parsed.len();
                let expected = Mirror::of(&parsed).dump();
                assert_eq!(dump(db).await, expected, "case {case} in {parts} parts on {:?}", test.backend);
                digests.push(digest(db).await.unwrap().whole);
            }
            let rebuilt = rebuild(db, &Changes::new(), now_ms, &mut |_| {}).await.unwrap();
            assert_eq!((rebuilt.changed, rebuilt.retained.len()), (0, 0), "case {case} rebuilt on {:?}", test.backend);
        }
        assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "case {case}: {digests:?}");
    }
    let all = EVENTS * 4 * usize::try_from(runner.config().cases).unwrap();
    assert!(applied > all / 3, "{applied} of {all} update something: too few");
}

/// Delivers at once; they are kept in the order in which they happen to be served.
async fn deliver(db: &Database, bodies: Vec<Vec<u8>>) {
    let webhooks = Webhooks::new(db);
    for answered in join_all(bodies.into_iter().map(|body| webhooks.deliver(body))).await {
        assert!([200, 202, 400].contains(&answered.code.as_u16()), "{answered:?}");
    }
}

/// The updates of the stored events, after making sure that all are there and that each has the status that
/// its own content explains.
async fn explained(db: &Database, bodies: &[Vec<u8>]) -> Vec<EventUpdates> {
    let events = stored(db).await;
    let keys: BTreeSet<_> = bodies.iter().cloned().map(key).collect();
    assert_eq!(events.len(), keys.len(), "every event is kept, and once");
    let mut parsed = Vec::new();
    for event in events {
        let (status, error) = (event.status, event.error.clone());
        let kept = as_kept(event);
        let explained = match (status.as_str(), parse::parse_event(&kept, IdSpace::Shared, now_ms())) {
            ("applied", ParsedPayload::Updates(updates)) => {
                parsed.push(updates);
                true
            }
            ("pending", ParsedPayload::Held { .. }) | ("unreadable", _) => error.is_some(),
            ("ignored", reading) => error.is_some() && !matches!(reading, ParsedPayload::Updates(_)),
            ("failed", ParsedPayload::Failed(reason)) => error.as_ref() == Some(&reason),
            _ => false,
        };
        let body = String::from_utf8_lossy(kept.body.as_deref().unwrap_or_default());
        assert!(explained, "{status} {error:?}: {body}");
    }
    parsed
}

/// What distinguishes an event from all others.
fn key(body: Vec<u8>) -> (String, String, String, String) {
    let delivery = reading::delivery(body);
    (delivery.protocol.to_string(), delivery.event_type, delivery.event_id, delivery.body_hash)
}
