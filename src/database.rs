//! The database: one handle for `SQLite` and `PostgreSQL`, with reading and writing apart.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sea_orm::{DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector, sqlx};

pub mod by_status;
mod checkpoint;
pub mod failure;
mod gate;
pub mod history;
pub mod lists;
mod open;
mod outages;
mod parameters;
mod patience;
mod places;
mod pooler;
pub mod portion;
mod priority_lock;
mod readers;

use checkpoint::Checkpoints;
pub use gate::Gate;
pub use open::{Away, place, sqlite_file, warn_of_readers};
pub use outages::{Outages, Part};
pub use patience::{patiently, persistently};
pub use places::{Place, Places, Rules, Share};
pub use priority_lock::{PriorityGuard, PriorityLock};
pub use readers::{Counters, Readers};

use open::Opened;

/// For what we look something up ourselves. What one of them waits for does not hold up the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Whether a token counts, and for whom.
    Tokens,
    /// Whether an answer is the same still.
    Versions,
    /// What others changed.
    Changes,
    /// Applying events.
    Projection,
    /// What is shown to who watches the server.
    Watching,
}

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database {
    /// For everything that changes rows.
    pub write: DatabaseConnection,
    /// For reads: cannot write, and cancels what nobody waits for any more.
    pub read: Readers,
    own: Readers,
    /// Which of the two it is.
    pub backend: DbBackend,
    write_lock: PriorityLock,
    /// What the log says of times when it does not answer.
    pub outages: Outages,
    checkpoints: Option<Checkpoints>,
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
        let opened = open::sqlite(&sqlite_url(path), open::SMALL).await?;
        Ok(Self { outages: Outages::of("the spool"), ..Self::of(opened, DbBackend::Sqlite) })
    }

    async fn open(url: &str, lazily: bool) -> anyhow::Result<Self> {
        let backend = backend_of(url)?;
        open::check(url, backend, lazily).await?;
        let opened = match backend {
            DbBackend::Sqlite => open::sqlite(url, open::LARGE).await?,
            _ => open::postgres(url, lazily).await?,
        };
        Ok(Self::of(opened, backend))
    }

    fn of(opened: Opened, backend: DbBackend) -> Self {
        let Opened { write, read, own, checkpoints } = opened;
        let checkpoints = checkpoints.map(Checkpoints::start);
        Self {
            write,
            read,
            own,
            backend,
            write_lock: PriorityLock::default(),
            outages: Outages::default(),
            checkpoints,
        }
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
        let read = Readers::borrowing(write.clone());
        Ok(Self::of(Opened { write, own: read.clone(), read, checkpoints: None }, self.backend))
    }

    /// For short look-ups of our own, so that they do not queue behind the reads of callers, nor behind
    /// those of another purpose.
    #[must_use]
    pub fn for_ourselves(&self, purpose: Purpose) -> Readers {
        self.own.of(Share::of(&purpose))
    }

    /// How many connections for writing are open, and how many of them are not in use.
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
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.stop().await;
        }
        self.read.close().await?;
        self.own.close().await?;
        // The last connection to a `SQLite` file brings its write-ahead log into it and removes that. One that is not
        // the last must not: the others would wait for it.
        self.write.close_by_ref().await?;
        Ok(())
    }
}

/// The URL of a `SQLite` file, whose path has to be UTF-8.
#[must_use]
pub fn sqlite_url(path: &Path) -> String {
    // As the driver reads it: percent-encoded, up to a question mark, and without slashes as after a scheme.
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F");
    match path.strip_prefix('/') {
        Some(rest) => format!("sqlite:/{}", rest.trim_start_matches('/')),
        // Else it may look like a scheme, or like `:memory:`.
        None if path.contains(':') => format!("sqlite:./{path}"),
        None => format!("sqlite:{path}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
