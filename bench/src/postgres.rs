//! A temporary `PostgreSQL` cluster with production durability.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;

use crate::{folder::TempFolder, proc};

/// A running cluster with a socket in its folder and a port on the loopback address; stopped and removed when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: TempFolder,
    user: Option<(u32, u32)>,
    port: u16,
    process: u32,
}

const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
shared_buffers = 512MB
max_wal_size = 4GB
max_connections = 100
";

impl Cluster {
    /// Creates and starts a cluster with these settings besides its own; as root, for the user `postgres`.
    ///
    /// # Errors
    /// When `PostgreSQL` is missing or does not start.
    pub fn start(bin: Option<&Path>, settings: &str) -> anyhow::Result<Self> {
        let bin = bin.map_or_else(find_bin, |bin| Ok(bin.to_owned()))?;
        let user = if id(&["-u"])? == 0 { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None };
        let folder = TempFolder::new("postgres")?;
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut cluster = Self { bin, folder, user, port, process: 0 };
        cluster.run("initdb", &["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])?;
        let folder = cluster.socket();
        let settings = format!("{SETTINGS}port = {port}\nunix_socket_directories = '{folder}'\n{settings}");
        fs::write(cluster.folder.path().join("data/postgresql.auto.conf"), settings)?;
        cluster.resume()?;
        let pid = fs::read_to_string(cluster.folder.path().join("data/postmaster.pid"))?;
        cluster.process = pid.lines().next().context("an empty postmaster.pid")?.trim().parse()?;
        Ok(cluster)
    }

    /// Starts it, also after [`Self::stop`].
    ///
    /// # Errors
    /// When it does not start.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["-D", "data", "-l", "log", "-w", "-t", "60", "start"]).map(drop)
    }

    /// Stops it and closes its connections.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["-D", "data", "-m", "fast", "-w", "stop"]).map(drop)
    }

    /// Creates an empty database.
    ///
    /// # Errors
    /// When the cluster refuses it.
    pub fn create_database(&self, name: &str) -> anyhow::Result<()> {
        self.run("psql", &["-h", self.socket(), "-U", "postgres", "-qc", &format!("create database {name}")]).map(drop)
    }

    /// Runs a file of SQL with these variables of psql, each `name=value`.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn run_file(&self, database: &str, file: &Path, variables: &[&str]) -> anyhow::Result<()> {
        let file = file.to_str().context("a path that is not UTF-8")?;
        let mut arguments = vec!["-h", self.socket(), "-U", "postgres", "-d", database, "-qv", "ON_ERROR_STOP=1"];
        arguments.extend(variables.iter().flat_map(|variable| ["-v", variable]));
        arguments.extend(["-f", file]);
        self.run("psql", &arguments).map(drop)
    }

    /// Transactions per second of a pgbench script.
    ///
    /// # Errors
    /// When pgbench fails.
    pub fn pgbench(&self, database: &str, script: &Path, clients: usize, seconds: u64) -> anyhow::Result<f64> {
        let script = script.to_str().context("a path that is not UTF-8")?;
        let (clients, seconds) = (clients.to_string(), seconds.to_string());
        let output = self.run(
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
        let line = output.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench gave no rate")?;
        Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
    }

    /// Runs a checkpoint, so that earlier writes do not slow down the next measurement.
    ///
    /// # Errors
    /// When the cluster refuses it.
    pub fn settle(&self) -> anyhow::Result<()> {
        self.run("psql", &["-h", self.socket(), "-U", "postgres", "-qc", "checkpoint"]).map(drop)
    }

    /// The URL of a database, over the socket.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:{}/{database}?host={}", self.port, self.socket())
    }

    /// The URL of a database, over TCP.
    pub fn tcp_url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// What a client of a database needs, over the socket.
    pub fn config(&self, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.host_path(self.socket()).port(self.port).user("postgres").dbname(database);
        config
    }

    /// The CPU time of all its processes so far.
    ///
    /// # Errors
    /// When it has ended.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        proc::cpu_of_family(self.process)
    }

    /// The folder of its socket.
    fn socket(&self) -> &str {
        self.folder.path().to_str().unwrap_or_default()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(self.bin.join(program));
        command.args(arguments).env("PGPORT", self.port.to_string());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        // The server that `pg_ctl` starts would keep the pipes open.
        if program == "pg_ctl" {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let result = command.output().with_context(|| format!("cannot run {}", self.bin.join(program).display()))?;
        let output = String::from_utf8_lossy(&result.stdout).into_owned();
        anyhow::ensure!(
            result.status.success(),
            "{program} failed: {}{output}",
            String::from_utf8_lossy(&result.stderr)
        );
        Ok(output)
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
    let result = Command::new("id").args(arguments).output()?;
    anyhow::ensure!(result.status.success(), "root needs a user `postgres` to run PostgreSQL as");
    Ok(String::from_utf8(result.stdout)?.trim().parse()?)
}

fn find_bin() -> anyhow::Result<PathBuf> {
    let queried = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = queried.map(|result| PathBuf::from(String::from_utf8_lossy(&result.stdout).trim().to_owned()));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|entry| entry.path().join("bin")).chain(configured).collect();
    found.retain(|bin| bin.join("initdb").exists() && bin.join("pgbench").exists());
    found.sort();
    found.pop().context("PostgreSQL is not found: name its folder with --postgres-bin")
}
