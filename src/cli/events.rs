//! `promograph events`: the stored webhook events. Works beside a running server.

use std::{io::Write as _, process::ExitCode};

use clap::{Args, Subcommand};

use super::{output, store::Store};
use crate::{time::now_ms, value_parser::long_duration};

mod filter;
mod list;
mod prune;
mod replay;
mod show;

pub use filter::{Filter, StoredStatus};
pub use list::{Listing, list};
pub use prune::prune;
pub use replay::replay;
pub use show::{show, show_json};

/// `promograph events`.
#[derive(Args, Debug)]
pub struct EventsCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List events, the newest first
    List {
        #[command(flatten)]
        filter: Filter,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
        limit: u64,
        /// As JSON: an object a line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: Store,
    },
    /// Print an event and its body, as they are stored (secrets are redacted)
    Show {
        /// The id that `events list` shows and that the sender was answered
        id: String,
        /// Print the stored body alone, byte for byte
        #[arg(long)]
        body: bool,
        /// As a JSON object, with the body as text
        #[arg(long, conflicts_with = "body")]
        json: bool,
        #[command(flatten)]
        settings: Store,
    },
    /// Delete the bodies of events that were applied long ago. The events and what they told stay, and
    /// they still count as duplicates when they are delivered again; they cannot be replayed
    Prune {
        /// Applied at least so long ago, like 90d or 12h
        #[arg(long, value_name = "SPAN", value_parser = long_duration)]
        applied_before: i64,
        #[command(flatten)]
        settings: Store,
    },
    /// Apply events again. Doing so twice, or in any order, gives the same rows
    Replay {
        #[command(flatten)]
        filter: Filter,
        /// Every stored event
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        settings: Store,
    },
}

impl EventsCommand {
    /// Runs it.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such event.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut out = Vec::new();
        match self.action {
            Action::List { filter, limit, json, settings } => {
                let db = settings.open().await?;
                let listing = if json { Listing::Json } else { Listing::Table };
                listing.write(&db, &filter, limit, &mut out).await?;
                db.close().await?;
            }
            Action::Show { id, body, json, settings } => {
                let db = settings.open().await?;
                if json {
                    show_json(&db, &id, &mut out).await?;
                } else {
                    show(&db, &id, body, &mut out).await?;
                }
                db.close().await?;
            }
            Action::Prune { applied_before, settings } => {
                let db = settings.open().await?;
                prune(&db, now_ms().saturating_sub(applied_before * 1000), &mut out).await?;
                db.close().await?;
            }
            Action::Replay { filter, all, settings } => {
                anyhow::ensure!(
                    all != filter.is_given(),
                    "say which events to replay: by --id, --type, --status, --warnings, --since or --until, or else with --all"
                );
                let db = settings.open().await?;
                let count = replay(&db, &filter, now_ms()).await?;
                db.close().await?;
                writeln!(out, "{count} events wait to be applied again; a running server does so at once")?;
            }
        }
        output::print(&out)?;
        Ok(ExitCode::SUCCESS)
    }
}
