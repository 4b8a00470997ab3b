//! A read connection to `SQLite`: setting a flag interrupts its statement.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::sqlx::{
    self, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

use super::query::STATEMENT_CACHE_SIZE;

/// Steps of `SQLite`'s virtual machine between two checks of the flag: less than a millisecond.
const PROGRESS_STEPS: i32 = 4_000;

pub(super) struct SqliteReader {
    pub(super) connection: SqliteConnection,
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
