//! The queue: batches, failing events, outages.

use entity::webhook_event::EventStatus;
use promograph::{
    database::Database,
    projection::{Changes, OutcomeCounts, Projector, ProjectorConfig, StepOutcome, drain},
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::support::{
    Backend, TestDatabase,
    dump::dump,
    events::{NOW, apply, kept, kept_all, store, stored},
    on_both,
};

fn lead_signup(id: i64) -> serde_json::Value {
    let data = json!({"id": id, "state": "signup", "promoter": {"id": id + 1_000, "email": "secret@mail.example"}});
    json!({"event": {"id": id, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"}, "data": data})
}

/// From now on the database refuses the lead with this id.
async fn refuse_lead(test: &TestDatabase, id: i64) {
    let sql = match test.backend {
        Backend::Sqlite => format!(
            "create trigger refuse before insert on lead when new.id = {id} begin select raise(abort, 'refused'); end"
        ),
        Backend::Postgres => format!("alter table lead add constraint refuse check (id <> {id})"),
    };
    test.database.write.execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn a_failing_event_does_not_hold_up_its_batch_and_is_tried_again() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        refuse_lead(&test, 13).await;
        let events = kept_all(&(1..=30).map(lead_signup).collect::<Vec<_>>());
        let counts = apply(db, &events).await;
        assert_eq!(counts, OutcomeCounts { applied: 29, delayed: 1, ..OutcomeCounts::default() });
        let culprit = &stored(db).await[12];
        assert_eq!((culprit.status.as_str(), culprit.attempts, culprit.next_attempt_at), ("pending", 1, NOW + 5_000));
        let error = culprit.error.as_deref().unwrap();
        assert!(error.contains("refuse") && !error.contains("secret@mail.example"), "{error}");
        assert_eq!(dump(db).await.len(), 58, "nothing of it is stored");

        assert_eq!(drain(db, &Changes::new(), NOW + 4_999).await.unwrap(), OutcomeCounts::default());
        for attempt in 2..=8 {
            let due = stored(db).await[12].next_attempt_at;
            let counts = drain(db, &Changes::new(), due).await.unwrap();
            let expected = if attempt == 8 { (0, 1) } else { (1, 0) };
            assert_eq!((counts.delayed, counts.failed), expected, "attempt {attempt}");
        }
        let culprit = &stored(db).await[12];
        assert_eq!((culprit.status.as_str(), culprit.attempts), ("failed", 8));
        assert_eq!(drain(db, &Changes::new(), i64::MAX - 100_000).await.unwrap(), OutcomeCounts::default());
    })
    .await;
}

#[tokio::test]
async fn an_event_that_takes_longer_than_postgresql_allows_does_not_hold_up_the_others() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    for sql in [
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(600); return new; end'",
        "create trigger slow before insert on lead for each row when (new.id = 2) execute function slow()",
        "do $$ begin execute format('alter database %I set statement_timeout = 2000', current_database()); end $$",
    ] {
        test.database.write.execute_unprepared(sql).await.unwrap();
    }
    let db = Database::connect(&test.url).await.unwrap();
    let counts = apply(&db, &kept_all(&[lead_signup(1), lead_signup(2), lead_signup(3)])).await;
    assert_eq!(counts, OutcomeCounts { applied: 2, delayed: 1, ..OutcomeCounts::default() });
    let culprit = &stored(&db).await[1];
    assert_eq!((culprit.status.as_str(), culprit.attempts, culprit.next_attempt_at), ("pending", 1, NOW + 5_000));
    assert!(culprit.error.as_deref().unwrap().contains("statement timeout"), "{:?}", culprit.error);
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_put_off_is_not_left_until_then() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        refuse_lead(&test, 13).await;
        store(db, &kept_all(&[lead_signup(13)])).await;
        let year = 365 * 86_400_000;
        assert_eq!(drain(db, &Changes::new(), NOW + year).await.unwrap().delayed, 1);
        assert_eq!(stored(db).await[0].next_attempt_at, NOW + year + 5_000);
        assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().delayed, 1, "the clock was put right");
        assert_eq!(stored(db).await[0].next_attempt_at, NOW + 20_000, "and the pause begins anew");
        assert_eq!(drain(db, &Changes::new(), NOW + 19_999).await.unwrap(), OutcomeCounts::default());
    })
    .await;
}

#[tokio::test]
async fn an_outage_is_no_events_fault() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        db.write.execute_unprepared("alter table lead rename to elsewhere").await.unwrap();
        store(db, &kept_all(&[lead_signup(1), lead_signup(2)])).await;
        drain(db, &Changes::new(), NOW).await.unwrap_err();
        assert!(stored(db).await.iter().all(|event| event.status == EventStatus::Pending && event.attempts == 0));
        db.write.execute_unprepared("alter table elsewhere rename to lead").await.unwrap();
        assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().applied, 2);
    })
    .await;
}

#[tokio::test]
async fn events_without_updates_leave_the_queue_with_their_reason() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let mut events = kept_all(&[lead_signup(1), lead_signup(2), lead_signup(3), lead_signup(4)]);
        events[0].event_type = "promoter_danced".to_owned();
        events[1].body = Some(b"{\"event\": 1".to_vec());
        events[2].body = Some(b"{\"data\": {\"id\": 1e999}}".to_vec());
        events[3].body = Some(b"{\"data\": {\"id\": 4, \"uid\": []}}".to_vec());
        let counts = apply(db, &events).await;
        assert_eq!(counts, OutcomeCounts { applied: 1, ignored: 1, unreadable: 1, failed: 1, delayed: 0 });
        let events = stored(db).await;
        let reasons: Vec<_> = events.iter().map(|event| (event.status.as_str(), event.error.as_deref())).collect();
        let expected = [
            ("ignored", Some("an event type that is not known")),
            ("unreadable", Some("not JSON: it ends too early at byte 11")),
            ("failed", Some("not applied: lead.id: number is not an id")),
            ("applied", None),
        ];
        assert_eq!(reasons, expected);
        assert_eq!(events[3].warnings.as_deref(), Some(r#"["lead.uid: list is not text"]"#));
    })
    .await;
}

#[tokio::test]
async fn many_events_are_taken_in_several_batches() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        store(db, &kept_all(&(1..=2_100).map(lead_signup).collect::<Vec<_>>())).await;
        let mut projector = Projector::new(db.clone(), Changes::new(), ProjectorConfig::default());
        let mut applied = Vec::new();
        while projector.step(NOW).await.unwrap() == StepOutcome::Applied {
            applied.push(projector.counts.applied);
        }
        assert_eq!(applied, [1_000, 2_000, 2_100]);
        assert_eq!(dump(db).await.len(), 4_200);
    })
    .await;
}

#[tokio::test]
async fn large_bodies_are_taken_in_smaller_batches() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let large = |id: i64| {
            let mut body = lead_signup(id);
            body["data"]["note"] = json!("x".repeat(1_000_000));
            kept(&format!("large-{id:02}"), body.to_string().as_bytes())
        };
        store(db, &(1..=20).map(large).collect::<Vec<_>>()).await;
        let mut projector = Projector::new(db.clone(), Changes::new(), ProjectorConfig::default());
        assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::Applied);
        assert_eq!(projector.counts.applied, 8);
        while projector.step(NOW).await.unwrap() == StepOutcome::Applied {}
        assert_eq!(projector.counts.applied, 20);
    })
    .await;
}
