//! `promograph migrate`: migrations by hand.

use std::{
    io::{IsTerminal as _, stderr, stdin},
    process::ExitCode,
    thread,
};

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::{signal::ctrl_c, sync::oneshot};

use super::{lock::ServerLock, output};
use crate::{
    database::{
        Database,
        migrations::{self, Losses},
    },
    settings::{AuthArgs, DatabaseArgs},
    telemetry::LogArgs,
};

/// `promograph migrate`.
#[derive(Args, Debug)]
pub struct MigrateCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Apply all missing migrations
    Up {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        auth: AuthArgs,
    },
    /// Undo the last migrations, deleting the data in what they created. Asks first; refuses while a server is running
    Down {
        /// Number of migrations
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// List the migrations; exits with 1 if one is missing
    Status {
        #[command(flatten)]
        settings: Settings,
    },
}

#[derive(Args, Debug)]
struct Settings {
    /// Print JSON, one object per line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl MigrateCommand {
    /// Runs it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (Action::Up { settings, .. } | Action::Down { settings, .. } | Action::Status { settings }) = &self.action;
        super::start_log(&settings.log);
        if !matches!(self.action, Action::Up { .. }) {
            settings.database.find()?;
        }
        if let Action::Up { auth, .. } = &self.action {
            auth.check(&settings.database)?;
        }
        let db = settings.database.connect_for_migration().await?;
        match &self.action {
            Action::Up { auth, .. } => {
                migrations::up(&db).await?;
                // The key lets tokens be issued before the server starts.
                auth.rules(&settings.database)?;
            }
            Action::Down { steps, yes, settings } => down(&db, settings, *steps, *yes).await?,
            Action::Status { .. } => {}
        }
        let steps = migrations::steps(&db).await?;
        db.close().await?;
        output::print(&listed(&steps, settings.json)?)?;
        let complete = steps.iter().all(|(_, applied)| *applied);
        let wants_complete = !matches!(self.action, Action::Down { .. });
        Ok(if complete || !wants_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn listed(steps: &[(String, bool)], as_json: bool) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    for (name, applied) in steps {
        if as_json {
            output::line(&mut out, &json!({ "name": name, "applied": applied }))?;
        } else {
            out.extend(format!("{} {name}\n", if *applied { "applied" } else { "missing" }).bytes());
        }
    }
    Ok(out)
}

async fn down(db: &Database, settings: &Settings, steps: u32, yes: bool) -> anyhow::Result<()> {
    // Held to the end, so that no server starts meanwhile.
    let _lock = ServerLock::take(&settings.database)?;
    let losses = migrations::losses(db, steps).await?;
    if losses.steps.is_empty() {
        return Ok(());
    }
    let place = settings.database.place()?;
    if !yes {
        anyhow::ensure!(
            stdin().is_terminal() && stderr().is_terminal(),
            "nothing was undone. Of the database {place} this {}: pass --yes to confirm",
            describe(&losses, ", ")
        );
        eprint!(
            "Of the database {place} this {}\nBack up the database first. Type yes to go on: ",
            describe(&losses, "\n  ")
        );
        let answer = answer().await?;
        anyhow::ensure!(answer.trim() == "yes", "nothing was undone");
    }
    migrations::down(db, steps).await?;
    eprintln!("promograph: undone. It {}", describe(&losses, ", "));
    if losses.keeps_events {
        eprintln!(
            "promograph: after `promograph migrate up` run `promograph projection rebuild`, which fills the mirrored tables"
        );
    }
    Ok(())
}

/// What is typed; nothing if that is interrupted, so that the lock goes as after another answer.
async fn answer() -> anyhow::Result<String> {
    let (typed, answer) = oneshot::channel();
    // Not in the runtime, whose end would wait for it.
    thread::spawn(move || {
        let mut line = String::new();
        // Nobody is there any more after an interruption.
        let _ = typed.send(stdin().read_line(&mut line).map(|_| line));
    });
    tokio::select! {
        answer = answer => Ok(answer??),
        interrupted = ctrl_c() => {
            interrupted?;
            eprintln!();
            Ok(String::new())
        }
    }
}

/// What is undone and lost, to be put behind a subject.
fn describe(losses: &Losses, between: &str) -> String {
    let count = losses.steps.len();
    let steps = if count == 1 { losses.steps[0].clone() } else { format!("the last {count} steps") };
    let lost: Vec<_> = losses.lost.iter().map(|(name, rows)| format!("{name} ({rows} rows)")).collect();
    if lost.is_empty() {
        return format!("undoes {steps}, and deletes nothing");
    }
    let events = if losses.keeps_events { "" } else { "; stored events are lost for good" };
    let is_of_tokens = |name: &str| ["revocation", "api_token"].contains(&name) || name.ends_with("_token_cutoff");
    let ends_tokens = losses.lost.iter().any(|(name, rows)| *rows > 0 && is_of_tokens(name));
    let tokens = if ends_tokens { "; ended tokens count again: revoke them anew" } else { "" };
    format!("undoes {steps}, and deletes{between}{}{events}{tokens}", lost.join(between))
        .replace("deletes, ", "deletes ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_named_with_its_rows() {
        let lost = [("lead.note".to_owned(), 3), ("webhook_event".to_owned(), 12)].into();
        let losses = Losses { steps: vec!["m1_x".to_owned()], lost, keeps_events: false };
        let expected = "undoes m1_x, and deletes lead.note (3 rows), webhook_event (12 rows); stored events are lost \
            for good";
        assert_eq!(describe(&losses, ", "), expected);
        for table in ["revocation", "promoter_token_cutoff", "address_token_cutoff", "api_token"] {
            let of = |rows| Losses { lost: [(table.to_owned(), rows)].into(), keeps_events: true, ..losses.clone() };
            assert!(
                describe(&of(1), ", ").ends_with("(1 rows); ended tokens count again: revoke them anew"),
                "{table}"
            );
            assert!(describe(&of(0), ", ").ends_with("(0 rows)"), "{table}");
        }
        let nothing = Losses { steps: vec![String::new(); 2], keeps_events: true, ..Losses::default() };
        assert_eq!(describe(&nothing, ", "), "undoes the last 2 steps, and deletes nothing");
    }
}
