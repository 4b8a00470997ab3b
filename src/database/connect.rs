//! Checks database URLs and opens the connections to both databases.

use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, RuntimeErr, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
        postgres::PgPoolOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use tokio::time::timeout;

use super::{
    failure,
    fair_semaphore::SlotLimits,
    pooler::{self, Settings},
    readers::{Connector, ConnectorOptions, Readers},
    url_parameters,
};

/// Writing connections.
///
/// `SQLite` has one writer at a time, so it gets one connection; [`super::PriorityLock`] gives priorities on it.
const POSTGRES_WRITERS: u32 = 6;
/// Read connections for API clients. Few are faster than many: `2` to `4` per two cores.
const READ_SLOTS: SlotLimits = SlotLimits { fast: 4, slow: 4, per_key: 3, slow_per_key: 2 };
/// Connections for internal reads; see [`super::Workload`].
const INTERNAL_SLOTS: SlotLimits = SlotLimits { fast: 3, slow: 2, per_key: 2, slow_per_key: 1 };
/// How long to wait for a writing connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that was idle for longer is checked first: a firewall may have dropped it.
const MAX_UNCHECKED_IDLE: Duration = Duration::from_secs(30);
/// How long that check may take.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// How long an abandoned statement may go on before its connection is closed.
const ABANDONED_TIMEOUT: Duration = Duration::from_secs(10);

/// How many connections and how much memory a `SQLite` file gets.
#[derive(Clone, Copy, Debug)]
pub(super) struct SqliteTuning {
    read_slots: SlotLimits,
    /// For each connection.
    cache_kib: u32,
    /// For all connections together.
    mapped_bytes: u32,
    /// Pages in the write-ahead log at which the writer makes a checkpoint.
    log_pages: u32,
}

pub(super) const MAIN_TUNING: SqliteTuning =
    SqliteTuning { read_slots: READ_SLOTS, cache_kib: 64 * 1024, mapped_bytes: 256 * 1024 * 1024, log_pages: 4_000 };
pub(super) const SMALL_TUNING: SqliteTuning =
    SqliteTuning { read_slots: SlotLimits::ONE, cache_kib: 4 * 1024, mapped_bytes: 0, log_pages: 2_000 };
/// Rows that `SQLite` may read ahead of the projector.
const ROW_BUFFER_SIZE: usize = 1_024;
/// Rows that `SQLite` may read ahead of a request, which may turn out too large: each may hold a body of a megabyte.
const READ_AHEAD: usize = 256;

/// Query parameters that a `SQLite` URL may have: none that prevents writing.
const ALLOWED_PARAMETERS: [&str; 6] =
    ["mode=rw", "mode=rwc", "cache=private", "cache=shared", "immutable=false", "immutable=0"];

/// The server cannot be reached, or accepts no connections now: not an error of configuration.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to PostgreSQL {0}")]
pub struct PostgresUnreachable(String);

/// The connections of one database.
pub(super) struct Pools {
    pub write: DatabaseConnection,
    pub read: Readers,
    pub internal: Readers,
}

/// The file that a `SQLite` URL names; none when it is invalid, or names no file.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename().to_owned();
    let name = file.to_string_lossy();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let in_memory = name.is_empty() || name == ":memory:" || query.contains("mode=memory");
    // The driver passes it on unchanged, and `SQLite` parses it as a URI. (Its own in-memory databases look like that.)
    let is_url = name.starts_with("file:");
    (!in_memory && !is_url).then_some(file)
}

/// Describes a URL for messages: the file, or server, database and user; never a password.
#[must_use]
pub fn describe_url(url: &str) -> String {
    if url.starts_with("postgres") {
        let options = pooler::options(url).filter(|_| !url_parameters::has_unencoded_password(url));
        return options.map_or_else(|| "a PostgreSQL server".to_owned(), |options| pooler::describe(&options));
    }
    let file = sqlite_file(url).map(|file| std::path::absolute(&file).unwrap_or(file));
    file.map_or_else(|| "a SQLite file".to_owned(), |file| file.display().to_string())
}

/// Checks the URL, and connects once (unless `lazily`), since a pool would report nothing but a timeout.
/// The driver's messages about a URL are not shown: they repeat it, password included.
pub(super) async fn check(url: &str, backend: DbBackend, lazily: bool) -> anyhow::Result<()> {
    if backend == DbBackend::Sqlite {
        anyhow::ensure!(sqlite_file(url).is_some(), "expected sqlite:PATH, the path of a file");
        let query = url.split_once('?').map_or("", |(_, query)| query);
        anyhow::ensure!(
            query.split('&').all(|pair| pair.is_empty() || ALLOWED_PARAMETERS.contains(&pair)),
            "expected sqlite:PATH without mode=ro, immutable and vfs: the file is written to"
        );
        return Ok(());
    }
    let Some(options) = pooler::options(url).filter(|_| !url_parameters::has_unencoded_password(url)) else {
        anyhow::bail!(
            "expected postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters in the password percent-encoded{}",
            url_parameters::mistakes(url)
        );
    };
    url_parameters::check(url)?;
    if lazily {
        return Ok(());
    }
    let place = pooler::describe(&options);
    let error = match timeout(CONNECT_TIMEOUT, pooler::keeps_prepared_statements(&options)).await {
        Ok(Ok(true)) => return Ok(()),
        Ok(Ok(false)) => anyhow::bail!(
            "the connection pooler in front of PostgreSQL loses prepared statements: expected PgBouncer 1.21 or newer \
             with max_prepared_statements above 0, or pool_mode = session"
        ),
        Ok(Err(error)) => error,
        Err(_) => return Err(PostgresUnreachable(format!("{place}: it does not answer")).into()),
    };
    let said = match &error {
        sqlx::Error::Database(refusal) => refusal.message().to_owned(),
        error => error.to_string(),
    };
    if failure::is_outage(&DbErr::Conn(RuntimeErr::SqlxError(error.into()))) {
        return Err(PostgresUnreachable(format!("{place}: {said}")).into());
    }
    anyhow::bail!("PostgreSQL refuses the connection {place}: {said}")
}

pub(super) async fn sqlite(url: &str, tuning: SqliteTuning) -> anyhow::Result<Pools> {
    let options = SqliteConnectOptions::from_str(url)?.disable_statement_logging();
    let file = options.get_filename().to_owned();
    check_write_ahead_log(&file)?;
    create_file(&file)?;
    let cannot_open = |error: &str| anyhow::anyhow!("cannot open the SQLite file {}: {error}", shown(&file));
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // Lets the connection's thread run ahead of its consumer.
        .row_buffer_size(READ_AHEAD)
        // Statement journals stay in memory too.
        .pragma("temp_store", "memory");
    let with = |tuning: SqliteTuning| {
        let options = options.clone().pragma("cache_size", format!("-{}", tuning.cache_kib));
        options.pragma("mmap_size", tuning.mapped_bytes.to_string())
    };
    // Checkpoints block the writer: larger ones are rarer, but take longer each.
    let writing = with(tuning).create_if_missing(true).pragma("wal_autocheckpoint", tuning.log_pages.to_string());
    let writing = writing.row_buffer_size(ROW_BUFFER_SIZE);
    // A `SQLite` connection never goes stale, and reopening it costs its caches.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.before_acquire(|connection, _| {
        Box::pin(async {
            // `SQLite` rolls a transaction back by itself when the disk is full, and the driver does not notice: no
            // other could begin.
            if connection.is_in_transaction() {
                return Ok(false);
            }
            // The projection switches this off on the connection that it uses.
            connection.execute("pragma synchronous = full").await.map(|_| true)
        })
    });
    let pool = pool.test_before_acquire(false).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(writing).await;
    let pool = pool.map_err(|error| cannot_open(&error.to_string()))?;
    let readers = |tuning: SqliteTuning, limits: SlotLimits| {
        let reading = with(tuning).pragma("query_only", "on");
        Readers::pool(Connector::new(ConnectorOptions::Sqlite(Box::new(reading))), limits)
    };
    let read = readers(tuning, tuning.read_slots);
    read.check().await.map_err(|error| cannot_open(&driver_message(&error)))?;
    Ok(Pools {
        write: SqlxSqliteConnector::from_sqlx_sqlite_pool(pool),
        read,
        internal: readers(SMALL_TUNING, INTERNAL_SLOTS),
    })
}

/// Creates a missing file with mode 0600: it holds personal data, and `SQLite` gives the files beside it the same mode.
fn create_file(file: &Path) -> anyhow::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = file.parent().unwrap_or(file);
            anyhow::bail!("cannot create the SQLite file {}: there is no directory {}", shown(file), shown(folder))
        }
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            anyhow::bail!("cannot create the SQLite file {}: {error}", shown(file))
        }
        _ => Ok(()),
    }
}

/// Warns of a file that other users can read, as earlier versions and other programs create them.
pub fn warn_if_readable_by_others(file: &Path) {
    let mode = |path: &Path| fs::metadata(path).map_or(0, |file| file.permissions().mode() & 0o777);
    let folder = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let (own, around) = (mode(file), folder.parent().map_or(0, mode));
    if own & 0o066 != 0 && around & 0o011 != 0 {
        tracing::warn!(
            mode = format!("{own:03o}"),
            "{} holds personal data, and other users of this machine can read it: `chmod 600` it and the files beside it",
            shown(file)
        );
    }
}

fn shown(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Refuses a write-ahead log without its file: `SQLite` would delete it, and with it the last transactions.
fn check_write_ahead_log(file: &Path) -> anyhow::Result<()> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let log = Path::new(&log);
    anyhow::ensure!(
        size(file) > 0 || size(log) == 0,
        "{} is gone, but {} beside it holds what was written last, webhooks that were answered among it: put it back, \
         or move the other away too",
        file.display(),
        log.display()
    );
    Ok(())
}

pub(super) async fn postgres(url: &str, lazily: bool) -> anyhow::Result<Pools> {
    let Some(options) = pooler::options(url) else { anyhow::bail!("expected postgres://USER:PASSWORD@HOST:PORT/NAME") };
    let pool = PgPoolOptions::new().max_connections(POSTGRES_WRITERS).acquire_timeout(ACQUIRE_TIMEOUT);
    let pool = pool.test_before_acquire(false).before_acquire(|connection, metadata| {
        Box::pin(async move {
            Ok(metadata.idle_for < MAX_UNCHECKED_IDLE
                || matches!(timeout(PING_TIMEOUT, connection.ping()).await, Ok(Ok(()))))
        })
    });
    // The pool itself would wait for ever when the database's host has vanished.
    let pool = pool.after_release(|connection, _| {
        Box::pin(async move {
            Ok(matches!(timeout(ABANDONED_TIMEOUT, is_outside_transaction(connection)).await, Ok(Ok(true))))
        })
    });
    let pool =
        if lazily { pool.connect_lazy_with(options.clone()) } else { pool.connect_with(options.clone()).await? };
    let readers = |limits: SlotLimits, settings: Settings| {
        Readers::pool(Connector::new(ConnectorOptions::Postgres(Box::new(options.clone()), settings)), limits)
    };
    Ok(Pools {
        write: SqlxPostgresConnector::from_sqlx_postgres_pool(pool),
        read: readers(READ_SLOTS, &[]),
        internal: readers(INTERNAL_SLOTS, pooler::LOOKUP_SETTINGS),
    })
}

/// Whether the connection is outside of any transaction. A `begin` whose future was dropped, or whose settings were
/// refused, leaves one open that the driver does not know of, in which the next commit would commit nothing.
async fn is_outside_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // Outside of a transaction both times are equal, in a simple query only. An error means a failed transaction.
    sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(connection).await?.try_get(0)
}

/// The driver's message, without the prefix that `SeaORM` adds.
fn driver_message(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => error.to_string(),
        error => error.to_string(),
    }
}
