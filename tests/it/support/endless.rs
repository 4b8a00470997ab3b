//! Reads that never end by themselves.

use promograph::database::Database;
use sea_orm::{ConnectionTrait as _, DbBackend};

/// Makes every read of a table last for ever.
pub async fn spoil(database: &Database, table: &str) {
    let endless = match database.backend {
        DbBackend::Sqlite => {
            "(with recursive n(i) as (select 1 union all select i + 1 from n) select i from n where i < 0) endless"
        }
        _ => "(select pg_sleep(3600)) endless",
    };
    run(database, &format!("alter table {table} rename to kept_{table}")).await;
    run(database, &format!("create view {table} as select kept_{table}.* from kept_{table}, {endless}")).await;
}

/// Makes reads of it end again.
pub async fn mend(database: &Database, table: &str) {
    run(database, &format!("drop view {table}")).await;
    run(database, &format!("alter table kept_{table} rename to {table}")).await;
}

async fn run(database: &Database, sql: &str) {
    database.write.execute_unprepared(sql).await.unwrap();
}
