//! `promograph migrate`: the schema's steps by hand.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::{
    database::history,
    settings::{DatabaseArgs, LogArgs},
    telemetry,
};

/// `promograph migrate`.
#[derive(Args, Debug)]
pub struct MigrateCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Apply every step that is missing
    Up(Settings),
    /// Undo the last steps, and lose what was stored in what they made
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        #[command(flatten)]
        settings: Settings,
    },
    /// List the steps; exits with 1 when one is missing
    Status(Settings),
}

#[derive(Args, Debug)]
struct Settings {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl MigrateCommand {
    /// Runs it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (Action::Up(settings) | Action::Down { settings, .. } | Action::Status(settings)) = &self.action;
        telemetry::start(&settings.log);
        let db = settings.database.connect_for_migration().await?;
        match &self.action {
            Action::Up(_) => history::up(&db).await?,
            Action::Down { steps, .. } => history::down(&db, *steps).await?,
            Action::Status(_) => {}
        }
        let steps = history::steps(&db).await?;
        for (name, applied) in &steps {
            println!("{} {name}", if *applied { "applied" } else { "missing" });
        }
        db.close().await?;
        let complete = steps.iter().all(|(_, applied)| *applied);
        let wants_complete = !matches!(self.action, Action::Down { .. });
        Ok(if complete || !wants_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
