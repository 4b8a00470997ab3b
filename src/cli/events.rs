//! `promograph events`: the stored webhook events. Can run beside a server.

use std::{io::Write, process::ExitCode};

use clap::{Args, Subcommand};

use super::{command_context::CommandContext, output};
use crate::{
    database::Database,
    projection,
    time::{format_ms, now_ms},
    value_parser::long_duration,
};

mod filter;
mod list;
mod replay;
mod show;

pub use filter::EventFilter;
pub use list::{ListFormat, list};
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
        filter: EventFilter,
        /// Maximum number of events
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
        limit: u64,
        /// Print JSON, one object per line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Print an event and its body as stored (secrets are redacted)
    Show {
        /// The id, as `events list` shows it and the response to the webhook had it
        id: String,
        /// Print only the stored body, byte for byte
        #[arg(long)]
        body: bool,
        /// Print a JSON object, with the body as text
        #[arg(long, conflicts_with = "body")]
        json: bool,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Delete the bodies of events that were applied long ago. The events and the mirrored data stay, and a repeated
    /// delivery is still recognised as a duplicate. Events without a body cannot be replayed
    Prune {
        /// Minimum time since the event was applied, like 90d or 12h
        #[arg(long, value_name = "DURATION", value_parser = long_duration)]
        applied_before: i64,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Apply events again. The result does not depend on how often or in which order events are applied
    Replay {
        #[command(flatten)]
        filter: EventFilter,
        /// All stored events
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        context: CommandContext,
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
            Action::List { filter, limit, json, context } => {
                let db = context.open().await?;
                let listing = if json { ListFormat::Json } else { ListFormat::Table };
                listing.write(&db, &filter, limit, &mut out).await?;
                db.close().await?;
            }
            Action::Show { id, body, json, context } => {
                let db = context.open().await?;
                if json {
                    show_json(&db, &id, &mut out).await?;
                } else {
                    show(&db, &id, body, &mut out).await?;
                }
                db.close().await?;
            }
            Action::Prune { applied_before, context } => {
                let db = context.open().await?;
                prune(&db, now_ms().saturating_sub(applied_before * 1000), &mut out).await?;
                db.close().await?;
            }
            Action::Replay { filter, all, context } => {
                anyhow::ensure!(
                    all != filter.is_given(),
                    "select the events to replay with --id, --type, --status, --warnings, --since or --until, or use --all"
                );
                let db = context.open().await?;
                let count = replay(&db, &filter, now_ms()).await?;
                db.close().await?;
                writeln!(out, "{count} events will be applied again by a running server")?;
            }
        }
        output::print(&out)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Deletes the bodies of events that were applied before this time; prints how many.
///
/// # Errors
/// When the database does not answer.
pub async fn prune(db: &Database, applied_before: i64, out: &mut impl Write) -> anyhow::Result<()> {
    let pruned = projection::prune(db, applied_before, |_| {}).await?;
    writeln!(
        out,
        "deleted {pruned} bodies of events that were applied before {}; the events stay",
        format_ms(applied_before)
    )?;
    Ok(())
}
