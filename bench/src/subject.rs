//! The subject of a measurement: a server on its database, and the database's own rate for comparison.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Context as _;

use crate::{
    folder::TempFolder,
    postgres::Cluster,
    probe::Probe,
    server::{Server, migrate},
    sqlite,
};

/// The server's database.
const DATABASE: &str = "bench";
/// The database of the comparison.
const COMPARISON_DATABASE: &str = "bench_limit";
/// Clients of the comparison.
const CLIENTS: usize = 16;
/// Clients of the comparison that write batches; more are slower.
const BATCH_CLIENTS: usize = 4;
/// Events in a batch.
const BATCH_EVENTS: u64 = 50;

/// A server on its database.
pub struct Subject {
    // Declared first, so that it is dropped before the database it uses.
    /// The server.
    pub server: Server,
    database: Database,
}

enum Database {
    Postgres(Cluster),
    Sqlite { limit: TempFolder, next: std::cell::Cell<u64> },
}

impl Subject {
    /// A server on a new cluster.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn postgres(binary: &Path, bin: Option<&Path>) -> anyhow::Result<Self> {
        let cluster = Cluster::start(bin, "")?;
        cluster.create_database(DATABASE)?;
        cluster.create_database(COMPARISON_DATABASE)?;
        let scratch = TempFolder::new("migration")?;
        migrate(binary, scratch.path(), Some(&cluster.url(COMPARISON_DATABASE)))?;
        cluster.run_file(COMPARISON_DATABASE, &script("prepare.sql"), &[])?;
        let server = Server::start(binary, Some(&cluster.url(DATABASE)))?;
        Ok(Self { server, database: Database::Postgres(cluster) })
    }

    /// A server on a new file.
    ///
    /// # Errors
    /// When it does not start.
    pub fn sqlite(binary: &Path) -> anyhow::Result<Self> {
        let limit = TempFolder::new("limit")?;
        migrate(binary, limit.path(), None)?;
        let database = Database::Sqlite { limit, next: 1_000_000_000.into() };
        Ok(Self { server: Server::start(binary, None)?, database })
    }

    /// The database's name.
    pub fn name(&self) -> &'static str {
        if self.is_postgres() { "PostgreSQL" } else { "SQLite" }
    }

    /// Whether it is `PostgreSQL`.
    pub fn is_postgres(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// A probe of the server's database.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn probe(&self) -> anyhow::Result<Probe> {
        match &self.database {
            Database::Postgres(cluster) => Probe::postgres(&cluster.config(DATABASE)),
            Database::Sqlite { .. } => Probe::sqlite(&self.server.sqlite_file()?),
        }
    }

    /// Stops `PostgreSQL`.
    ///
    /// # Errors
    /// When it is `SQLite`, or does not stop.
    pub fn stop_database(&self) -> anyhow::Result<()> {
        self.cluster()?.stop()
    }

    /// Starts it again.
    ///
    /// # Errors
    /// When it does not start.
    pub fn resume_database(&self) -> anyhow::Result<()> {
        self.cluster()?.resume()
    }

    fn cluster(&self) -> anyhow::Result<&Cluster> {
        let Database::Postgres(cluster) = &self.database else { anyhow::bail!("SQLite has no server to stop") };
        Ok(cluster)
    }

    /// The database's own rate with one event and its upserts per transaction, in events per second.
    ///
    /// # Errors
    /// When it fails.
    pub fn singly(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => {
                cluster.pgbench(COMPARISON_DATABASE, &script("single.sql"), CLIENTS, seconds)
            }
            Database::Sqlite { limit, next } => Self::on_file(limit, next, 1, seconds),
        }
    }

    /// The same with one client.
    ///
    /// # Errors
    /// When it fails.
    pub fn singly_alone(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => cluster.pgbench(COMPARISON_DATABASE, &script("single.sql"), 1, seconds),
            Database::Sqlite { limit, next } => Self::on_file(limit, next, 1, seconds),
        }
    }

    /// The same with fifty events per transaction.
    ///
    /// # Errors
    /// When it fails.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    pub fn in_batches(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => {
                Ok(cluster.pgbench(COMPARISON_DATABASE, &script("batch50.sql"), BATCH_CLIENTS, seconds)?
                    * BATCH_EVENTS as f64)
            }
            Database::Sqlite { limit, next } => Self::on_file(limit, next, BATCH_EVENTS, seconds),
        }
    }

    /// CPU time so far of the server, and of the database if it is a separate process.
    ///
    /// # Errors
    /// When one of them has ended.
    pub fn cpu(&self) -> anyhow::Result<(Duration, Duration)> {
        let database = match &self.database {
            Database::Postgres(cluster) => cluster.cpu()?,
            Database::Sqlite { .. } => Duration::ZERO,
        };
        Ok((self.server.cpu()?, database))
    }

    /// Has the database write its changes to disk before the next measurement.
    ///
    /// # Errors
    /// When it fails.
    pub fn settle(&self) -> anyhow::Result<()> {
        if let Database::Postgres(cluster) = &self.database {
            return cluster.settle();
        }
        // `sync` instead of `fsync` on its files: closing a file would drop the locks that the probe holds on it.
        let synced = Command::new("sync").status().context("cannot run `sync`")?;
        anyhow::ensure!(synced.success(), "`sync` failed");
        Ok(())
    }

    fn on_file(limit: &TempFolder, next: &std::cell::Cell<u64>, batch: u64, seconds: u64) -> anyhow::Result<f64> {
        // Far apart, so that runs do not share rows.
        let first = next.get();
        next.set(first + 1_000_000_000);
        sqlite::rate(&limit.path().join("promograph.db"), batch, first, Duration::from_secs(seconds))
    }
}

/// The path of a pgbench script.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pgbench").join(name)
}
