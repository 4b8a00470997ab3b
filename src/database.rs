//! The database: one handle for `SQLite` and `PostgreSQL`, with reading and writing apart.

use std::{
    path::Path,
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database as SeaOrm, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, Connection as _, PgConnection,
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

pub mod fault;
mod gate;
pub mod history;
mod patience;
mod turn;

pub use gate::Gate;
pub use patience::patiently;
pub use turn::{Turn, WriteTurns};

/// Connections that write.
///
/// `SQLite` has one writer at a time, so it gets one connection; see [`WriteTurns`] for who goes first.
const POSTGRES_WRITERS: u32 = 6;
/// How long the first connection may take.
const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// Connections that read. Few are faster than many: `2` to `4` per two cores.
const READERS: u32 = 4;

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database {
    /// For everything that changes rows.
    pub write: DatabaseConnection,
    /// For reads of the GraphQL API: cannot write.
    pub read: DatabaseConnection,
    /// Which of the two it is.
    pub backend: DbBackend,
    /// Who may use the writing connection next (matters on `SQLite` only).
    pub turns: WriteTurns,
}

impl Database {
    /// Connects to `sqlite:PATH` or `postgres://...`. Creates the `SQLite` file if it is missing.
    ///
    /// # Errors
    /// When the URL is of another kind, or the database does not answer.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Self::open(url, false).await
    }

    /// As [`Self::connect`], but connects to `PostgreSQL` when the first statement needs it: for who
    /// starts while the server may be away.
    ///
    /// # Errors
    /// When the URL cannot be used, or the `SQLite` file cannot be opened.
    pub async fn connect_lazily(url: &str) -> anyhow::Result<Self> {
        Self::open(url, true).await
    }

    /// A `SQLite` file beside the main database, which may take little memory.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn connect_aside(path: &Path) -> anyhow::Result<Self> {
        let url = sqlite_url(path);
        let (write, read) = (sqlite(&url, true, SMALL).await?, sqlite(&url, false, SMALL).await?);
        Ok(Self { write, read, backend: DbBackend::Sqlite, turns: WriteTurns::default() })
    }

    async fn open(url: &str, lazily: bool) -> anyhow::Result<Self> {
        let backend = backend_of(url)?;
        check(url, backend, lazily).await?;
        let (write, read) = match backend {
            DbBackend::Sqlite => (sqlite(url, true, LARGE).await?, sqlite(url, false, LARGE).await?),
            _ => (postgres(url, true, lazily).await?, postgres(url, false, lazily).await?),
        };
        Ok(Self { write, read, backend, turns: WriteTurns::default() })
    }

    /// Whether this is `SQLite`.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.backend == DbBackend::Sqlite
    }

    /// The same database over one connection of its own, on which temporary tables stay. Once that
    /// connection breaks nothing works on it any more, instead of working on other tables.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn alone(&self) -> Result<Self, sqlx::Error> {
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
        Ok(Self { read: write.clone(), write, backend: self.backend, turns: WriteTurns::default() })
    }

    /// For short look-ups of our own, so that they do not queue behind the reads of callers: the
    /// writing connections, except on `SQLite`, where the one there is belongs to the inbox.
    #[must_use]
    pub fn for_ourselves(&self) -> &DatabaseConnection {
        if self.is_sqlite() { &self.read } else { &self.write }
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection reports an error while closing.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.read.close_by_ref().await?;
        if self.is_sqlite() {
            // Leaves the file alone, without its write-ahead log beside it.
            self.write.execute_unprepared("pragma wal_checkpoint(truncate)").await?;
        }
        self.write.close_by_ref().await?;
        Ok(())
    }
}

/// The URL of a `SQLite` file.
#[must_use]
pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// # Errors
/// When the URL starts with none of the schemes we know; the URL itself is not repeated, since it
/// may hold a password.
fn backend_of(url: &str) -> anyhow::Result<DbBackend> {
    match url.split_once(':').map_or("", |(scheme, _)| scheme) {
        "sqlite" => Ok(DbBackend::Sqlite),
        "postgres" | "postgresql" => Ok(DbBackend::Postgres),
        _ => anyhow::bail!("expected a URL that starts with sqlite: or postgres://"),
    }
}

/// How much of a `SQLite` file is held in memory.
#[derive(Clone, Copy, Debug)]
struct Memory {
    readers: u32,
    /// For each connection.
    cache_kib: u32,
    /// For all connections together.
    mapped_bytes: u32,
}

const LARGE: Memory = Memory { readers: READERS, cache_kib: 64 * 1024, mapped_bytes: 256 * 1024 * 1024 };
const SMALL: Memory = Memory { readers: 1, cache_kib: 4 * 1024, mapped_bytes: 0 };

/// The server is away, or takes no connection now: nobody's mistake.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to PostgreSQL: {0}")]
pub struct Away(String);

/// Tries the URL once (unless the server may be away), since a pool only says that it waited in vain. What is wrong with the URL is not
/// told in the driver's words: they repeat it, password included.
async fn check(url: &str, backend: DbBackend, lazily: bool) -> anyhow::Result<()> {
    if backend == DbBackend::Sqlite {
        let readable = SqliteConnectOptions::from_str(url).is_ok();
        anyhow::ensure!(readable && !url.contains(":memory:"), "expected sqlite:PATH, the path of a file");
        return Ok(());
    }
    let Ok(options) = PgConnectOptions::from_str(url) else {
        anyhow::bail!(
            "expected postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters in the password percent-encoded"
        );
    };
    if lazily {
        return Ok(());
    }
    let error = match tokio::time::timeout(FIRST_ANSWER, PgConnection::connect_with(&options)).await {
        Ok(Ok(connection)) => return Ok(connection.close().await?),
        Ok(Err(error)) => error,
        Err(_) => return Err(Away("it does not answer".to_owned()).into()),
    };
    let said = match &error {
        sqlx::Error::Database(refusal) => refusal.message().to_owned(),
        error => error.to_string(),
    };
    if fault::is_outage(&DbErr::Conn(RuntimeErr::SqlxError(error.into()))) {
        return Err(Away(said).into());
    }
    anyhow::bail!("PostgreSQL refuses the connection: {said}")
}

async fn sqlite(url: &str, write: bool, memory: Memory) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).test_before_acquire(false);
    options.max_connections(if write { 1 } else { memory.readers }).acquire_timeout(Duration::from_secs(10));
    // A `SQLite` connection never goes stale, and reopening it costs its caches.
    options.idle_timeout(None).max_lifetime(None);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .create_if_missing(write)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", format!("-{}", memory.cache_kib))
            .pragma("mmap_size", memory.mapped_bytes.to_string());
        // Checkpoints stop the writer: every 32 MB instead of every 4 MB.
        if write { sqlite.pragma("wal_autocheckpoint", "8000") } else { sqlite.pragma("query_only", "on") }
    });
    SeaOrm::connect(options).await.map_err(|error| anyhow::anyhow!("cannot open the SQLite file: {}", brief(&error)))
}

/// The driver's own message: `SeaORM` puts it in front of itself.
fn brief(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => error.to_string(),
        error => error.to_string(),
    }
}

async fn postgres(url: &str, write: bool, lazily: bool) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.connect_lazy(lazily);
    options.sqlx_logging(false).test_before_acquire_if_idle_for(Duration::from_secs(30));
    options.max_connections(if write { POSTGRES_WRITERS } else { READERS });
    options.acquire_timeout(Duration::from_secs(10)).set_application_name("promograph");
    if !write {
        options.map_sqlx_postgres_opts(|postgres| {
            // Custom plans cost more than the rows of a point read; see `read`.
            postgres.options([
                ("plan_cache_mode", "force_generic_plan"),
                ("default_transaction_read_only", "on"),
                ("jit", "off"),
            ])
        });
    }
    SeaOrm::connect(options).await.map_err(|error| anyhow::anyhow!("cannot connect to PostgreSQL: {}", brief(&error)))
}
