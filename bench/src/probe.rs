//! What the database holds, seen from outside: how many events are stored, how many wait, since when.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;

/// How often the age of what waits is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long events may take to be applied once no more come.
const PATIENCE: Duration = Duration::from_secs(120);

const OLDEST: &str =
    "select received_at from webhook_event where status between 'pending' and 'pending' order by status, id limit 1";
const PENDING: &str = "select count(*) from webhook_event where status = 'pending'";
const STORED: &str = "select count(*), coalesce(sum(deliveries), 0) from webhook_event";
const STATUSES: &str = "select count(*) from webhook_event where status = 'applied'";

/// A connection of our own to the server's database.
pub enum Probe {
    /// A file.
    Sqlite(rusqlite::Connection),
    /// A session, with the runtime that drives it while something is asked.
    Postgres(tokio::runtime::Runtime, tokio_postgres::Client),
}

impl Probe {
    /// Looks into a `SQLite` file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn sqlite(path: &Path) -> anyhow::Result<Self> {
        let connection = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(Self::Sqlite(connection))
    }

    /// Looks into a database of a cluster.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn postgres(socket: &str, database: &str) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut config = tokio_postgres::Config::new();
        config.host_path(socket).user("postgres").dbname(database);
        let (client, connection) = runtime.block_on(config.connect(tokio_postgres::NoTls))?;
        runtime.spawn(connection);
        Ok(Self::Postgres(runtime, client))
    }

    /// Events that are stored, and how many deliveries they stand for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn stored(&self) -> anyhow::Result<(i64, i64)> {
        Ok((self.number(STORED, 0)?.unwrap_or_default(), self.number(STORED, 1)?.unwrap_or_default()))
    }

    /// Events whose facts are in the tables.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn applied(&self) -> anyhow::Result<i64> {
        Ok(self.number(STATUSES, 0)?.unwrap_or_default())
    }

    /// Events that wait to be applied.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn pending(&self) -> anyhow::Result<i64> {
        Ok(self.number(PENDING, 0)?.unwrap_or_default())
    }

    /// Waits until so many events are stored.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn until_stored(&self, events: i64) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.stored()?.0 < events {
            anyhow::ensure!(began.elapsed() < PATIENCE, "events were acknowledged, but are not stored");
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    /// Waits until no event waits.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn until_applied(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.number(OLDEST, 0)?.is_some() {
            anyhow::ensure!(began.elapsed() < PATIENCE, "events are stored, but not applied");
            sleep(LOOK);
        }
        Ok(())
    }

    fn number(&self, sql: &str, column: usize) -> anyhow::Result<Option<i64>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query([])?;
                Ok(rows.next()?.map(|row| row.get(column)).transpose()?.flatten())
            }
            Self::Postgres(runtime, client) => {
                let row = runtime.block_on(client.query_opt(sql, &[]))?;
                Ok(row.map(|row| row.try_get(column)).transpose()?.flatten())
            }
        }
    }
}

/// The age of the oldest event that waits, looked at every 20 ms: no event waited longer than the
/// largest of these. Zero while none waits.
pub struct LagWatch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<anyhow::Result<(Probe, Vec<u32>)>>,
}

impl LagWatch {
    /// Begins to watch.
    pub fn start(probe: Probe) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut ages = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let oldest = probe.number(OLDEST, 0)?;
                let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
                ages.push(oldest.map_or(0, |oldest| u32::try_from(now - oldest).unwrap_or(0)));
                sleep(LOOK);
            }
            ages.sort_unstable();
            Ok((probe, ages))
        });
        Self { stop, thread }
    }

    /// Gives the probe back, and the ages in milliseconds, sorted.
    ///
    /// # Errors
    /// When the database did not answer.
    pub fn stop(self) -> anyhow::Result<(Probe, Vec<u32>)> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().ok().context("the watch panicked")?
    }
}
