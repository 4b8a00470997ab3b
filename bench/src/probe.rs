//! Reads the state of stored events from the server's database: stored, pending, applied, and since when.

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

/// How often the oldest pending event is read.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// The time in which the last events must be applied.
const APPLY_TIMEOUT: Duration = Duration::from_secs(120);

const OLDEST: &str =
    "select received_at from webhook_event where status between 'pending' and 'pending' order by status, id limit 1";
const PENDING: &str = "select count(*) from webhook_event where status = 'pending'";
const STORED: &str = "select count(*), coalesce(sum(deliveries), 0) from webhook_event";
const APPLIED: &str = "select count(*) from webhook_event where status = 'applied'";

/// A connection to the server's database.
pub enum Probe {
    /// A file.
    Sqlite(rusqlite::Connection),
    /// A session, with the runtime that drives its queries.
    Postgres(tokio::runtime::Runtime, tokio_postgres::Client),
}

impl Probe {
    /// Opens a `SQLite` file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn sqlite(path: &Path) -> anyhow::Result<Self> {
        let connection = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(Self::Sqlite(connection))
    }

    /// Connects to a database of a cluster.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn postgres(config: &tokio_postgres::Config) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, connection) = runtime.block_on(config.connect(tokio_postgres::NoTls))?;
        runtime.spawn(connection);
        Ok(Self::Postgres(runtime, client))
    }

    /// The numbers of stored events and of their deliveries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn stored(&self) -> anyhow::Result<(i64, i64)> {
        Ok((self.number(STORED, 0)?.unwrap_or_default(), self.number(STORED, 1)?.unwrap_or_default()))
    }

    /// The number of applied events.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn applied(&self) -> anyhow::Result<i64> {
        Ok(self.number(APPLIED, 0)?.unwrap_or_default())
    }

    /// The number of pending events.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn pending(&self) -> anyhow::Result<i64> {
        Ok(self.number(PENDING, 0)?.unwrap_or_default())
    }

    /// Waits until this number of events is stored.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn until_stored(&self, events: i64) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.stored()?.0 < events {
            anyhow::ensure!(began.elapsed() < APPLY_TIMEOUT, "events were acknowledged, but are not stored");
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    /// Waits until no event is pending.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn until_applied(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.number(OLDEST, 0)?.is_some() {
            anyhow::ensure!(began.elapsed() < APPLY_TIMEOUT, "events are stored, but not applied");
            sleep(POLL_INTERVAL);
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

/// Samples the age of the oldest pending event (zero for none) at every [`POLL_INTERVAL`]. Its maximum bounds the lag of
/// every event.
pub struct LagWatch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<anyhow::Result<(Probe, Vec<u32>)>>,
}

impl LagWatch {
    /// Starts sampling.
    pub fn start(probe: Probe) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut ages = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let oldest = probe.number(OLDEST, 0)?;
                let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
                ages.push(oldest.map_or(0, |oldest| u32::try_from(now - oldest).unwrap_or(0)));
                sleep(POLL_INTERVAL);
            }
            ages.sort_unstable();
            Ok((probe, ages))
        });
        Self { stop, thread }
    }

    /// Stops sampling; returns the probe and the sorted ages in milliseconds.
    ///
    /// # Errors
    /// When the database did not answer.
    pub fn stop(self) -> anyhow::Result<(Probe, Vec<u32>)> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().ok().context("the sampling thread panicked")?
    }
}
