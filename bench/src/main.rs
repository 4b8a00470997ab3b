//! `make bench` and `make bench-reads`: how fast the release binary stores and applies webhooks, and answers GraphQL,
//! compared in the same run with what could be. Prints tables; see `bench/README.md`.

mod bench;
mod event;
mod folder;
mod load;
mod postgres;
mod probe;
mod proc;
mod reads;
mod report;
mod server;
mod session;
mod soak;
mod sqlite;
mod subject;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, ValueEnum};

/// Measures Promograph under webhooks and GraphQL.
#[derive(Parser, Debug)]
enum Command {
    /// Rates, latencies, lag and CPU per event, as ratios to the database's own rate
    Rates(CommonArgs),
    /// One load at given rates: latencies, lag and CPU per event
    Paced {
        #[command(flatten)]
        common: CommonArgs,
        /// Events per second, one load after the other
        #[arg(long, value_delimiter = ',', default_value = "2000,5000")]
        rates: Vec<f64>,
        /// The duration of each load
        #[arg(long, default_value_t = 8)]
        seconds: u64,
    },
    /// Memory of one server over many events
    Soak {
        #[command(flatten)]
        common: CommonArgs,
        /// Events in all
        #[arg(long, default_value_t = 1_000_000)]
        events: usize,
        /// Events per second
        #[arg(long, default_value_t = 2_500.0)]
        rate: f64,
    },
    /// Memory of one server, and completeness, over many events while PostgreSQL is stopped
    Outage {
        #[command(flatten)]
        common: CommonArgs,
        /// Events during the outage
        #[arg(long, default_value_t = 200_000)]
        events: usize,
        /// Events per second
        #[arg(long, default_value_t = 2_500.0)]
        rate: f64,
    },
    /// GraphQL beside a hand-written server and `PostGraphile`
    Reads(Box<reads::ReadsArgs>),
}

#[derive(Args, Debug)]
struct CommonArgs {
    /// The database to measure
    #[arg(long, default_value = "both")]
    database: DatabaseChoice,
    /// The server's binary
    #[arg(long, default_value = "target/release/promograph")]
    binary: PathBuf,
    /// The folder of `initdb`, `pg_ctl` and `pgbench`, if they are not found
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
    /// Fewer events and shorter runs
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DatabaseChoice {
    Postgres,
    Sqlite,
    Both,
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Rates(common) => each(&common, |subject| bench::rates(subject, &common)),
        Command::Paced { common, rates, seconds } => each(&common, |subject| bench::paced(subject, &rates, seconds)),
        Command::Soak { common, events, rate } => each(&common, |subject| soak::soak(subject, events, rate)),
        // SQLite has no spool, which would be on the same disk.
        Command::Outage { common, events, rate } => {
            each(&CommonArgs { database: DatabaseChoice::Postgres, ..common }, |subject| {
                soak::outage(subject, events, rate)
            })
        }
        Command::Reads(args) => reads::run(*args),
    }
}

fn each(common: &CommonArgs, measure: impl Fn(&subject::Subject) -> anyhow::Result<()>) -> anyhow::Result<()> {
    anyhow::ensure!(common.binary.exists(), "{} is missing: make bench builds it", common.binary.display());
    if common.database != DatabaseChoice::Sqlite {
        measure(&subject::Subject::postgres(&common.binary, common.postgres_bin.as_deref())?)?;
    }
    if common.database != DatabaseChoice::Postgres {
        measure(&subject::Subject::sqlite(&common.binary)?)?;
    }
    Ok(())
}

/// The rate per second.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The quantile of sorted values at this share.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn quantile(sorted: &[u32], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default().into()
}
