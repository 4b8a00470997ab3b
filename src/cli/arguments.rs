//! Parses the command line, and formats its help.

use std::{
    ffi::OsString,
    io::{IsTerminal as _, stderr, stdin, stdout},
};

use clap::{
    Arg, ArgMatches, Command, CommandFactory as _, Error, FromArgMatches as _, builder::StyledStr, error::ErrorKind,
};

use super::Cli;

/// The maximum width of help, whatever the terminal.
const MAX_COLUMNS: usize = 100;

/// Parses the arguments and the environment. A variable that is empty or blank counts as unset, which files for several
/// environments rely on.
pub fn read(arguments: &[OsString]) -> Result<Cli, Error> {
    let mut command = each(shown(), &|argument| if is_blank(&argument) { argument.env(None) } else { argument });
    let read = command.try_get_matches_from_mut(arguments);
    read.and_then(|matches: ArgMatches| Cli::from_arg_matches(&matches))
        .map_err(|error| again(error, arguments).format(&mut command))
}

/// The command line with formatted help.
pub fn shown() -> Command {
    let command = Cli::command().max_term_width(MAX_COLUMNS);
    // clap takes COLUMNS=0 for an unlimited width.
    let has_none = std::env::var("COLUMNS").is_ok_and(|columns| columns.trim() == "0");
    let is_seen = stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal();
    let command = if has_none && !is_seen { command.term_width(MAX_COLUMNS) } else { command };
    each(without_marks(command), &described)
}

/// Parses again for a better message: help lists all variables, and for wrong flags clap would repeat in the usage all
/// flags whose variables are set.
fn again(error: Error, arguments: &[OsString]) -> Error {
    let command = match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => return error,
        ErrorKind::DisplayHelp => shown(),
        _ => each(shown(), &|argument| argument.env(None)),
    };
    match command.try_get_matches_from(arguments) {
        Err(same) if same.kind() == error.kind() => same,
        _ => error,
    }
}

/// Changes every argument of every command.
fn each(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    command.mut_args(change).mut_subcommands(|command| each(command, change))
}

fn is_blank(argument: &Arg) -> bool {
    argument.get_env().and_then(std::env::var_os).is_some_and(|value| value.to_string_lossy().trim().is_empty())
}

/// With help for a terminal, and its variable on a line of its own, without the value.
fn described(mut argument: Arg) -> Arg {
    let variable = argument.get_env().filter(|_| !argument.is_hide_set()).and_then(|name| name.to_str());
    let variable = variable.map(|name| format!("\n[env: {name}]")).unwrap_or_default();
    let described = |help: &StyledStr| plain(&help.to_string()) + &variable;
    let (help, long_help) = (argument.get_help().map(described), argument.get_long_help().map(described));
    if let Some(help) = help {
        argument = argument.help(help);
    }
    if let Some(help) = long_help {
        argument = argument.long_help(help);
    }
    argument.hide_env(true)
}

/// The same for every command.
fn without_marks(mut command: Command) -> Command {
    if let Some(about) = command.get_about().map(|about| plain(&about.to_string())) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(|about| plain(&about.to_string())) {
        command = command.long_about(about);
    }
    command.mut_subcommands(without_marks)
}

/// A doc comment without its Markdown.
fn plain(help: &str) -> String {
    help.replace("[`", "").replace("`]", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(command: &mut Command, look: &dyn Fn(&str, &str)) {
        let name = command.get_name().to_owned();
        look(&name, &command.render_help().to_string());
        look(&name, &command.render_long_help().to_string());
        command.get_subcommands_mut().for_each(|command| visit(command, look));
    }

    #[test]
    fn help_is_plain_text_of_at_most_a_hundred_columns() {
        let mut command = shown();
        command.build();
        visit(&mut command, &|name, help| {
            for line in help.lines() {
                assert!(line.chars().count() <= MAX_COLUMNS, "{name}: {line}");
                assert!(!line.contains('`') && !line.contains("<http"), "{name}: {line}");
                assert!(!line.ends_with("[env:"), "{name}: a variable is in one piece");
            }
        });
    }
}
