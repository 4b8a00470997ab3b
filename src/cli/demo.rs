//! `promograph demo`: fills a database with a made-up programme.

use std::{
    io::{IsTerminal as _, stderr},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Args, value_parser};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    database::history,
    demo::{Filled, Plan, fill},
    settings::{DatabaseArgs, LogArgs},
    telemetry, time,
};

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

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
    /// Leads who come in through them
    #[arg(long, value_name = "NUMBER", default_value_t = 5000, value_parser = value_parser!(u64).range(..=100_000_000))]
    leads: u64,
    /// Another seed is another programme, with other ids: it can stand beside the first
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = value_parser!(u32).range(1..=9_000_000))]
    seed: u32,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl DemoCommand {
    /// Migrates the database if that is due, and fills it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::start(&self.log);
        let direct = self.database.connect_for_migration().await?;
        history::up(&direct).await?;
        direct.close().await?;
        let db = self.database.connect().await?;
        let plan = Plan { promoters: self.promoters, leads: self.leads, seed: self.seed };
        let mut display = Display::new(self.leads);
        let filled = fill(&db, plan, time::now_ms, |filled| display.show(filled)).await?;
        display.finish(filled);
        db.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A bar on a terminal, else a line now and then.
struct Display {
    bar: Option<ProgressBar>,
    leads: u64,
    started: Instant,
    last_line: Instant,
}

impl Display {
    fn new(leads: u64) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(leads);
            let style = "{bar:32} {human_pos}/{human_len} leads, {msg}, {per_sec}, {eta} left";
            bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let now = Instant::now();
        Self { bar, leads, started: now, last_line: now }
    }

    fn show(&mut self, filled: Filled) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} events", filled.events));
            bar.set_position(filled.leads);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{} of {} leads, {} events", filled.leads, self.leads, filled.events);
        }
    }

    fn finish(self, filled: Filled) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let Filled { leads, events, duplicates } = filled;
        println!("{leads} leads, {events} events, {duplicates} of them there before; {seconds:.1} s");
    }
}
