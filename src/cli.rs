//! The commands. Each reads only the settings that it uses, so that a wrong value of another does not stop it.

use std::{ffi::OsString, io::stderr, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_appender::non_blocking::WorkerGuard;

use crate::telemetry::{self, LogArgs};

mod arguments;
mod command_context;
mod completions;
pub mod demo;
mod environment;
pub mod events;
mod export;
mod generated;
mod issue_hint;
mod lock;
mod migrate;
mod output;
mod progress;
mod projection;
mod schema;
mod serve;
mod settings_page;
mod token;
mod usage_error;

/// Stores FirstPromoter's webhooks, mirrors the affiliate programme in a database, and serves it as GraphQL.
///
/// Without a command it runs `serve`; `promograph serve --help` lists all settings.
#[derive(Debug, Parser)]
#[command(name = "promograph", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive webhooks and serve GraphQL (the default)
    Serve(Box<serve::ServeCommand>),
    /// Apply, undo or list migrations of the database
    Migrate(migrate::MigrateCommand),
    /// Issue, list and revoke the tokens of the GraphQL API
    Token(token::TokenCommand),
    /// List, show, replay and prune the stored webhook events
    Events(Box<events::EventsCommand>),
    /// Write a list of the API to a file: CSV or NDJSON
    Export(Box<export::ExportCommand>),
    /// Rebuild the mirrored tables from the stored events, or print their digest
    Projection(projection::ProjectionCommand),
    /// Fill the database with generated sample data
    Demo(demo::DemoCommand),
    /// Print the GraphQL schema, or compare a file with it
    Schema(schema::SchemaCommand),
    /// Print the settings of `serve` as Markdown, or compare a file with them
    #[command(hide = true)]
    Settings(settings_page::SettingsCommand),
    /// Print a shell's completion script
    Completions(completions::CompletionsCommand),
}

/// Runs the command that the arguments name; gives the exit code.
#[must_use]
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let command = match arguments::read(&with_default(arguments)) {
        Ok(Cli { command: Some(command) }) => command,
        // `with_default` inserts a command unless the program was called without a name.
        Ok(Cli { command: None }) => return usage_error::without_command(),
        Err(error) => return usage_error::print(&error),
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            // One line: the error and its causes.
            eprintln!("promograph: {}", format!("{error:#}").replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

/// Inserts `serve` if there is no command.
fn with_default(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let first = arguments.get(1).and_then(|argument| argument.to_str());
    let serves = match first {
        None => arguments.len() < 2,
        Some("-h" | "--help" | "-V" | "--version") => false,
        Some(argument) => argument.starts_with('-'),
    };
    if serves {
        let name = arguments.len().min(1);
        arguments.insert(name, "serve".into());
    }
    arguments
}

/// Starts logging, and warns of unknown variables.
fn start_log(log: &LogArgs) {
    telemetry::start(log, stderr);
    environment::warn_of_unknown();
}

/// As [`start_log`], but lines are written by a thread of its own, until the guard is dropped.
fn start_log_in_background(log: &LogArgs) -> WorkerGuard {
    let (writer, guard) = telemetry::background_writer();
    telemetry::start(log, writer);
    environment::warn_of_unknown();
    guard
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Serve(command) => runtime.block_on(command.run()),
        Command::Demo(command) => runtime.block_on(command.run()),
        Command::Migrate(command) => runtime.block_on(command.run()),
        Command::Token(command) => runtime.block_on(command.run()),
        Command::Events(command) => runtime.block_on(command.run()),
        Command::Export(command) => runtime.block_on(command.run()),
        Command::Projection(command) => runtime.block_on(command.run()),
        Command::Schema(command) => command.run(),
        Command::Settings(command) => command.run(),
        Command::Completions(command) => command.run(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn promograph_alone_serves() {
        let run = |arguments: &[&str]| with_default(arguments.iter().map(Into::into).collect());
        assert_eq!(run(&["promograph"]), ["promograph", "serve"]);
        assert_eq!(run(&["promograph", "--listen", "[::]:80"]), ["promograph", "serve", "--listen", "[::]:80"]);
        for untouched in [&["promograph", "--help"][..], &["promograph", "token", "list"], &["promograph", "-V"]] {
            assert_eq!(run(untouched), untouched);
        }
    }

    #[test]
    fn every_setting_has_one_flag_and_one_variable() {
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                if let (Some(variable), Some(flag)) = (argument.get_env(), argument.get_long())
                    && !argument.is_hide_set()
                {
                    let expected = format!("PROMOGRAPH_{}", flag.to_uppercase().replace('-', "_"));
                    assert_eq!(variable.to_str(), Some(expected.as_str()));
                }
            }
        }
    }
}
