//! A connection to `SQLite` that reads: its statement ends when a flag is raised.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{
    QueryResult, Values,
    sqlx::{
        self, AssertSqlSafe, Connection as _,
        sqlite::{SqliteConnectOptions, SqliteConnection},
    },
};
use sea_query_sqlx::SqlxValues;

use super::connection::{KEPT_STATEMENTS, Wanted, gather, is_kept};

/// So many steps of `SQLite`'s machine pass between two looks at the flag: less than a millisecond.
const STEPS: i32 = 4_000;

pub(super) struct Sqlite {
    connection: SqliteConnection,
    cancelled: Arc<AtomicBool>,
}

impl Sqlite {
    pub(super) async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection =
            SqliteConnection::connect_with(&options.clone().statement_cache_capacity(KEPT_STATEMENTS)).await?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || !flag.load(Ordering::Relaxed));
        Ok(Self { connection, cancelled })
    }

    pub(super) async fn query(
        &mut self,
        sql: &str,
        values: Values,
        wanted: Wanted<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)).persistent(is_kept(sql));
        gather(query.fetch(&mut self.connection), wanted).await
    }

    /// Ends the statement; gives the connection back once it has ended.
    pub(super) async fn cancelled(mut self) -> Option<Self> {
        self.cancelled.store(true, Ordering::Relaxed);
        let ended = self.connection.ping().await;
        self.cancelled.store(false, Ordering::Relaxed);
        ended.is_ok().then_some(self)
    }

    pub(super) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "a reading connection did not close in order");
        }
    }
}
