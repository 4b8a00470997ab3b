//! The database: one handle for `SQLite` and `PostgreSQL`, with separate connections for reads and writes.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sea_orm::{DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector, sqlx};

mod array_param;
pub mod by_status;
pub mod byte_budget;
mod connect;
pub mod failure;
mod fair_semaphore;
pub mod migrations;
mod outages;
mod pooler;
mod priority_lock;
mod readers;
mod retry_read;
mod url_parameters;

pub use array_param::{array_param, in_array};
pub use byte_budget::take_within_bytes;
pub use connect::{PostgresUnreachable, describe_url, sqlite_file, warn_if_readable_by_others};
pub use fair_semaphore::{FairSemaphore, ShareKey, SlotLimits};
pub use outages::{Component, Outages};
pub use priority_lock::{PriorityGuard, PriorityLock};
pub use readers::{ReadCounters, ReadStatement, Readers};
pub use retry_read::{retry_read, retry_read_without_timeout};

use connect::Pools;

/// Internal reads, beside those of API clients. Each workload has its own share of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Workload {
    /// Validates tokens and finds their promoter.
    Tokens,
    /// Reads the version of the mirror, for `ETag`s.
    Versions,
    /// Reads the change notices of other processes.
    Changes,
    /// Applying events.
    Projection,
    /// Readiness and metrics.
    Monitoring,
}

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database {
    /// For everything that changes rows.
    pub write: DatabaseConnection,
    /// For reads of API clients: cannot write, and cancels statements whose future is dropped.
    pub read: Readers,
    internal: Readers,
    /// Which database it is.
    pub backend: DbBackend,
    write_lock: PriorityLock,
    /// Logs outages.
    pub outages: Outages,
}

impl Database {
    /// Connects to `sqlite:PATH` or `postgres://...`. Creates the `SQLite` file if it is missing.
    ///
    /// # Errors
    /// When the URL is of another kind, or the database does not answer.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Self::open(url, false).await
    }

    /// As [`Self::connect`], but connects to `PostgreSQL` with the first statement: for a start while the server may be
    /// unavailable.
    ///
    /// # Errors
    /// When the URL cannot be used, or the `SQLite` file cannot be opened.
    pub async fn connect_lazily(url: &str) -> anyhow::Result<Self> {
        Self::open(url, true).await
    }

    /// A `SQLite` file beside the main database, with small caches.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn connect_small(path: &Path) -> anyhow::Result<Self> {
        let pools = connect::sqlite(&sqlite_url(path), connect::SMALL_TUNING).await?;
        Ok(Self { outages: Outages::of("the spool"), ..Self::of(pools, DbBackend::Sqlite) })
    }

    async fn open(url: &str, lazily: bool) -> anyhow::Result<Self> {
        let backend = backend_of(url)?;
        connect::check(url, backend, lazily).await?;
        let pools = match backend {
            DbBackend::Sqlite => connect::sqlite(url, connect::MAIN_TUNING).await?,
            _ => connect::postgres(url, lazily).await?,
        };
        Ok(Self::of(pools, backend))
    }

    fn of(pools: Pools, backend: DbBackend) -> Self {
        let Pools { write, read, internal } = pools;
        Self { write, read, internal, backend, write_lock: PriorityLock::default(), outages: Outages::default() }
    }

    /// Whether this is `SQLite`.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.backend == DbBackend::Sqlite
    }

    /// Locks `SQLite`'s one writing connection, giving way to the inbox; nothing on `PostgreSQL`, where many write at once.
    pub async fn lock_writer(&self) -> Option<PriorityGuard> {
        if self.is_sqlite() { Some(self.write_lock.lock().await) } else { None }
    }

    /// As [`Self::lock_writer`], before all others: for the inbox.
    pub async fn lock_writer_first(&self) -> Option<PriorityGuard> {
        if self.is_sqlite() { Some(self.write_lock.lock_first().await) } else { None }
    }

    /// The same database over a single connection, on which temporary tables stay. Once that connection breaks every
    /// statement fails: a new connection would lack the tables.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn single_connection(&self) -> Result<Self, sqlx::Error> {
        let connected = Arc::new(AtomicBool::new(false));
        let once = move || {
            let again = connected.swap(true, Ordering::SeqCst);
            async move { if again { Err(sqlx::Error::PoolClosed) } else { Ok(()) } }
        };
        let write = if self.is_sqlite() {
            let options = self.write.get_sqlite_connection_pool().connect_options();
            let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
            let pool = pool.after_connect(move |_, _| Box::pin(once())).connect_with((*options).clone()).await?;
            SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
        } else {
            let options = self.write.get_postgres_connection_pool().connect_options();
            let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
            let pool = pool.after_connect(move |_, _| Box::pin(once())).connect_with((*options).clone()).await?;
            SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
        };
        let read = Readers::single(write.clone());
        Ok(Self::of(Pools { write, internal: read.clone(), read }, self.backend))
    }

    /// Connections for short internal reads, so that they do not queue behind the reads of API clients, nor behind those
    /// of another workload.
    #[must_use]
    pub fn internal(&self, workload: Workload) -> Readers {
        self.internal.with_share(ShareKey::of(&workload))
    }

    /// Writing connections that are open, and those of them that are idle.
    #[must_use]
    pub fn writers(&self) -> (u32, usize) {
        if self.is_sqlite() {
            let pool = self.write.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.write.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection reports an error while closing.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.read.close().await?;
        self.internal.close().await?;
        // The last connection to a `SQLite` file to close checkpoints and removes the write-ahead log, so all others are
        // closed before.
        self.write.close_by_ref().await?;
        Ok(())
    }
}

/// The URL of a `SQLite` file, whose path has to be UTF-8.
#[must_use]
pub fn sqlite_url(path: &Path) -> String {
    // As the driver parses it: percent-encoded, up to a question mark, and without the slashes after a scheme.
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F");
    match path.strip_prefix('/') {
        Some(rest) => format!("sqlite:/{}", rest.trim_start_matches('/')),
        // Else it might be parsed as a scheme, or as `:memory:`.
        None if path.contains(':') => format!("sqlite:./{path}"),
        None => format!("sqlite:{path}"),
    }
}

/// # Errors
/// When the URL has an unknown scheme; the message does not repeat the URL, which may hold a password.
fn backend_of(url: &str) -> anyhow::Result<DbBackend> {
    match url.split_once(':').map_or("", |(scheme, _)| scheme) {
        "sqlite" => Ok(DbBackend::Sqlite),
        "postgres" | "postgresql" => Ok(DbBackend::Postgres),
        _ => anyhow::bail!("expected a URL that starts with sqlite: or postgres://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_ahead_log_that_never_rests_starts_from_its_beginning_again() {
        use sea_orm::{ConnectionTrait as _, Statement};
        let folder = tempfile::tempdir().unwrap();
        let db = Database::connect(&sqlite_url(&folder.path().join("log.db"))).await.unwrap();
        db.write.execute_unprepared("create table t (x)").await.unwrap();
        let commits = format!("pragma synchronous = off; {}", "insert into t values (zeroblob(4000));".repeat(200));
        let mut last = 0;
        loop {
            db.write.execute_unprepared(&commits).await.unwrap();
            let look = Statement::from_string(DbBackend::Sqlite, "pragma wal_checkpoint(noop)");
            let pages: i32 = db.write.query_one_raw(look).await.unwrap().unwrap().try_get_by_index(1).unwrap();
            if pages < last {
                break;
            }
            last = pages;
            assert!(last < 10_000, "{last}");
        }
        db.close().await.unwrap();
    }

    #[test]
    fn the_url_of_a_file_leads_to_that_file_whatever_its_name() {
        for path in ["a%20b/x.db", "a?b/x.db", "/tmp/%3F?/x.db", "./a b#c/x.db", "x.db", "/a:memory:b/x.db"] {
            assert_eq!(sqlite_file(&sqlite_url(Path::new(path))).as_deref(), Some(Path::new(path)), "{path}");
        }
        for (path, file) in [
            ("//tmp/x.db", "/tmp/x.db"),
            (":memory:", "./:memory:"),
            (":memory:x/x.db", "./:memory:x/x.db"),
            ("sqlite:x/x.db", "./sqlite:x/x.db"),
            ("file:x/x.db", "./file:x/x.db"),
        ] {
            let found = sqlite_file(&sqlite_url(Path::new(path)));
            assert_eq!(found.as_deref().map(Path::as_os_str), Some(file.as_ref()), "{path}");
        }
    }
}
