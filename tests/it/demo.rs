//! The demo: a simulated programme through the inbox and the projection.

mod figures;
mod six_questions;

use std::sync::Mutex;

use bytes::Bytes;
use demo::{DemoConfig, Simulation};
use entity::MirroredTable;
use promograph::{
    cli::demo::fill,
    inbox::{Delivery, EventStatus, Protocol},
    webhook::{Endpoints, parse_delivery},
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;

use crate::support::{
    TestDatabase,
    dump::{balances, dump},
    events::kept,
    mirror::updates,
    on_both,
};

/// 2025-11-01: not ahead of the projector's own clock.
const END: i64 = 1_761_955_200_000;
const CONFIG: DemoConfig = DemoConfig { promoters: 30, leads: 400, seed: 3, end_ms: END };
/// After the demo's two years, so that none of its events lies in the future.
const fn now() -> i64 {
    1_800_000_000_000
}

async fn count(test: &TestDatabase, sql: &str) -> u64 {
    let statement = Statement::from_string(test.database.backend, sql);
    let row = test.database.read.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index::<i64>(0).unwrap().try_into().unwrap()
}

fn delivery(body: Vec<u8>) -> Delivery {
    parse_delivery(&Bytes::from(body), &Endpoints::new(&[]), END)
}

#[test]
fn every_event_of_the_demo_is_a_pending_event_without_warnings() {
    for event in Simulation::new(CONFIG) {
        let delivery = delivery(event.body);
        let protocol = if event.event_type.contains('.') { Protocol::V2 } else { Protocol::V1 };
        assert_eq!((delivery.protocol, delivery.status), (protocol, EventStatus::Pending), "{:?}", delivery.error);
        assert_eq!(delivery.event_type, event.event_type);
        assert!(delivery.occurred_at.is_some());
        let updates = updates(&kept("event", &delivery.body));
        assert!(updates.warnings().is_empty(), "{}: {:?}", event.event_type, updates.warnings());
    }
}

#[test]
fn the_demo_sends_secrets_and_none_is_stored() {
    let event = Simulation::new(CONFIG).find(|event| event.event_type == "promoter_signed_up").unwrap();
    let sent: Value = serde_json::from_slice(&event.body).unwrap();
    let stored: Value = serde_json::from_slice(&delivery(event.body).body).unwrap();
    for secret in ["auth_token", "temp_password"] {
        assert!(sent["data"]["promoter"][secret].as_str().is_some_and(|text| text != "[redacted]"));
        assert_eq!(stored["data"]["promoter"][secret], "[redacted]");
    }
}

#[tokio::test]
async fn the_demo_fills_every_table_and_leaves_nothing_waiting_or_failed() {
    on_both(async |test: TestDatabase| {
        let filled = fill(&test.database, CONFIG, now, |_| ()).await.unwrap();
        assert_eq!((filled.leads, filled.duplicates), (CONFIG.leads, 0));
        assert_eq!(count(&test, "select count(*) from webhook_event where status = 'applied'").await, filled.events);
        assert_eq!(count(&test, "select count(*) from webhook_event where error is not null").await, 0);
        assert_eq!(count(&test, "select count(*) from lead").await, CONFIG.leads);
        assert_eq!(count(&test, "select count(*) from promoter").await, u64::from(CONFIG.promoters));
        for table in MirroredTable::ALL {
            let name = table.name();
            assert!(count(&test, &format!("select count(*) from {name}")).await > 0, "{name}");
            assert_eq!(count(&test, &format!("select count(*) from {name} where is_stub")).await, 0, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_demo_again_finds_everything_there_and_changes_nothing() {
    on_both(async |test: TestDatabase| {
        let first = fill(&test.database, CONFIG, now, |_| ()).await.unwrap();
        let before = (dump(&test.database).await, balances(&test.database).await);
        let second = fill(&test.database, CONFIG, now, |_| ()).await.unwrap();
        assert_eq!((second.events, second.duplicates), (first.events, first.events));
        assert_eq!((dump(&test.database).await, balances(&test.database).await), before);
        fill(&test.database, DemoConfig { seed: 4, ..CONFIG }, now, |_| ()).await.unwrap();
        assert_eq!(count(&test, "select count(*) from lead").await, 2 * CONFIG.leads);
    })
    .await;
}

#[tokio::test]
async fn the_same_demo_on_a_later_day_moves_the_programme_to_that_day() {
    let dumps = Mutex::new(Vec::new());
    let later = DemoConfig { end_ms: END + 3 * 24 * 3_600_000, ..CONFIG };
    for days in [&[CONFIG, later][..], &[later]] {
        on_both(async |test: TestDatabase| {
            for config in days {
                fill(&test.database, *config, now, |_| ()).await.unwrap();
            }
            let state = (dump(&test.database).await, balances(&test.database).await);
            dumps.lock().unwrap().push(state);
        })
        .await;
    }
    let dumps = dumps.into_inner().unwrap();
    assert!(dumps.iter().all(|dump| *dump == dumps[0]));
}

#[tokio::test]
async fn two_demos_at_once_on_one_database_are_both_applied_to_the_end() {
    on_both(async |test: TestDatabase| {
        let other = DemoConfig { seed: 4, ..CONFIG };
        let (first, second) =
            tokio::join!(fill(&test.database, CONFIG, now, |_| ()), fill(&test.database, other, now, |_| ()));
        assert_eq!(first.unwrap().leads + second.unwrap().leads, count(&test, "select count(*) from lead").await);
        assert_eq!(count(&test, "select count(*) from webhook_event where status <> 'applied'").await, 0);
    })
    .await;
}
