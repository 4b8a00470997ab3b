//! A PostgreSQL server of its own for a test that stops, freezes or cripples it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sea_orm::ConnectionTrait as _;
use tokio::task::spawn_blocking;

use super::{Folder, eventually};

/// A private cluster with one database, `app`, that belongs to an ordinary role of that name.
/// Stopped and gone when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: Folder,
    port: u16,
}

/// The size of the small disk in megabytes: twice of what an empty cluster takes.
const SMALL_DISK: u32 = 160;

impl Cluster {
    /// Makes and starts one.
    pub async fn start() -> Self {
        Self::start_in(Folder::new()).await
    }

    /// Makes and starts one on a disk that [`Self::fill_disk`] can fill, where we may mount one.
    pub async fn start_on_small_disk() -> Option<Self> {
        Some(Self::start_in(Folder::on_small_disk(SMALL_DISK)?).await)
    }

    async fn start_in(folder: Folder) -> Self {
        let cluster = spawn_blocking(move || Self::create(folder)).await.unwrap();
        cluster.resume().await;
        cluster.run("create role app login").await;
        cluster.run("create database app owner app").await;
        cluster
    }

    /// The database as the server under test reaches it: an ordinary role, no superuser.
    pub fn url(&self) -> String {
        format!("postgres://app@127.0.0.1:{}/app", self.port)
    }

    /// Runs one statement as the superuser, in the database `app` once there is one.
    pub async fn run(&self, sql: &str) {
        let server = format!("postgres://postgres@127.0.0.1:{}", self.port);
        let app = sea_orm::Database::connect(format!("{server}/app")).await;
        let db = match app {
            Ok(app) => app,
            Err(_) => sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap(),
        };
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    }

    /// Starts it again.
    pub async fn resume(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=40",
            self.port
        );
        self.pg_ctl(&["-w", "-t", "60", "-l", "log", "-o", &options, "start"]).await;
    }

    /// As an operator stops it: open connections are ended.
    pub async fn stop(&self) {
        self.pg_ctl(&["-w", "-m", "fast", "stop"]).await;
    }

    /// As if the machine had failed.
    pub async fn crash(&self) {
        self.pg_ctl(&["-w", "-m", "immediate", "stop"]).await;
    }

    /// It accepts connections and never answers, as a machine that hangs.
    pub fn freeze(&self) {
        signal("-STOP", &self.processes());
    }

    /// It goes on.
    pub fn thaw(&self) {
        signal("-CONT", &self.processes());
    }

    /// The machine's power fails, as far as the server is concerned: all of its processes are killed.
    pub async fn kill(&self) {
        let processes = self.processes();
        signal("-KILL", &processes);
        eventually("its processes are gone", async || {
            let mut ps = Command::new("ps");
            let list = ps.args(["-o", "stat=", "-p", &processes.join(",")]).output().unwrap().stdout;
            String::from_utf8(list).unwrap().lines().all(|state| state.starts_with('Z'))
        })
        .await;
        // Whoever looks after orphans may not have come by yet: to the next start it seems to run.
        fs::remove_file(self.folder.path().join("data/postmaster.pid")).unwrap();
    }

    /// Takes the last free byte of the small disk.
    pub fn fill_disk(&self) {
        self.folder.fill();
    }

    /// Frees the disk, and starts the server if the full disk has ended it.
    pub async fn free_disk(&self) {
        self.folder.free();
        let status = self.command("pg_ctl").args(["-D", "data", "status"]).output().unwrap().status;
        if !status.success() {
            self.resume().await;
        }
    }

    fn create(folder: Folder) -> Self {
        let bin = bin();
        if let Some(owner) = owner() {
            assert!(Command::new("chown").arg(owner).arg(folder.path()).status().unwrap().success());
        }
        // The port is free again at once; that somebody else takes it meanwhile is unlikely.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { bin, folder, port };
        let initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", "data"];
        let output = cluster.command("initdb").args(initdb).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        cluster
    }

    async fn pg_ctl(&self, arguments: &[&str]) {
        let mut command = self.command("pg_ctl");
        command.args(["-D", "data"]).args(arguments);
        let folder = self.folder.path().to_owned();
        spawn_blocking(move || {
            // Not its output: the server would inherit the pipe and keep it open.
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
            assert!(status.success(), "{}", fs::read_to_string(folder.join("log")).unwrap_or_default());
        })
        .await
        .unwrap();
    }

    /// A program of PostgreSQL, run in the folder by its owner: it refuses to be run by root.
    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = match owner() {
            Some(owner) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", owner, "--regid", owner, "--clear-groups", "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// The postmaster, then its children.
    fn processes(&self) -> Vec<String> {
        let file = fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let postmaster = file.lines().next().unwrap().to_owned();
        let list = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let children = list.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
        let children = children.filter(|(_, parent)| parent.trim() == postmaster).map(|(child, _)| child.to_owned());
        std::iter::once(postmaster.clone()).chain(children.collect::<Vec<_>>()).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.thaw();
            let _ = self.command("pg_ctl").args(["-D", "data", "-m", "immediate", "-w", "stop"]).output();
        }
    }
}

fn signal(signal: &str, processes: &[String]) {
    // A child that has ended meanwhile needs none.
    let _ = Command::new("kill").arg(signal).args(processes).stderr(Stdio::null()).status().unwrap();
}

/// The ordinary user whose the files are when the tests run as root.
fn owner() -> Option<&'static str> {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    let exists = |name| Command::new("id").arg(name).output().is_ok_and(|output| output.status.success());
    (id.trim_ascii() == b"0").then(|| if exists("postgres") { "postgres" } else { "nobody" })
}

/// The folder of PostgreSQL's programs, found as `scripts/test` finds it.
fn bin() -> PathBuf {
    let named = std::env::var_os("PROMOGRAPH_TEST_POSTGRES_BIN").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<_> = ["/usr/lib/postgresql", "/opt/homebrew/opt"]
        .iter()
        .filter_map(|root| fs::read_dir(root).ok())
        .flat_map(|folders| folders.filter_map(|folder| Some(folder.ok()?.path().join("bin"))))
        .collect();
    versions.sort();
    let candidates = named.into_iter().chain(std::env::split_paths(&path)).chain(versions.into_iter().rev());
    let has_programs = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    candidates
        .into_iter()
        .find(|folder| has_programs(folder))
        .expect("PROMOGRAPH_TEST_POSTGRES_BIN names the folder of initdb and pg_ctl; `make test` finds it and sets it")
}
