//! The load: `wrk` with the requests of a file.

use std::{fmt::Write as _, fs, net::SocketAddr, path::Path, process::Command, time::Duration};

use anyhow::Context as _;

use super::query::Request;
use crate::{folder::TempFolder, server::printed};

/// Connections, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub connections: u32,
    pub seconds: u64,
    /// The number of the first request.
    pub first: usize,
    /// How long a connection waits after a refusal, in milliseconds.
    pub pause: u64,
}

/// What a load measured. Latencies are of all answers, whatever their status.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub requests: u64,
    pub took: Duration,
    pub bytes: u64,
    /// Connections that failed or broke, and answers that did not come in time.
    pub broken: u64,
    /// Answers with another status than 2xx or 3xx.
    pub refused: u64,
    pub p50: Duration,
    pub p99: Duration,
    /// The share of answers within a second.
    pub within: f64,
}

impl Figures {
    /// The mean length of an answer with its head.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    pub fn bytes_per_answer(&self) -> f64 {
        self.bytes as f64 / self.requests as f64
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        crate::per_second(self.requests, self.took)
    }
}

/// Writes requests to a file in this folder.
///
/// # Errors
/// When it cannot be written.
pub fn write(folder: &TempFolder, name: &str, requests: &[Request]) -> anyhow::Result<std::path::PathBuf> {
    let mut lines = String::new();
    for Request { path, token, body } in requests {
        anyhow::ensure!(!body.contains(['\n', '\t']), "a request does not fit on a line");
        writeln!(lines, "{path}\t{token}\t{body}")?;
    }
    let path = folder.path().join(name);
    fs::write(&path, lines)?;
    Ok(path)
}

/// Loads a server with the requests of a file.
///
/// # Errors
/// When `wrk` is missing or fails.
pub fn run(address: SocketAddr, requests: &Path, load: Load) -> anyhow::Result<Figures> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("wrk/requests.lua");
    let mut command = Command::new("wrk");
    command.arg("-t1").arg(format!("-c{}", load.connections)).arg(format!("-d{}s", load.seconds));
    command.args(["--timeout", "30s", "-s"]).arg(script).arg(format!("http://{address}"));
    command.arg("--").arg(requests).arg(load.first.to_string()).arg(load.pause.to_string());
    let output = printed(&mut command).context("Debian: apt install wrk")?;
    let line = output.lines().find_map(|line| line.strip_prefix("figures "));
    let numbers = line.context("wrk printed no figures")?.split_whitespace().map(str::parse);
    let numbers = numbers.collect::<Result<Vec<u64>, _>>()?;
    let [requests, took, bytes, broken, refused, p50, p99, within] = numbers[..] else {
        anyhow::bail!("unexpected figures of wrk: {output}")
    };
    let micros = Duration::from_micros;
    #[expect(clippy::cast_precision_loss, reason = "at most a million")]
    let within = within as f64 / 1e6;
    Ok(Figures { requests, took: micros(took), bytes, broken, refused, p50: micros(p50), p99: micros(p99), within })
}

/// The version of `wrk`.
pub fn version() -> String {
    // It prints its usage, and fails.
    let output = Command::new("wrk").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
