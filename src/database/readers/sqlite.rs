//! A read connection to `SQLite`: setting a flag interrupts its statement.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{
    QueryResult, Statement,
    sqlx::{
        self, Connection as _,
        sqlite::{SqliteConnectOptions, SqliteConnection},
    },
};

use super::query::{RowPredicate, STATEMENT_CACHE_SIZE, query};

/// Steps of `SQLite`'s virtual machine between two checks of the flag: less than a millisecond.
const PROGRESS_STEPS: i32 = 4_000;

pub(super) struct SqliteReader {
    connection: SqliteConnection,
    interrupted: Arc<AtomicBool>,
}

impl SqliteReader {
    pub(super) async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection =
            SqliteConnection::connect_with(&options.clone().statement_cache_capacity(STATEMENT_CACHE_SIZE)).await?;
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        connection.lock_handle().await?.set_progress_handler(PROGRESS_STEPS, move || !flag.load(Ordering::Relaxed));
        Ok(Self { connection, interrupted })
    }

    pub(super) async fn query(
        &mut self,
        statement: &Statement,
        wanted: RowPredicate<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        query(&mut self.connection, statement, wanted).await
    }

    /// Ends the statement; gives the connection back once it has ended.
    pub(super) async fn cancel(mut self) -> Option<Self> {
        self.interrupted.store(true, Ordering::Relaxed);
        let ended = self.connection.ping().await;
        self.interrupted.store(false, Ordering::Relaxed);
        ended.is_ok().then_some(self)
    }

    pub(super) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "a read connection did not close in order");
        }
    }
}
