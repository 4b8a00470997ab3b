//! What was measured: versions, data set, load.

use std::process::Command;

use anyhow::Context as _;
use chrono::Utc;
use serde_json::Value;

use super::{
    Bench, DATABASE, ReadsArgs, dataset, repository,
    target::{TargetKind, postgraphile_folder},
    wrk,
};
use crate::{server::printed, session::Session};

/// A paragraph for the results.
///
/// # Errors
/// When a version cannot be read.
pub fn all(bench: &Bench, args: &ReadsArgs) -> anyhow::Result<String> {
    let rows = Session::open(&bench.cluster.config(DATABASE))?.rows("show server_version", &[])?;
    let postgres: String = rows.first().context("no version of PostgreSQL")?.try_get(0)?;
    let postgres = postgres.split_whitespace().next().unwrap_or_default();
    let promograph = printed(Command::new(&args.binary).arg("--version"))?;
    let commit = printed(Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(repository()))?;
    let mut versions = vec![format!("{promograph} ({commit})"), format!("PostgreSQL {postgres}")];
    if args.kinds().contains(&TargetKind::Postgraphile) {
        let package = std::fs::read_to_string(postgraphile_folder().join("node_modules/postgraphile/package.json"))?;
        let package: Value = serde_json::from_str(&package)?;
        let version = package["version"].as_str().context("PostGraphile has no version")?;
        let node = printed(Command::new(postgraphile_folder().join("node_modules/.bin/node")).arg("--version"))?;
        versions.push(format!("PostGraphile {version} with two processes on Node.js {}", node.trim_start_matches('v')));
    }
    versions.push(wrk::version());
    let cores = std::thread::available_parallelism()?;
    Ok(format!(
        "{}: {}. {cores} cores for servers, PostgreSQL and load. {} leads (seed {}); {} connections, {} rounds of {} s \
         each: medians.",
        Utc::now().format("%F"),
        versions.join(", "),
        args.leads,
        dataset::SEED,
        args.connections,
        args.rounds,
        args.seconds
    ))
}
