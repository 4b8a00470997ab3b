//! The measured server: the release binary as a child process.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    event::{SECRET, TOKEN},
    folder::TempFolder,
    proc,
};

/// The time in which a server must listen.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// The key of API tokens.
pub const JWT_SECRET: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
/// The rate limit, which must not bind.
const RATE_POINTS: &str = "1000000000";

/// Promograph's binary with settings of the bench alone, on the database of this URL, or on `SQLite` in the folder.
pub fn command(binary: &Path, data_dir: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.to_str().is_some_and(|name| name.starts_with("PROMOGRAPH_")) {
            command.env_remove(name);
        }
    }
    command.env("PROMOGRAPH_DATA_DIR", data_dir).env("PROMOGRAPH_JWT_SECRET", JWT_SECRET);
    if let Some(url) = database {
        command.env("PROMOGRAPH_DATABASE_URL", url);
    }
    command
}

/// Creates the tables.
///
/// # Errors
/// When the binary fails.
pub fn migrate(binary: &Path, data_dir: &Path, database: Option<&str>) -> anyhow::Result<()> {
    printed(command(binary, data_dir, database).args(["migrate", "up"])).map(drop)
}

/// Runs a command; what it printed.
///
/// # Errors
/// When it fails.
pub fn printed(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let result = command.output().with_context(|| format!("cannot run {name}"))?;
    anyhow::ensure!(result.status.success(), "{name} failed: {}", String::from_utf8_lossy(&result.stderr));
    Ok(String::from_utf8(result.stdout)?.trim().to_owned())
}

/// A running server, Promograph or another; killed when dropped.
pub struct Server {
    child: Child,
    /// Its address.
    pub address: SocketAddr,
    folder: TempFolder,
}

impl Server {
    /// Starts the binary on the database of this URL, or on `SQLite` in a temporary folder.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(binary: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let (address, folder) = (free_address()?, TempFolder::new("server")?);
        let mut command = command(binary, &folder.path().join("data"), database);
        command
            .arg("serve")
            .env("PROMOGRAPH_LISTEN", address.to_string())
            .env("PROMOGRAPH_RATE_POINTS", RATE_POINTS)
            .env("PROMOGRAPH_WEBHOOK_TOKENS", format!("{TOKEN}:required"))
            .env("PROMOGRAPH_WEBHOOK_SECRETS", SECRET);
        Self::spawn(command, address, folder)
    }

    /// Starts a program that listens on this address and says so on standard error.
    ///
    /// # Errors
    /// When it does not start.
    pub fn spawn(mut command: Command, address: SocketAddr, folder: TempFolder) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(folder.path().join("log"))?);
        let child =
            command.spawn().with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
        let mut server = Self { child, address, folder };
        let began = Instant::now();
        while std::net::TcpStream::connect(address).is_err() || !server.is_listening() {
            if let Some(status) = server.child.try_wait()? {
                anyhow::bail!("the server ended with {status}:\n{}", server.log());
            }
            anyhow::ensure!(began.elapsed() < START_TIMEOUT, "the server does not start:\n{}", server.log());
            sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// The text of its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Its `SQLite` file.
    pub fn sqlite_file(&self) -> anyhow::Result<std::path::PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join("data"))?.flatten().map(|entry| entry.path());
        let mut files =
            files.filter(|path| path.extension().is_some_and(|it| it == "db") && !path.ends_with("spool.db"));
        files.next().context("the server has no SQLite file")
    }

    /// The CPU time so far of all its processes.
    ///
    /// # Errors
    /// When it has ended.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        proc::cpu_of_family(self.child.id())
    }

    /// Its resident memory, in kB.
    ///
    /// # Errors
    /// When it has ended.
    pub fn rss_kb(&self) -> anyhow::Result<u64> {
        proc::rss_kb(self.child.id())
    }

    /// Its process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether its log says that it listens.
    fn is_listening(&self) -> bool {
        self.log().contains("listening")
    }
}

/// An address on which nothing listens.
///
/// # Errors
/// When there is none.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the server may still run: {error}");
        }
    }
}
