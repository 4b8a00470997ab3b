//! The real binary, as its owner runs it.

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::{Backend, TOKEN, TestDatabase};

/// `promograph` with a data directory of its own and nothing else set.
pub struct Promograph {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// A running `promograph serve`; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens: `127.0.0.1:PORT`.
    pub address: String,
    log: tokio::task::JoinHandle<()>,
}

impl Promograph {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
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

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.unwrap()
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
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let Some(line) = lines.next_line().await.unwrap() else { panic!("the server ended: {said}") };
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if entry["message"] == "listening" {
                break entry["address"].as_str().unwrap().to_owned();
            }
            said += &line;
        };
        // A pipe that nobody empties would stop the server.
        let log = tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Server { child, address, log }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promograph"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().cloned()).stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

impl Server {
    /// `kill -9`: no chance to write anything down.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
        self.log.await.unwrap();
    }

    /// `SIGTERM`, and the exit code.
    pub async fn stop(mut self) -> Option<i32> {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        self.child.wait().await.unwrap().code()
    }
}
