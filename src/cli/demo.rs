//! `promograph demo`: fills a database with generated sample data.

use std::{process::ExitCode, time::Instant};

use clap::{Args, value_parser};
use demo::{DemoConfig, MAX_LEADS, MAX_SEED};

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
/// All names are made up, and all addresses end in example.com. Campaigns send webhooks v1 or v2. The two
/// years end with the start of the day: a second run on that day finds all events there and adds
/// nothing, and one on a later day moves the programme to that day.
#[derive(Args, Debug)]
pub struct DemoCommand {
    /// Promoters who sign up
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = value_parser!(u32).range(1..=1_000_000))]
    promoters: u32,
    /// Leads that they refer
    #[arg(long, value_name = "NUMBER", default_value_t = 5000, value_parser = value_parser!(u64).range(..=MAX_LEADS))]
    leads: u64,
    /// Another seed gives another programme, with other ids, so that it can be added to the first
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = value_parser!(u32).range(1..=i64::from(MAX_SEED)))]
    seed: u32,
    /// The day (UTC) with whose start the two years end. By default today
    #[arg(long, value_name = "DATE", value_parser = start_of_day)]
    today: Option<i64>,
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
        let end_ms = self.today.unwrap_or_else(start_of_today);
        let config = DemoConfig { promoters: self.promoters, leads: self.leads, seed: self.seed, end_ms };
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

const DAY_MS: i64 = 24 * 3600 * 1000;

fn start_of_today() -> i64 {
    let now = time::now_ms();
    now - now.rem_euclid(DAY_MS)
}

/// The start of a day. Events of the future would wait for their day.
fn start_of_day(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let is_date = text.len() == 10 && !text.contains(['T', ' ']);
    let day = time::Instant::rfc3339(text).filter(|_| is_date).map(time::Instant::first_ms);
    // 2000-01-01, so that all times are after 1970.
    day.filter(|day| (946_684_800_000..=start_of_today()).contains(day))
        .ok_or_else(|| "expected a day from 2000-01-01 to today, like 2026-10-31".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_date_that_has_come() {
        assert_eq!(start_of_day(" 2026-11-01 "), Ok(1_793_491_200_000));
        assert!(start_of_day("2000-01-01").is_ok());
        for wrong in
            ["", "soon", "1999-12-31", "2999-01-01", "2026-11-31", "2026-11-01T00:00:00Z", "20261101", "1793491200"]
        {
            assert!(start_of_day(wrong).is_err(), "{wrong}");
        }
    }
}
