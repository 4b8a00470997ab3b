//! A database that is away, comes back, or would rather not wait for its disk.

use promograph::{database::Database, inbox::InsertError};
use sea_orm::ConnectionTrait as _;

use super::{delivery, start};
use crate::support::{TestDatabase, on_both};

#[tokio::test]
async fn an_outage_is_answered_to_everyone_and_then_forgotten() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let rename = async |from: &str, to: &str| {
            test.database.write.execute_unprepared(&format!("alter table {from} rename to {to}")).await.unwrap();
        };
        rename("webhook_event", "away").await;
        let (one, two) = tokio::join!(inbox.insert(delivery("1")), inbox.insert(delivery("2")));
        assert_eq!((one, two), (Err(InsertError::Unavailable), Err(InsertError::Unavailable)));
        rename("away", "webhook_event").await;
        assert!(!inbox.insert(delivery("1")).await.unwrap().duplicate);
    })
    .await;
}

#[tokio::test]
async fn broken_connections_of_a_restarted_server_are_passed_over() {
    on_both(async |test: TestDatabase| {
        if test.database.is_sqlite() {
            return;
        }
        let inbox = start(&test.database);
        // Several connections, so that more than one of the pool is broken afterwards.
        let pool = test.database.write.get_postgres_connection_pool();
        let held = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        drop(held);
        let admin = sea_orm::Database::connect(&test.url).await.unwrap();
        let end_others = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()";
        admin.execute_unprepared(end_others).await.unwrap();
        assert!(!inbox.insert(delivery("1")).await.unwrap().duplicate);
    })
    .await;
}

#[tokio::test]
async fn the_commit_is_durable_even_where_the_server_defaults_to_less() {
    on_both(async |test: TestDatabase| {
        if test.database.is_sqlite() {
            return;
        }
        for statement in [
            "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
            "create table seen (setting text)",
            "create function note() returns trigger language plpgsql as
                $$ begin insert into seen values (current_setting('synchronous_commit')); return null; end $$",
            "create constraint trigger note after insert on webhook_event
                deferrable initially deferred for each row execute function note()",
        ] {
            test.database.write.execute_unprepared(statement).await.unwrap();
        }
        let database = Database::connect(&test.url).await.unwrap();
        start(&database).insert(delivery("1")).await.unwrap();
        let seen = test
            .database
            .read
            .query_one_raw(sea_orm::Statement::from_string(test.database.backend, "select setting from seen"));
        assert_eq!(seen.await.unwrap().unwrap().try_get_by_index::<String>(0).unwrap(), "on");
    })
    .await;
}
