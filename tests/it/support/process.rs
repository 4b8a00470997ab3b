//! The real binary, as its owner runs it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
};

use rustix::process::Signal;
use tokio::{sync::oneshot, task::spawn_blocking};

use super::{Backend, Folder, TOKEN, TestDatabase, processes::signal, watchdog::Watched};

/// `promograph` with a data directory of its own and nothing else set.
pub struct Promograph {
    folder: Folder,
    variables: Vec<(String, String)>,
}

/// A running `promograph serve`; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens: `127.0.0.1:PORT`.
    pub address: String,
    log: Arc<Mutex<String>>,
    _watched: Watched,
}

impl Promograph {
    pub fn new() -> Self {
        Self::in_folder(Folder::new())
    }

    pub fn in_folder(folder: Folder) -> Self {
        // The default port may be in use here.
        let variables = vec![("PROMOGRAPH_LISTEN".to_owned(), "127.0.0.1:0".to_owned())];
        Self { folder, variables }
    }

    /// On the database of a test. (`SQLite` files cannot be shared with it: this one gets its own.)
    pub fn on(test: &TestDatabase) -> Self {
        let promograph = Self::new();
        match test.backend {
            Backend::Sqlite => promograph,
            Backend::Postgres => promograph.with("PROMOGRAPH_DATABASE_URL", &test.url),
        }
    }

    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("promograph-data")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The disk that its data directory is on.
    pub fn disk(&self) -> &Folder {
        &self.folder
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// What a command that must succeed prints, without the last line's end.
    pub async fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The one line that a command complains in, and its exit code.
    pub async fn complains(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = self.run(arguments).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        (said.trim_end().to_owned(), output.status.code())
    }

    /// Starts the server on a free port and waits until it listens.
    pub async fn serve(&self) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.env("PROMOGRAPH_WEBHOOK_TOKENS", TOKEN);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let (listens, address) = oneshot::channel();
        let said = Arc::<Mutex<String>>::default();
        let heard = Arc::clone(&said);
        spawn_blocking(move || read_log(log, &heard, listens));
        // Killed also when nobody waits until it listens.
        let watched = Watched::process(child.id());
        let mut server = Server { child, address: String::new(), log: said, _watched: watched };
        server.address = address.await.unwrap().unwrap_or_else(|said| panic!("the server ended: {said}"));
        server
    }

    /// A command that is not run yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promograph"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().cloned()).stdin(Stdio::null());
        command
    }
}

impl Server {
    /// All that it has logged, a JSON object a line.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// `kill -9`: no chance to write anything down.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `SIGTERM`, and the exit code.
    pub async fn stop(self) -> Option<i32> {
        self.tell_to_stop();
        self.ended().await
    }

    /// `SIGTERM`.
    pub fn tell_to_stop(&self) {
        self.signal(Signal::TERM);
    }

    /// Waits for its end, and gives the exit code.
    pub async fn ended(mut self) -> Option<i32> {
        spawn_blocking(move || self.child.wait().unwrap().code()).await.unwrap()
    }

    /// It does nothing until [`Self::thaw`], as a machine that hangs.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// It goes on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The id of its process.
    pub fn id(&self) -> i32 {
        self.child.id().cast_signed()
    }

    fn signal(&self, sent: Signal) {
        signal(sent, &[self.id()]);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whoever waited for the end has nothing left to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tells the address once the server listens, or what it said if it ended before. Reads on until
/// the end, since a pipe that nobody empties would stop the server.
fn read_log(log: impl BufRead, said: &Mutex<String>, listens: oneshot::Sender<Result<String, String>>) {
    let mut listens = Some(listens);
    for line in log.lines().map_while(Result::ok) {
        let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            // A panic speaks past the log.
            eprintln!("the server: {line}");
            serde_json::Value::Null
        });
        if let (Some("listening"), Some(address)) = (entry["message"].as_str(), entry["address"].as_str())
            && let Some(listens) = listens.take()
        {
            let _ = listens.send(Ok(address.to_owned()));
        }
        *said.lock().unwrap() += &(line + "\n");
    }
    if let Some(listens) = listens {
        let _ = listens.send(Err(said.lock().unwrap().clone()));
    }
}
