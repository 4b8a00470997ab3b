//! What a person reads after a mistake on the command line or in a setting.

use std::{error::Error as _, process::ExitCode};

use clap::{
    Command, CommandFactory as _, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{Cli, arguments};

/// The code for a wrong use of the command, as opposed to a failure.
const WRONG_USE: u8 = 2;

/// A mistake in a setting is told in one line; everything else (help, unknown flags) as clap does.
pub fn explain(error: &Error) -> ExitCode {
    if let Some(line) = line(error) {
        eprintln!("promograph: {line}");
        return ExitCode::from(WRONG_USE);
    }
    // A URL that was typed where none belongs may hold a password.
    if error.use_stderr() && error.render().to_string().contains("://") {
        eprintln!(
            "promograph: an argument is not understood, and not repeated since it looks like a URL; see `promograph --help`"
        );
        return ExitCode::from(WRONG_USE);
    }
    // Nothing can be done when the output is closed.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_USE))
}

/// The usage, where there is nothing to do.
pub fn without_command() -> ExitCode {
    eprintln!("{}", arguments::shown().render_usage());
    ExitCode::from(WRONG_USE)
}

/// The line; it never repeats the value, which may be a secret.
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
