//! `SQLite` under one server: what goes wrong with its file, and who else uses it.

use std::{fs, time::Duration};

use promograph::{
    database::{Database, sqlite_url},
    projection::{Changes, drain},
};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use tokio::time::timeout;

use crate::support::{
    Backend, TestDatabase,
    events::{NOW, kept, store},
    fixture,
};

#[tokio::test]
async fn events_are_applied_again_once_the_disk_has_room() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let db = &test.database;
    store(db, &[kept("lead", fixture("lead_signup").as_bytes())]).await;
    // As on a full disk: the transaction is ended by the database itself.
    let row = db.write.query_one_raw(sea_orm::Statement::from_string(db.backend, "pragma page_count")).await;
    let pages: i32 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
    let limit = async |pages: i32| {
        db.write.execute_unprepared(&format!("pragma max_page_count = {pages}")).await.unwrap();
    };
    db.write.execute_unprepared("create table t (x)").await.unwrap();
    limit(pages + 2).await;
    let mut begun = db.write.get_sqlite_connection_pool().begin_with("begin immediate").await.unwrap();
    let full = sea_orm::sqlx::query("insert into t values (zeroblob(1000000))").execute(&mut *begun).await.unwrap_err();
    assert!(full.to_string().contains("full"), "{full}");
    drop(begun);
    limit(1_000_000).await;
    assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().applied, 1);
}

#[tokio::test]
async fn a_command_that_ends_does_not_wait_for_who_reads() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let db = &test.database;
    let [reader, command] = [Database::connect(&test.url).await.unwrap(), Database::connect(&test.url).await.unwrap()];
    let reading = reader.write.begin().await.unwrap();
    reading.execute_unprepared("select count(*) from webhook_event").await.unwrap();
    db.write.execute_unprepared("create table t (x)").await.unwrap();
    // Else it would keep others from writing for as long as a lock is waited for, ten seconds.
    timeout(Duration::from_secs(8), command.close()).await.expect("it ends at once").unwrap();
    reading.rollback().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_gone_is_not_made_anew_beside_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let (file, log) = (folder.path().join("promograph.db"), folder.path().join("promograph.db-wal"));
    fs::write(&log, [1; 5_000]).unwrap();
    for file_is_empty in [false, true] {
        if file_is_empty {
            fs::write(&file, []).unwrap();
        }
        let error = Database::connect(&sqlite_url(&file)).await.unwrap_err().to_string();
        assert!(error.contains("promograph.db is gone, but") && error.contains("promograph.db-wal"), "{error}");
        assert_eq!(fs::metadata(&log).unwrap().len(), 5_000);
    }
}

#[tokio::test]
async fn who_closes_last_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("promograph.db");
    let db = Database::connect(&sqlite_url(&file)).await.unwrap();
    db.write.execute_unprepared("create table t (x)").await.unwrap();
    db.close().await.unwrap();
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["promograph.db"], "with all that was written");
}
