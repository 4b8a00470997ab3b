//! How the connections to both databases are made.

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
    Rules, failure, parameters,
    pooler::{self, Settings},
    readers::{Connector, Options, Readers},
};

/// Connections that write.
///
/// `SQLite` has one writer at a time, so it gets one connection; see [`super::PriorityLock`] for who goes first.
const POSTGRES_WRITERS: u32 = 6;
/// Connections that read for callers. Few are faster than many: `2` to `4` per two cores.
const READERS: Rules = Rules { quick: 4, slow: 4, each: 3, each_slow: 2 };
/// Connections for short look-ups of our own; see [`super::Purpose`].
const OWN_READERS: Rules = Rules { quick: 3, slow: 2, each: 2, each_slow: 1 };
/// How long to wait for a writing connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long the first connection may take.
const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// Who was idle for longer may have been cut off by something on the way.
const FRESH: Duration = Duration::from_secs(30);
/// How long an idle connection may take to answer.
const PING: Duration = Duration::from_secs(2);
/// How long a statement that nobody waits for any more may go on before its connection is closed.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// How much of a `SQLite` file is held in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    readers: Rules,
    /// For each connection.
    cache_kib: u32,
    /// For all connections together.
    mapped_bytes: u32,
    /// Pages in the write-ahead log at which the writer itself makes a checkpoint.
    log_pages: u32,
    /// Whether checkpoints are also made beside the writer, before the log is so long.
    log_beside: bool,
}

pub(super) const LARGE: Memory = Memory {
    readers: READERS,
    cache_kib: 64 * 1024,
    mapped_bytes: 256 * 1024 * 1024,
    log_pages: 16_000,
    log_beside: true,
};
pub(super) const SMALL: Memory =
    Memory { readers: Rules::ONE, cache_kib: 4 * 1024, mapped_bytes: 0, log_pages: 2_000, log_beside: false };
/// Rows of an answer that `SQLite` may be ahead of their reader.
const ROWS_AHEAD: usize = 1_024;

/// What may be behind the `?` of a URL of `SQLite`: nothing that keeps from writing.
const HARMLESS: [&str; 6] = ["mode=rw", "mode=rwc", "cache=private", "cache=shared", "immutable=false", "immutable=0"];

/// The server is away, or takes no connection now: nobody's mistake.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to PostgreSQL {0}")]
pub struct Away(String);

/// The connections of one database.
pub(super) struct Opened {
    pub write: DatabaseConnection,
    pub read: Readers,
    pub own: Readers,
    /// For `SQLite`'s checkpoints, if those are to be made beside the writer.
    pub checkpoints: Option<DatabaseConnection>,
}

/// The file that a URL of `SQLite` names; none when it is not understood, or names no file.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename().to_owned();
    let name = file.to_string_lossy();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let in_memory = name.is_empty() || name == ":memory:" || query.contains("mode=memory");
    // The driver hands that on as it is, and `SQLite` takes it for a URL. (Its own for memory looks like that too.)
    let is_url = name.starts_with("file:");
    (!in_memory && !is_url).then_some(file)
}

/// What a URL names, for messages: a file, or a server, a database and a user, never a password.
#[must_use]
pub fn place(url: &str) -> String {
    if url.starts_with("postgres") {
        let options = pooler::options(url).filter(|_| !parameters::breaks_off(url));
        return options.map_or_else(|| "a PostgreSQL server".to_owned(), |options| pooler::place(&options));
    }
    let file = sqlite_file(url).map(|file| std::path::absolute(&file).unwrap_or(file));
    file.map_or_else(|| "a SQLite file".to_owned(), |file| file.display().to_string())
}

/// Tries the URL once (unless the server may be away), since a pool only says that it waited in vain.
/// What is wrong with the URL is not told in the driver's words: they repeat it, password included.
pub(super) async fn check(url: &str, backend: DbBackend, lazily: bool) -> anyhow::Result<()> {
    if backend == DbBackend::Sqlite {
        anyhow::ensure!(sqlite_file(url).is_some(), "expected sqlite:PATH, the path of a file");
        let query = url.split_once('?').map_or("", |(_, query)| query);
        anyhow::ensure!(
            query.split('&').all(|pair| pair.is_empty() || HARMLESS.contains(&pair)),
            "expected sqlite:PATH without mode=ro, immutable and vfs: the file is written to"
        );
        return Ok(());
    }
    let Some(options) = pooler::options(url).filter(|_| !parameters::breaks_off(url)) else {
        anyhow::bail!(
            "expected postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters in the password percent-encoded{}",
            parameters::wrong(url)
        );
    };
    parameters::check(url)?;
    if lazily {
        return Ok(());
    }
    let place = pooler::place(&options);
    let error = match timeout(FIRST_ANSWER, pooler::keeps_statements(&options)).await {
        Ok(Ok(true)) => return Ok(()),
        Ok(Ok(false)) => anyhow::bail!(
            "the connection pooler in front of PostgreSQL loses prepared statements: expected PgBouncer 1.21 or newer \
             with max_prepared_statements above 0, or pool_mode = session"
        ),
        Ok(Err(error)) => error,
        Err(_) => return Err(Away(format!("{place}: it does not answer")).into()),
    };
    let said = match &error {
        sqlx::Error::Database(refusal) => refusal.message().to_owned(),
        error => error.to_string(),
    };
    if failure::is_outage(&DbErr::Conn(RuntimeErr::SqlxError(error.into()))) {
        return Err(Away(format!("{place}: {said}")).into());
    }
    anyhow::bail!("PostgreSQL refuses the connection {place}: {said}")
}

pub(super) async fn sqlite(url: &str, memory: Memory) -> anyhow::Result<Opened> {
    let options = SqliteConnectOptions::from_str(url)?.disable_statement_logging();
    let file = options.get_filename().to_owned();
    is_whole(&file)?;
    make(&file)?;
    let cannot_open = |error: &str| anyhow::anyhow!("cannot open the SQLite file {}: {error}", shown(&file));
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // What a statement may have to undo stays in memory too.
        .pragma("temp_store", "memory");
    let with = |memory: Memory| {
        let options = options.clone().pragma("cache_size", format!("-{}", memory.cache_kib));
        options.pragma("mmap_size", memory.mapped_bytes.to_string())
    };
    // Checkpoints stop the writer: not every 4 MB. And the writing thread need not wait for the reader of its rows.
    let writing = with(memory).create_if_missing(true).pragma("wal_autocheckpoint", memory.log_pages.to_string());
    let writing = writing.row_buffer_size(ROWS_AHEAD);
    // A `SQLite` connection never goes stale, and reopening it costs its caches.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.before_acquire(|connection, _| {
        Box::pin(async {
            // `SQLite` ends a transaction by itself when the disk is full, and the driver goes on believing in it:
            // no other could begin.
            if connection.is_in_transaction() {
                return Ok(false);
            }
            // Whatever the last user of the connection asked for: the projection does not wait for the disk.
            connection.execute("pragma synchronous = full").await.map(|_| true)
        })
    });
    let pool = pool.test_before_acquire(false).acquire_timeout(ACQUIRE).connect_with(writing).await;
    let pool = pool.map_err(|error| cannot_open(&error.to_string()))?;
    let readers = |memory: Memory, rules: Rules| {
        let reading = with(memory).pragma("query_only", "on");
        Readers::new(Connector::new(Options::Sqlite(Box::new(reading))), rules)
    };
    let read = readers(memory, memory.readers);
    read.check().await.map_err(|error| cannot_open(&brief(&error)))?;
    let single = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let checkpoints =
        memory.log_beside.then(|| SqlxSqliteConnector::from_sqlx_sqlite_pool(single.connect_lazy_with(with(SMALL))));
    Ok(Opened {
        write: SqlxSqliteConnector::from_sqlx_sqlite_pool(pool),
        read,
        own: readers(SMALL, OWN_READERS),
        checkpoints,
    })
}

/// Creates the file if it is missing, for its owner alone: it holds personal data, and `SQLite` gives the files beside it
/// the same mode.
fn make(file: &Path) -> anyhow::Result<()> {
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

/// Warns of a file that others on this machine can read, as older versions and other programs make them.
pub fn warn_of_readers(file: &Path) {
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

/// `SQLite` deletes a write-ahead log whose file is gone or empty, and what was written last may be there alone.
fn is_whole(file: &Path) -> anyhow::Result<()> {
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

pub(super) async fn postgres(url: &str, lazily: bool) -> anyhow::Result<Opened> {
    let Some(options) = pooler::options(url) else { anyhow::bail!("expected postgres://USER:PASSWORD@HOST:PORT/NAME") };
    let pool = PgPoolOptions::new().max_connections(POSTGRES_WRITERS).acquire_timeout(ACQUIRE);
    let pool = pool.test_before_acquire(false).before_acquire(|connection, told| {
        Box::pin(
            async move { Ok(told.idle_for < FRESH || matches!(timeout(PING, connection.ping()).await, Ok(Ok(())))) },
        )
    });
    // The pool itself would wait for ever, which matters once the database's host has vanished.
    let pool = pool.after_release(|connection, _| {
        Box::pin(async move { Ok(matches!(timeout(LEFT_ALONE, is_free(connection)).await, Ok(Ok(true)))) })
    });
    let pool =
        if lazily { pool.connect_lazy_with(options.clone()) } else { pool.connect_with(options.clone()).await? };
    let readers = |rules: Rules, besides: Settings| {
        Readers::new(Connector::new(Options::Postgres(Box::new(options.clone()), besides)), rules)
    };
    Ok(Opened {
        write: SqlxPostgresConnector::from_sqlx_postgres_pool(pool),
        read: readers(READERS, &[]),
        own: readers(OWN_READERS, pooler::LOOKING_UP),
        checkpoints: None,
    })
}

/// Whether the connection is outside of any transaction. A `begin` that was given up, or whose settings were refused,
/// leaves one that the driver does not know of, and the next who writes would be told of a commit that is none.
async fn is_free(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // As a simple query, which alone has one time for its beginning and its transaction's. An error is a
    // transaction that has failed.
    sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(connection).await?.try_get(0)
}

/// The driver's own message: `SeaORM` puts it in front of itself.
fn brief(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => error.to_string(),
        error => error.to_string(),
    }
}
