//! A PostgreSQL server of its own for a test that stops, freezes or cripples it.

use std::{
    fs,
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::{Signal, geteuid};
use sea_orm::ConnectionTrait as _;
use tokio::task::spawn_blocking;

use super::{
    Folder, eventually,
    processes::{children, has_ended, signal},
    watchdog::Watched,
};

/// A private cluster with one database, `app`, that belongs to an ordinary role of that name.
/// Stopped and gone when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: Folder,
    port: u16,
    _watched: Watched,
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
        signal(Signal::STOP, &self.processes());
    }

    /// It goes on.
    pub fn thaw(&self) {
        signal(Signal::CONT, &self.processes());
    }

    /// The machine's power fails, as far as the server is concerned: all of its processes are killed.
    pub async fn kill(&self) {
        let processes = self.processes();
        assert!(!processes.is_empty(), "it runs");
        signal(Signal::KILL, &processes);
        eventually("its processes are gone", async || processes.iter().all(|id| has_ended(*id))).await;
        // Whoever looks after orphans may not have come by yet: to the next start it seems to run.
        fs::remove_file(self.folder.path().join("data/postmaster.pid")).unwrap();
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
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
        if let Some((user, _)) = owner() {
            chown(folder.path(), Some(user), None).unwrap();
        }
        // The port is free again at once; that somebody else takes it meanwhile is unlikely.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let watched = Watched::cluster(folder.path());
        let cluster = Self { bin, folder, port, _watched: watched };
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
        let mut command = Command::new(self.bin.join(program));
        if let Some((user, group)) = owner() {
            command.uid(user).gid(group);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// The postmaster, then its children; none if it does not run.
    pub fn processes(&self) -> Vec<i32> {
        let file = fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        let postmaster = file.lines().next().and_then(|line| line.parse().ok());
        postmaster.map_or_else(Vec::new, |id| [vec![id], children(id)].concat())
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

/// The ordinary user and group whose the files are when the tests run as root.
fn owner() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |wanted: &str| {
        let fields =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == wanted)?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    Some(find("postgres").or_else(|| find("nobody")).unwrap_or((65_534, 65_534)))
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
