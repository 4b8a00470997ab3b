//! `make bench-reads`: how fast the release binary answers GraphQL, compared in the same run with a hand-written server
//! and with `PostGraphile` on the same tables.

mod client;
mod compare;
mod dataset;
mod growth;
mod opaque;
mod overload;
mod plot;
mod query;
mod report;
mod rounds;
mod target;
mod versions;
mod wrk;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum as _};

use crate::{folder::TempFolder, postgres::Cluster, server::migrate, session::Session};
use query::Query;
use report::Report;
use target::{Issuer, Target, TargetKind, postgraphile_folder};

/// The database of all servers but `--before`.
const DATABASE: &str = "reads";
/// The database of `--before`.
const DATABASE_BEFORE: &str = "reads_before";
/// Room for the data set in memory.
const SETTINGS: &str = "shared_buffers = 1GB\n";

#[derive(Args, Debug)]
pub struct ReadsArgs {
    /// The server's binary
    #[arg(long, default_value = "target/release/promograph")]
    binary: PathBuf,
    /// Another binary to compare with, for the target `before`
    #[arg(long)]
    before: Option<PathBuf>,
    /// Servers to measure [default: all; `before` with --before; with --overload only Promograph]
    #[arg(long, value_delimiter = ',')]
    targets: Vec<TargetKind>,
    /// What to ask [default: all; with --overload no figures]
    #[arg(long, value_delimiter = ',')]
    queries: Vec<Query>,
    /// Leads of the data set
    #[arg(long, default_value_t = 1_000_000)]
    leads: u32,
    /// Rounds, in each of which every server gets every question
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The duration of each load
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Connections of each load
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// 100,000 leads, three rounds, one second each
    #[arg(long)]
    quick: bool,
    /// Writes bench/RESULTS.md and docs/reads.svg too
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    instead: Instead,
    /// The folder of `initdb` and `pg_ctl`, if they are not found
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
}

/// What is measured instead of the comparison.
#[derive(Args, Debug)]
struct Instead {
    /// Instead: answers in time, and webhooks meanwhile, with ten times the connections
    #[arg(long, conflicts_with_all = ["growth", "write"])]
    overload: bool,
    /// Instead: pages and single rows of databases of growing sizes
    #[arg(long, conflicts_with = "write")]
    growth: bool,
    /// Leads of the databases of --growth; ten million need some 12 GB on disk
    #[arg(long, value_delimiter = ',', default_value = "100000,1000000,10000000")]
    sizes: Vec<u32>,
}

/// The running servers, on one cluster. Declared so that servers are dropped before their database.
struct Bench {
    targets: Vec<Target>,
    #[expect(dead_code, reason = "removed when dropped")]
    sqlite: TempFolder,
    cluster: Cluster,
}

/// Measures, and prints the results.
///
/// # Errors
/// When something does not work, or two servers give different answers.
pub fn run(mut args: ReadsArgs) -> anyhow::Result<()> {
    if args.quick {
        (args.leads, args.rounds, args.seconds) = (args.leads.min(100_000), 3, 1);
    }
    if args.instead.growth {
        return growth::run(&args);
    }
    if args.queries.is_empty() {
        let all = Query::value_variants().iter().copied();
        args.queries = all.filter(|query| !(args.instead.overload && query.is_figures())).collect();
    }
    let mut bench = Bench::start(&args)?;
    bench.prepare(&args.queries)?;
    if args.instead.overload {
        return overload::run(&bench, &args);
    }
    let mut asked = Vec::new();
    for query in &args.queries {
        let targets: Vec<_> = bench.targets.iter().filter(|target| target.answers(*query)).collect();
        asked.extend(compare::all(*query, &targets)?);
    }
    let series = rounds::measure(&asked, &bench.cluster, &args)?;
    let report = Report { series: &series, args: &args, versions: versions::all(&bench, &args)? };
    println!("{report}");
    if args.write {
        std::fs::write(repository().join("bench/RESULTS.md"), report.to_string())?;
        std::fs::write(repository().join("docs/reads.svg"), plot::bars(&report))?;
    }
    Ok(())
}

/// The folder of the repository.
fn repository() -> &'static Path {
    const BENCH: &str = env!("CARGO_MANIFEST_DIR");
    Path::new(BENCH).parent().unwrap_or(Path::new("."))
}

impl ReadsArgs {
    fn kinds(&self) -> Vec<TargetKind> {
        let wanted = |kind: &TargetKind| match kind {
            _ if !self.targets.is_empty() => self.targets.contains(kind),
            TargetKind::Promograph => true,
            TargetKind::Before => self.before.is_some(),
            TargetKind::Limit | TargetKind::Postgraphile | TargetKind::Sqlite => !self.instead.overload,
        };
        TargetKind::value_variants().iter().copied().filter(wanted).collect()
    }
}

impl Bench {
    /// Makes the data set and starts the servers.
    fn start(args: &ReadsArgs) -> anyhow::Result<Self> {
        anyhow::ensure!(args.binary.exists(), "{} is missing: make bench-reads builds it", args.binary.display());
        let cluster = Cluster::start(args.postgres_bin.as_deref(), SETTINGS)?;
        filled(&cluster, DATABASE, &args.binary, args.leads)?;
        if args.kinds().contains(&TargetKind::Postgraphile) {
            for file in ["policies.sql", "figures.sql"] {
                cluster.run_file(DATABASE, &postgraphile_folder().join(file), &[])?;
            }
        }
        let sqlite = TempFolder::new("sqlite")?;
        let mut targets = Vec::new();
        for kind in args.kinds() {
            let (binary, database) = match kind {
                TargetKind::Before => {
                    let before = args.before.as_deref().context("the target `before` needs --before BINARY")?;
                    filled(&cluster, DATABASE_BEFORE, before, args.leads)?;
                    (before, cluster.tcp_url(DATABASE_BEFORE))
                }
                TargetKind::Sqlite => {
                    migrate(&args.binary, sqlite.path(), None)?;
                    let file = sqlite.path().join("promograph.db");
                    eprintln!("copying the data set into SQLite");
                    dataset::copy(&cluster, DATABASE, &file)?;
                    (&*args.binary, format!("sqlite:{}", file.display()))
                }
                _ => (&*args.binary, cluster.tcp_url(DATABASE)),
            };
            let issuer = Issuer { binary: binary.to_owned(), database };
            targets.push(Target::start(kind, &issuer).with_context(|| format!("{kind} does not start"))?);
        }
        cluster.settle()?;
        Ok(Self { targets, sqlite, cluster })
    }

    /// Makes the requests, the same questions for every server.
    fn prepare(&mut self, queries: &[Query]) -> anyhow::Result<()> {
        let session = Session::open(&self.cluster.config(DATABASE))?;
        for query in queries {
            let asked = query.parameters(&session, query.distinct())?;
            for target in self.targets.iter_mut().filter(|target| target.answers(*query)) {
                target.prepare(*query, &asked)?;
            }
        }
        Ok(())
    }
}

/// A new database with the data set, in the schema of this binary.
fn filled(cluster: &Cluster, database: &str, binary: &Path, leads: u32) -> anyhow::Result<()> {
    eprintln!("filling {database} with {leads} leads");
    cluster.create_database(database)?;
    let scratch = TempFolder::new("migration")?;
    migrate(binary, scratch.path(), Some(&cluster.url(database)))?;
    dataset::fill(cluster, database, leads)
}
