//! What applying events does to the server that others write to as well.

use std::time::Duration;

use promograph::{
    database::Database,
    projection::{Changes, drain, notice_writer, pg_listener::CHANNEL},
};
use sea_orm::{
    ConnectionTrait as _, Statement,
    sqlx::{self, Executor as _, Row as _, postgres::PgListener},
};
use serde_json::json;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Backend, TestDatabase, Webhooks,
    events::{NOW, kept, store},
    eventually, fixture,
};

async fn store_lead(db: &Database) {
    let event = json!({"id": 7, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"});
    let body = json!({"event": event, "data": {"id": 7}}).to_string();
    store(db, &[kept("event-7", body.as_bytes())]).await;
}

#[tokio::test]
async fn the_commits_of_the_projection_do_not_wait_for_the_disk_and_all_others_do() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    for statement in [
        "do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$",
        "create table seen (tab text, setting text)",
        "create function note() returns trigger language plpgsql as
            $$ begin insert into seen values (tg_table_name, current_setting('synchronous_commit')); return null; end $$",
        "create constraint trigger note after insert on lead
            deferrable initially deferred for each row execute function note()",
        "create constraint trigger note after insert on webhook_event
            deferrable initially deferred for each row execute function note()",
    ] {
        test.database.write.execute_unprepared(statement).await.unwrap();
    }
    let db = Database::connect(&test.url).await.unwrap();
    store_lead(&db).await;
    drain(&db, &Changes::new(), NOW).await.unwrap();
    // On each connection, the projection's too.
    eventually("all are free again", async || db.writers().0 as usize == db.writers().1).await;
    let mut held = Vec::new();
    for _ in 0..db.writers().0 {
        let mut connection = db.write.get_postgres_connection_pool().acquire().await.unwrap();
        let row = connection.fetch_one("select current_setting('synchronous_commit')").await.unwrap();
        assert_eq!(row.get::<String, _>(0), "on");
        held.push(connection);
    }
    let seen = Statement::from_string(db.backend, "select tab || ' ' || setting from seen");
    let seen: Vec<String> =
        db.read.query_all_raw(seen).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(seen, ["webhook_event on", "lead off"]);
}

/// Fails instead of waiting for ever.
async fn hears(listener: &mut PgListener) {
    timeout(Duration::from_secs(60), listener.recv()).await.expect("a notice in a minute").unwrap();
}

#[tokio::test]
async fn the_database_says_when_something_was_applied_or_kept() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let mut listener = PgListener::connect(&test.url).await.unwrap();
    listener.listen(CHANNEL).await.unwrap();
    store_lead(&test.database).await;
    drain(&test.database, &Changes::new(), NOW).await.unwrap();
    hears(&mut listener).await;

    let (webhooks, stop) = (Webhooks::new(&test.database), CancellationToken::new());
    tokio::spawn(notice_writer::run(test.database.clone(), webhooks.subscribe(), Changes::new(), stop.clone()));
    let _stop = stop.drop_guard();
    webhooks.deliver(fixture("lead_signup")).await;
    hears(&mut listener).await;
}

#[tokio::test]
async fn a_connection_that_was_left_inside_a_transaction_is_used_by_nobody_else() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let pool = test.database.write.get_postgres_connection_pool();
    for left in ["begin", "begin; select 1 / 0"] {
        let mut connection = pool.acquire().await.unwrap();
        let _ = sqlx::raw_sql(left).execute(&mut *connection).await;
        drop(connection);
        // All that there may be, so the one that was left is among them, or was closed.
        let mut all = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            all.push(pool.acquire().await.unwrap());
        }
        for connection in &mut all {
            let row = sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(&mut **connection).await.unwrap();
            assert!(row.get::<bool, _>(0), "after {left}");
        }
    }
}
