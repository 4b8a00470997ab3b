//! What a batch costs while much waits, and after much was applied.

use promograph::{
    database::Database,
    projection::{Changes, Projector, ProjectorConfig, StepOutcome, parse::StoredEvent},
};
use sea_orm::{
    ConnectionTrait as _,
    sqlx::{self, Connection as _, PgConnection},
};
use serde_json::json;
use tokio::sync::Mutex;

use crate::support::{
    Backend, TestDatabase,
    events::{NOW, kept, store},
    eventually,
};

/// Applied long ago, and sorted before what waits.
const APPLIED: &str = "insert into webhook_event (id, protocol, event_type, event_id, body_hash, received_at, \
    status, applied_at, last_delivered_at) \
    select 'a' || lpad(n::text, 30, '0'), 'v1', 'lead_signup', n::text, '', n, 'applied', n, n \
    from generate_series(1, 8000) as n";
const WAITING: i64 = 8_000;
/// An event is found by its status, and then read and marked by its id: three times, and a little more.
const READS_OF_AN_EVENT: i64 = 4;

fn lead_signup(id: i64) -> StoredEvent {
    let data = json!({"id": id, "state": "signup", "promoter": {"id": id % 3_000 + 1}});
    let event = json!({"id": id, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"});
    kept(&format!("b{id:030}"), json!({"event": event, "data": data}).to_string().as_bytes())
}

async fn store_backlog(db: &Database) {
    let events: Vec<_> = (1..=WAITING).map(lead_signup).collect();
    for events in events.chunks(500) {
        store(db, events).await;
    }
}

/// A database whose statistics are what the test makes them.
async fn database() -> TestDatabase {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    run(&test, "alter table webhook_event set (autovacuum_enabled = off)").await;
    test
}

async fn run(test: &TestDatabase, sql: &str) {
    test.database.write.execute_unprepared(sql).await.unwrap();
}

/// Applies everything, in several batches, and gives how many events were read for that.
async fn reads(test: &TestDatabase, mut projector: Projector) -> i64 {
    let mut watch = PgConnection::connect(&test.url).await.unwrap();
    let before = read_so_far(&mut watch).await;
    while projector.step(NOW).await.unwrap() == StepOutcome::Applied {}
    assert!(projector.counts.applied >= WAITING.unsigned_abs(), "{:?}", projector.counts);
    // What a connection has read is counted when it ends, if not before.
    test.database.close().await.unwrap();
    let alone = "select count(*) = 1 from pg_stat_activity where datname = current_database()";
    let watch = Mutex::new(watch);
    let ended = async || sqlx::query_scalar::<_, bool>(alone).fetch_one(&mut *watch.lock().await).await.unwrap();
    eventually("the connections have ended", ended).await;
    let so_far = async || read_so_far(&mut *watch.lock().await).await - before;
    eventually("it is counted what they read", async || so_far().await >= 3 * WAITING).await;
    so_far().await
}

async fn read_so_far(watch: &mut PgConnection) -> i64 {
    let read = "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables \
        where relname = 'webhook_event'";
    sqlx::query_scalar::<_, i64>(read).fetch_one(watch).await.unwrap()
}

#[tokio::test]
async fn what_is_applied_or_waits_behind_is_not_read_though_the_statistics_know_of_much_that_waits() {
    let test = database().await;
    run(&test, APPLIED).await;
    store_backlog(&test.database).await;
    run(&test, "analyze webhook_event").await;
    let read = reads(&test, Projector::new(test.database.clone(), Changes::new(), ProjectorConfig::default())).await;
    assert!(read < WAITING * READS_OF_AN_EVENT, "{read}");
}

#[tokio::test]
async fn what_is_applied_or_waits_behind_is_not_read_though_the_statistics_know_of_none_that_waits() {
    let test = database().await;
    run(&test, APPLIED).await;
    run(&test, "analyze webhook_event").await;
    store_backlog(&test.database).await;
    let read = reads(&test, Projector::new(test.database.clone(), Changes::new(), ProjectorConfig::default())).await;
    assert!(read < WAITING * READS_OF_AN_EVENT, "{read}");
}

#[tokio::test]
async fn what_is_applied_or_waits_behind_is_not_read_though_the_statements_were_planned_for_an_empty_table() {
    let test = database().await;
    let mut projector = Projector::new(test.database.clone(), Changes::new(), ProjectorConfig::default());
    for id in 0..60 {
        store(&test.database, &[lead_signup(1_000_000 + id)]).await;
        assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::Applied);
    }
    run(&test, APPLIED).await;
    store_backlog(&test.database).await;
    let read = reads(&test, projector).await;
    assert!(read < WAITING * READS_OF_AN_EVENT, "{read}");
}
