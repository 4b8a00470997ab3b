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

/// So many steps of `SQLite`'s machine pass between two looks at the flag: less than a millisecond.
const STEPS: i32 = 4_000;

pub(super) struct Sqlite {
    connection: SqliteConnection,
    cancelled: Arc<AtomicBool>,
}

impl Sqlite {
    pub(super) async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = SqliteConnection::connect_with(options).await?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || !flag.load(Ordering::Relaxed));
        Ok(Self { connection, cancelled })
    }

    pub(super) async fn query_all(&mut self, sql: &str, values: Values) -> Result<Vec<QueryResult>, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values));
        Ok(query.fetch_all(&mut self.connection).await?.into_iter().map(QueryResult::from).collect())
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
