//! Replaying stored events.

use entity::webhook_event::EventStatus;
use std::time::Duration;

use promograph::projection::{Changes, ReplaySelection, drain, replay};
use serde_json::json;
use tokio::time::timeout;

use crate::support::{
    Backend, TestDatabase,
    dump::dump,
    events::{NOW, apply, kept, stored},
    fixture, on_both,
};

#[tokio::test]
async fn a_replay_changes_no_row_however_often() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let names = ["lead_signup", "lead_becomes_referral", "reward_created", "lead_cancelled"];
        apply(db, &names.map(|name| kept(name, fixture(name).as_bytes()))).await;
        let (before, changes) = (dump(db).await, Changes::new());
        let mut notices = changes.subscribe();
        for _ in 0..2 {
            assert_eq!(replay(db, &ReplaySelection::default(), NOW).await.unwrap(), 4);
            assert_eq!(drain(db, &changes, NOW).await.unwrap().applied, 4);
        }
        assert_eq!(dump(db).await, before);
        notices.try_recv().expect_err("nothing changed");
    })
    .await;
}

#[tokio::test]
async fn looking_for_what_to_replay_keeps_no_delivery_from_being_written() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let db = &test.database;
    apply(db, &[kept("lead", fixture("lead_signup").as_bytes())]).await;
    let _lock = db.lock_writer_first().await;
    let failed = ReplaySelection { statuses: vec![EventStatus::Failed], ..ReplaySelection::default() };
    let replayed = timeout(Duration::from_secs(60), replay(db, &failed, NOW)).await;
    assert_eq!(replayed.expect("a look takes no turn").unwrap(), 0);
}

#[tokio::test]
async fn a_replay_takes_what_matches_everything_that_is_given() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let mut events: Vec<_> = ["lead_signup", "lead_cancelled", "promoter_accepted"]
            .map(|name| kept(name, fixture(name).as_bytes()))
            .into();
        let nobody = json!({"event": {"id": 9, "type": "lead_signup"}, "data": {}}).to_string();
        events.push(kept("nobody", nobody.as_bytes()));
        events.push(payload_without_body());
        for (at, event) in (0..).zip(&mut events) {
            event.received_at = NOW - 10 + at;
        }
        apply(db, &events).await;
        let text = |text: &[&str]| text.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let all = ReplaySelection::default;
        for (selection, expected) in [
            (ReplaySelection { statuses: vec![EventStatus::Failed], ..all() }, &["nobody"][..]),
            (
                ReplaySelection { types: text(&["lead_signup"]), statuses: vec![EventStatus::Applied], ..all() },
                &["lead_signup"],
            ),
            (
                ReplaySelection { ids: text(&["lead_signup", "promoter_accepted", "none"]), ..all() },
                &["lead_signup", "promoter_accepted"],
            ),
            (
                ReplaySelection { received_from: Some(NOW - 9), received_until: Some(NOW - 7), ..all() },
                &["lead_cancelled", "promoter_accepted"],
            ),
            (
                ReplaySelection {
                    statuses: vec![
                        EventStatus::Failed,
                        EventStatus::Applied,
                        EventStatus::Pending,
                        EventStatus::Failed,
                    ],
                    ..all()
                },
                &["lead_cancelled", "lead_signup", "nobody", "promoter_accepted"],
            ),
            (
                ReplaySelection { types: text(&["lead_cancelled", "lead_signup", "none"]), ..all() },
                &["lead_cancelled", "lead_signup", "nobody"],
            ),
            (all(), &["lead_cancelled", "lead_signup", "nobody", "promoter_accepted"]),
        ] {
            assert_eq!(replay(db, &selection, NOW).await.unwrap(), expected.len() as u64, "{selection:?}");
            let pending = stored(db)
                .await
                .into_iter()
                .filter(|event| event.status == EventStatus::Pending && event.attempts == 0);
            assert_eq!(pending.map(|event| event.id).collect::<Vec<_>>(), expected, "{selection:?}");
            drain(db, &Changes::new(), NOW).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_named_is_replayed_though_a_clock_was_ahead_when_it_came() {
    on_both(async |test: TestDatabase| {
        let mut event = kept("lead", fixture("lead_signup").as_bytes());
        event.received_at = NOW + 86_400_000;
        apply(&test.database, &[event]).await;
        assert_eq!(replay(&test.database, &ReplaySelection::default(), NOW).await.unwrap(), 0, "it came meanwhile");
        let named = ReplaySelection { ids: vec!["lead".to_owned()], ..ReplaySelection::default() };
        assert_eq!(replay(&test.database, &named, NOW).await.unwrap(), 1);
    })
    .await;
}

/// An event whose body was pruned.
fn payload_without_body() -> promograph::projection::parse::StoredEvent {
    let body = json!({"event": {"id": 10, "type": "lead_cancelled"}, "data": {}}).to_string();
    promograph::projection::parse::StoredEvent { body: None, ..kept("pruned", body.as_bytes()) }
}
