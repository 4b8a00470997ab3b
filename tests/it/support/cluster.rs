//! A PostgreSQL server of its own for a test that stops, freezes or cripples it.

use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sea_orm::ConnectionTrait as _;
use tokio::task::spawn_blocking;

/// A private cluster with one database, `app`, that belongs to an ordinary role of that name.
/// Stopped and gone when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    /// Its files are on a disk of their own, which is small enough to be filled.
    small_disk: bool,
}

/// The size of the small disk: twice of what an empty cluster takes.
const SMALL_DISK: &str = "size=160m";

impl Cluster {
    /// Makes and starts one.
    pub async fn start() -> Self {
        Self::start_on(false).await
    }

    /// Makes and starts one on a disk that [`Self::fill_disk`] can fill, where we may mount one.
    pub async fn start_on_small_disk() -> Option<Self> {
        let cluster = Self::start_on(true).await;
        cluster.small_disk.then_some(cluster)
    }

    async fn start_on(small_disk: bool) -> Self {
        let cluster = spawn_blocking(move || Self::create(small_disk)).await.unwrap();
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
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' -c fsync=off -c max_connections=40",
            self.port,
            self.folder.path().display()
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

    /// Takes the last free byte of the small disk.
    pub fn fill_disk(&self) {
        assert!(self.small_disk, "this would fill somebody else's disk");
        let mut ballast = fs::File::create(self.ballast()).unwrap();
        while ballast.write_all(&[1; 4096]).is_ok() {}
    }

    /// Frees the disk, and starts the server if the full disk has ended it.
    pub async fn free_disk(&self) {
        fs::remove_file(self.ballast()).unwrap();
        let status = self.command("pg_ctl").args(["-D", "data", "status"]).output().unwrap().status;
        if !status.success() {
            self.resume().await;
        }
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }

    fn create(small_disk: bool) -> Self {
        let bin = bin();
        let folder = tempfile::tempdir().unwrap();
        let mount = || {
            let arguments = ["-t", "tmpfs", "-o", SMALL_DISK, "promograph-test"];
            Command::new("mount").args(arguments).arg(folder.path()).output().is_ok_and(|it| it.status.success())
        };
        let small_disk = small_disk && mount();
        if let Some(owner) = owner() {
            assert!(Command::new("chown").arg(owner).arg(folder.path()).status().unwrap().success());
        }
        // The port is free again at once; that somebody else takes it meanwhile is unlikely.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { bin, folder, port, small_disk };
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
        if self.small_disk {
            let _ = Command::new("umount").arg(self.folder.path()).status();
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
