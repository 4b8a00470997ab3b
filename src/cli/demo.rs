//! `promograph demo`: fills a database with generated sample data.

use std::{process::ExitCode, time::Instant};

use clap::{Args, value_parser};
use demo::DemoConfig;

use super::{
    issue_hint::{IssueHint, program},
    output,
    progress::{self, ProgressReporter},
};
use crate::{
    database::migrations,
    settings::{AuthArgs, DatabaseArgs},
    telemetry::LogArgs,
    time,
};

mod fill;

pub use fill::{FillProgress, fill};

/// `promograph demo`.
///
/// All names are made up, and all addresses end in example.com. The two years end with October 2026,
/// whatever the day: the same numbers and the same seed give the same events, so a second run finds
/// them all there and adds nothing.
#[derive(Args, Debug)]
pub struct DemoCommand {
    /// Promoters who sign up
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = value_parser!(u32).range(1..=1_000_000))]
    promoters: u32,
    /// Leads that they refer
    #[arg(long, value_name = "NUMBER", default_value_t = 5000, value_parser = value_parser!(u64).range(..=100_000_000))]
    leads: u64,
    /// Another seed gives another programme, with other ids, so that it can be added to the first
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = value_parser!(u32).range(1..=9_000_000))]
    seed: u32,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    auth: AuthArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl DemoCommand {
    /// Migrates the database if that is due, and fills it.
    ///
    /// # Errors
    /// When a setting is wrong, or the database cannot be used.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        super::start_log(&self.log);
        self.auth.check(&self.database)?;
        let direct = self.database.connect_for_migration().await?;
        migrations::up(&direct).await?;
        direct.close().await?;
        // The server will have this key, so that tokens can be issued before it starts.
        self.auth.rules(&self.database)?;
        let db = self.database.connect().await?;
        let config = DemoConfig { promoters: self.promoters, leads: self.leads, seed: self.seed };
        let started = Instant::now();
        let mut progress = ProgressReporter::new();
        let bar = progress.bar();
        let show =
            |filled: FillProgress| progress.show(filled.leads, self.leads, &format!("leads, {} events", filled.events));
        let said = "interrupted; the same command again goes on where it was";
        let filled = progress::unless_interrupted(fill(&db, config, time::now_ms, show), bar, said).await?;
        progress.finish();
        db.close().await?;
        let FillProgress { leads, events, duplicates } = filled;
        let seconds = started.elapsed().as_secs_f64();
        let (serve, token) = (program(), IssueHint::new(&self.database, &self.auth));
        output::print(
            format!(
                "{leads} leads, {events} events, {duplicates} of them there before; {seconds:.1} s\n\n\
                 Next, if it does not run yet:  {serve} serve {}\n\
                 A token for its GraphiQL:      {token}\n",
                token.data_arguments()
            )
            .as_bytes(),
        )?;
        Ok(ExitCode::SUCCESS)
    }
}
