//! Prints errors of the command line and of settings.

use std::{error::Error as _, process::ExitCode};

use clap::{
    Command, CommandFactory as _, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{Cli, arguments};

/// The exit code for a wrong use, as opposed to a failure.
const EXIT_USAGE: u8 = 2;

/// Prints a wrong value in one line; everything else (help, unknown flags) as clap does.
pub fn print(error: &Error) -> ExitCode {
    if let Some(line) = line(error) {
        eprintln!("promograph: {line}");
        return ExitCode::from(EXIT_USAGE);
    }
    // A misplaced URL may hold a password.
    if error.use_stderr() && error.render().to_string().contains("://") {
        eprintln!(
            "promograph: unexpected argument (not repeated here, since it looks like a URL); see `promograph --help`"
        );
        return ExitCode::from(EXIT_USAGE);
    }
    // An error means that the output is closed.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(EXIT_USAGE))
}

/// Prints the usage.
pub fn without_command() -> ExitCode {
    eprintln!("{}", arguments::shown().render_usage());
    ExitCode::from(EXIT_USAGE)
}

/// The line, which never repeats the value: it may be a secret.
fn line(error: &Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
        return None;
    }
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return None };
    let mut command = Cli::command();
    command.build();
    let (variable, flag) = names(&command, argument)?;
    Some(format!("{variable} (or {flag}): {}", error.source()?))
}

/// The variable and the flag of an argument, found by how clap displays it.
fn names(command: &Command, displayed: &str) -> Option<(String, String)> {
    let own = command.get_arguments().filter(|argument| argument.to_string() == displayed).find_map(|argument| {
        let variable = argument.get_env()?.to_str()?;
        Some((variable.to_owned(), format!("--{}", argument.get_long()?)))
    });
    own.or_else(|| command.get_subcommands().find_map(|command| names(command, displayed)))
}
