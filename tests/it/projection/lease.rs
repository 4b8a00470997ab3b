//! The lease: one process projects, another takes over when it says nothing any more.

use entity::webhook_event::EventStatus;
use std::sync::Arc;

use promograph::{
    projection::{Changes, Notice, Projector, ProjectorConfig, StepOutcome, drain, lease::Lease, parse::IdSpace},
    time::now_ms,
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{
    TestDatabase,
    events::{NOW, kept, store, stored},
    eventually, on_both,
};

async fn store_lead(test: &TestDatabase, id: i64) {
    let event = json!({"id": id, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"});
    let body = json!({"event": event, "data": {"id": id}}).to_string();
    store(&test.database, &[kept(&format!("event-{id}"), body.as_bytes())]).await;
}

#[tokio::test]
async fn a_lease_changes_hands_only_when_it_lapsed_or_was_given_back() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let (one, two): (Arc<str>, Arc<str>) = ("one".into(), "two".into());
        let first = Lease::take(db, &one, NOW).await.unwrap().unwrap();
        assert_eq!(Lease::take(db, &two, NOW + 4_999).await.unwrap(), None);
        let mut second = Lease::take(db, &two, NOW + 5_000).await.unwrap().unwrap();
        assert!(second.token() > first.token());
        assert!(!first.clone().extend(db, NOW + 5_001).await.unwrap(), "the former owner notices");
        assert!(second.extend(db, NOW + 9_000).await.unwrap());
        assert_eq!(Lease::take(db, &one, NOW + 13_999).await.unwrap(), None, "it was extended");
        second.release(db).await.unwrap();
        assert!(Lease::take(db, &one, NOW + 9_001).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_lease_is_extended_from_when_a_batch_is_written_not_from_when_it_was_read() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let mut lease = Lease::take(db, &"one".into(), NOW).await.unwrap().unwrap();
        lease.set_delay(3_000);
        assert_eq!(lease.extended(NOW), NOW + 8_000);
        assert!(lease.extend(db, NOW + 1).await.unwrap());
        assert_eq!(lease.extended(NOW + 1), NOW + 5_001, "the next batch was read later");
    })
    .await;
}

#[tokio::test]
async fn a_batch_of_a_former_owner_is_refused_as_a_whole() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let (mut one, mut two) = (
            Projector::new(db.clone(), Changes::new(), ProjectorConfig::default()),
            Projector::new(db.clone(), Changes::new(), ProjectorConfig::default()),
        );
        assert_eq!(one.step(NOW).await.unwrap(), StepOutcome::Idle);
        assert_eq!(two.step(NOW).await.unwrap(), StepOutcome::NotHolder);
        assert_eq!(two.step(NOW + 6_000).await.unwrap(), StepOutcome::Idle, "it took over");
        store_lead(&test, 1).await;
        assert_eq!(one.step(NOW + 1).await.unwrap(), StepOutcome::NotHolder, "its clock stood still, its token is old");
        assert_eq!(stored(db).await[0].status, EventStatus::Pending);
        assert_eq!(two.step(NOW + 6_001).await.unwrap(), StepOutcome::Applied);
        assert_eq!(stored(db).await[0].status, EventStatus::Applied);
        drain(db, &Changes::new(), NOW + 6_002).await.unwrap_err();
        two.release().await.unwrap();
        drain(db, &Changes::new(), NOW + 6_003).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_batch_needs_the_owner_and_the_token_of_the_lease() {
    on_both(async |test: TestDatabase| {
        for (id, robbed) in [(1, "fencing_token = fencing_token + 1"), (2, "owner = 'somebody else'")] {
            let mut projector = Projector::new(test.database.clone(), Changes::new(), ProjectorConfig::default());
            assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::Idle);
            test.database.write.execute_unprepared(&format!("update lease set {robbed}")).await.unwrap();
            store_lead(&test, id).await;
            assert_eq!(projector.step(NOW + 1).await.unwrap(), StepOutcome::NotHolder, "{robbed}");
            assert_eq!(stored(&test.database).await[0].status, EventStatus::Pending, "{robbed}");
            test.database.write.execute_unprepared("delete from lease; delete from webhook_event").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn batches_are_small_where_the_inbox_waits_for_the_same_connection() {
    on_both(async |test: TestDatabase| {
        for id in 101..=400 {
            store_lead(&test, id).await;
        }
        let (changes, shutdown) = (Changes::new(), CancellationToken::new());
        let mut notices = changes.subscribe();
        let config = ProjectorConfig::beside_inbox(&test.database, IdSpace::default());
        let projector = Projector::new(test.database.clone(), changes, config);
        let running = tokio::spawn(projector.run(Arc::default(), shutdown.clone()));
        let mut batches = Vec::new();
        while batches.iter().sum::<usize>() < 300 {
            let Notice::Rows(notices) = notices.recv().await.unwrap() else { panic!("no rows") };
            batches.push(notices.rows.len());
        }
        let expected: &[usize] = if test.database.is_sqlite() { &[64, 64, 64, 64, 44] } else { &[300] };
        assert_eq!(batches, expected);
        shutdown.cancel();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_dead_owner_whose_clock_was_ahead_does_not_keep_the_lease() {
    on_both(async |test: TestDatabase| {
        let dead: Arc<str> = "dead".into();
        Lease::take(&test.database, &dead, now_ms() + 365 * 86_400_000).await.unwrap().unwrap();
        store_lead(&test, 1).await;
        let shutdown = CancellationToken::new();
        let projector = Projector::new(test.database.clone(), Changes::new(), ProjectorConfig::default());
        let running = tokio::spawn(projector.run(Arc::default(), shutdown.clone()));
        eventually("another applies", async || stored(&test.database).await[0].status == EventStatus::Applied).await;
        shutdown.cancel();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_background_projector_applies_what_is_kept_and_gives_the_lease_back() {
    on_both(async |test: TestDatabase| {
        let (wake, changes, shutdown) = (Arc::new(Notify::new()), Changes::new(), CancellationToken::new());
        let mut notices = changes.subscribe();
        let projector = Projector::new(test.database.clone(), changes, ProjectorConfig::default());
        let running = tokio::spawn(projector.run(Arc::clone(&wake), shutdown.clone()));
        store_lead(&test, 1).await;
        wake.notify_one();
        notices.recv().await.unwrap();
        assert_eq!(stored(&test.database).await[0].status, EventStatus::Applied);
        shutdown.cancel();
        running.await.unwrap();
        drain(&test.database, &Changes::new(), NOW).await.unwrap();
    })
    .await;
}
