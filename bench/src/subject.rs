//! What is measured: a server on its database, and the database's own rate beside it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Context as _;

use crate::{folder::Folder, postgres::Cluster, probe::Probe, server::Server, sqlite};

/// The server's database, and the one of the comparison.
const DATABASE: &str = "bench";
const LIMIT: &str = "bench_limit";
/// Clients of the comparison.
const CLIENTS: usize = 16;
/// Clients that write batches: more are slower.
const BATCH_CLIENTS: usize = 4;
/// Events in a batch.
const BATCH: u64 = 50;

/// A server on its database.
pub struct Subject {
    // Dropped first: before the database that it uses.
    /// The server.
    pub server: Server,
    database: Database,
}

enum Database {
    Postgres(Cluster),
    Sqlite { limit: Folder, next: std::cell::Cell<u64> },
}

impl Subject {
    /// A server on a cluster of its own.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn postgres(binary: &Path, bin: Option<&Path>) -> anyhow::Result<Self> {
        let cluster = Cluster::start(bin)?;
        cluster.create_database(DATABASE)?;
        cluster.create_database(LIMIT)?;
        let scratch = Folder::new("migration")?;
        migrate(binary, scratch.path(), Some(&cluster.url(LIMIT)))?;
        cluster.run_file(LIMIT, &script("prepare.sql"))?;
        let server = Server::start(binary, Some(&cluster.url(DATABASE)))?;
        Ok(Self { server, database: Database::Postgres(cluster) })
    }

    /// A server on a file of its own.
    ///
    /// # Errors
    /// When it does not start.
    pub fn sqlite(binary: &Path) -> anyhow::Result<Self> {
        let limit = Folder::new("limit")?;
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

    /// A look into the server's database.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn probe(&self) -> anyhow::Result<Probe> {
        match &self.database {
            Database::Postgres(cluster) => Probe::postgres(cluster.socket(), DATABASE),
            Database::Sqlite { .. } => Probe::sqlite(&self.server.sqlite_file()?),
        }
    }

    /// Stops `PostgreSQL`.
    ///
    /// # Errors
    /// When it is another database, or does not stop.
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

    /// What the database does by itself with one event and its upserts per transaction, per second.
    ///
    /// # Errors
    /// When it fails.
    pub fn singly(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => cluster.pgbench(LIMIT, &script("single.sql"), CLIENTS, seconds),
            Database::Sqlite { limit, next } => Self::on_file(limit, next, 1, seconds),
        }
    }

    /// The same with one client.
    ///
    /// # Errors
    /// When it fails.
    pub fn singly_alone(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => cluster.pgbench(LIMIT, &script("single.sql"), 1, seconds),
            Database::Sqlite { limit, next } => Self::on_file(limit, next, 1, seconds),
        }
    }

    /// The same with fifty events per transaction; still events per second.
    ///
    /// # Errors
    /// When it fails.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    pub fn in_batches(&self, seconds: u64) -> anyhow::Result<f64> {
        match &self.database {
            Database::Postgres(cluster) => {
                Ok(cluster.pgbench(LIMIT, &script("batch50.sql"), BATCH_CLIENTS, seconds)? * BATCH as f64)
            }
            Database::Sqlite { limit, next } => Self::on_file(limit, next, BATCH, seconds),
        }
    }

    /// CPU time so far: of the server, and of the database where it is a process of its own.
    ///
    /// # Errors
    /// When one of them is gone.
    pub fn cpu(&self) -> anyhow::Result<(Duration, Duration)> {
        let database = match &self.database {
            Database::Postgres(cluster) => cluster.cpu()?,
            Database::Sqlite { .. } => Duration::ZERO,
        };
        Ok((self.server.cpu()?, database))
    }

    /// Lets the database put its work on disk before something else is measured.
    ///
    /// # Errors
    /// When it fails.
    pub fn settle(&self) -> anyhow::Result<()> {
        if let Database::Postgres(cluster) = &self.database {
            return cluster.settle();
        }
        // Not by opening its files: closing one would drop the locks that the probe has on it.
        let synced = Command::new("sync").status().context("cannot run `sync`")?;
        anyhow::ensure!(synced.success(), "`sync` failed");
        Ok(())
    }

    fn on_file(limit: &Folder, next: &std::cell::Cell<u64>, batch: u64, seconds: u64) -> anyhow::Result<f64> {
        // Far apart, so that no run meets the rows of another.
        let first = next.get();
        next.set(first + 1_000_000_000);
        sqlite::rate(&limit.path().join("promograph.db"), batch, first, Duration::from_secs(seconds))
    }
}

/// A pgbench script.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pgbench").join(name)
}

/// Makes the server's tables.
fn migrate(binary: &Path, data_dir: &Path, url: Option<&str>) -> anyhow::Result<()> {
    let mut command = Command::new(binary);
    command.args(["migrate", "up"]).env("PROMOGRAPH_DATA_DIR", data_dir).env_remove("DATABASE_URL");
    match url {
        Some(url) => command.env("PROMOGRAPH_DATABASE_URL", url),
        None => command.env_remove("PROMOGRAPH_DATABASE_URL"),
    };
    let ended = command.output().context("cannot run the server's migration")?;
    anyhow::ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    Ok(())
}
