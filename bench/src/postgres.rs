//! A `PostgreSQL` of our own, durable as in production, removed when dropped.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;

use crate::{folder::Folder, proc};

/// A running cluster, reached by a socket in its folder.
pub struct Cluster {
    bin: PathBuf,
    folder: Folder,
    user: Option<(u32, u32)>,
    process: u32,
}

const SETTINGS: &str = "\
listen_addresses = ''
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
shared_buffers = 512MB
max_wal_size = 4GB
max_connections = 60
";

impl Cluster {
    /// Makes a cluster and starts it. As root it belongs to the user `postgres`.
    ///
    /// # Errors
    /// When `PostgreSQL` is not there, or does not start.
    pub fn start(bin: Option<&Path>) -> anyhow::Result<Self> {
        let bin = bin.map_or_else(find_bin, |bin| Ok(bin.to_owned()))?;
        let user = if id(&["-u"])? == 0 { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None };
        let folder = Folder::new("postgres")?;
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group))?;
        }
        let mut cluster = Self { bin, folder, user, process: 0 };
        cluster.run("initdb", &["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])?;
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", cluster.socket());
        fs::write(cluster.folder.path().join("data/postgresql.auto.conf"), settings)?;
        cluster.resume()?;
        let pid = fs::read_to_string(cluster.folder.path().join("data/postmaster.pid"))?;
        cluster.process = pid.lines().next().context("an empty postmaster.pid")?.trim().parse()?;
        Ok(cluster)
    }

    /// Starts it, after [`Self::stop`] again.
    ///
    /// # Errors
    /// When it does not start.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["-D", "data", "-l", "log", "-w", "-t", "60", "start"]).map(drop)
    }

    /// Stops it, and cuts off who is connected.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["-D", "data", "-m", "fast", "-w", "stop"]).map(drop)
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// When the cluster refuses it.
    pub fn create_database(&self, name: &str) -> anyhow::Result<()> {
        self.run("psql", &["-h", self.socket(), "-U", "postgres", "-qc", &format!("create database {name}")]).map(drop)
    }

    /// Runs a file of SQL.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn run_file(&self, database: &str, file: &Path) -> anyhow::Result<()> {
        let file = file.to_str().context("a path that is no text")?;
        self.run("psql", &["-h", self.socket(), "-U", "postgres", "-d", database, "-qv", "ON_ERROR_STOP=1", "-f", file])
            .map(drop)
    }

    /// Transactions per second of a pgbench script.
    ///
    /// # Errors
    /// When pgbench fails.
    pub fn pgbench(&self, database: &str, script: &Path, clients: usize, seconds: u64) -> anyhow::Result<f64> {
        let script = script.to_str().context("a path that is no text")?;
        let (clients, seconds) = (clients.to_string(), seconds.to_string());
        let said = self.run(
            "pgbench",
            &[
                "-h",
                self.socket(),
                "-U",
                "postgres",
                "-n",
                "-M",
                "prepared",
                "-c",
                &clients,
                "-j",
                "1",
                "-T",
                &seconds,
                "-f",
                script,
                database,
            ],
        )?;
        let line = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench gave no rate")?;
        Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
    }

    /// Checkpoints, so that what was written before does not burden what comes.
    ///
    /// # Errors
    /// When the cluster refuses it.
    pub fn settle(&self) -> anyhow::Result<()> {
        self.run("psql", &["-h", self.socket(), "-U", "postgres", "-qc", "checkpoint"]).map(drop)
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.socket())
    }

    /// The CPU time of all its processes so far.
    ///
    /// # Errors
    /// When it is gone.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        proc::cpu_of_family(self.process)
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &str {
        self.folder.path().to_str().unwrap_or_default()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(self.bin.join(program));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        // What `pg_ctl` starts would keep a pipe open.
        if program == "pg_ctl" {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let ended = command.output().with_context(|| format!("cannot run {}", self.bin.join(program).display()))?;
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        anyhow::ensure!(ended.status.success(), "{program} failed: {}{said}", String::from_utf8_lossy(&ended.stderr));
        Ok(said)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.run("pg_ctl", &["-D", "data", "-m", "immediate", "-w", "stop"]) {
            eprintln!("PostgreSQL in {} may still run: {error:#}", self.folder.path().display());
        }
    }
}

fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    let ended = Command::new("id").args(arguments).output()?;
    anyhow::ensure!(ended.status.success(), "root needs a user `postgres` to run PostgreSQL as");
    Ok(String::from_utf8(ended.stdout)?.trim().parse()?)
}

fn find_bin() -> anyhow::Result<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let told = asked.map(|ended| PathBuf::from(String::from_utf8_lossy(&ended.stdout).trim().to_owned()));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|entry| entry.path().join("bin")).chain(told).collect();
    found.retain(|bin| bin.join("initdb").exists() && bin.join("pgbench").exists());
    found.sort();
    found.pop().context("PostgreSQL is not found: name its folder with --postgres-bin")
}
