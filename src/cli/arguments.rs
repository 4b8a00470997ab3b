//! The command line as it is read and shown, made from what the commands declare.

use std::{
    ffi::OsString,
    io::{IsTerminal as _, stderr, stdin, stdout},
};

use clap::{
    Arg, ArgMatches, Command, CommandFactory as _, Error, FromArgMatches as _, builder::StyledStr, error::ErrorKind,
};

use super::Cli;

/// Wider text is hard to read, whatever the terminal.
const COLUMNS: usize = 100;

/// Reads the arguments and the environment. A variable that is set to nothing, or to blanks, counts as unset, as files
/// for several environments have it.
pub fn read(arguments: &[OsString]) -> Result<Cli, Error> {
    let mut command = each(shown(), &|argument| if is_blank(&argument) { argument.env(None) } else { argument });
    let read = command.try_get_matches_from_mut(arguments);
    read.and_then(|matches: ArgMatches| Cli::from_arg_matches(&matches))
        .map_err(|error| again(error, arguments).format(&mut command))
}

/// The command line with its help as it is printed.
pub fn shown() -> Command {
    let command = Cli::command().max_term_width(COLUMNS);
    // The library takes no columns at all for as many as there are.
    let has_none = std::env::var("COLUMNS").is_ok_and(|columns| columns.trim() == "0");
    let is_seen = stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal();
    let command = if has_none && !is_seen { command.term_width(COLUMNS) } else { command };
    each(without_marks(command), &described)
}

/// Help lists all variables. What else is wrong with the arguments has nothing to do with variables that are set: clap
/// would repeat their flags in the usage.
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

/// With its help as people read it on a terminal, its variable on a line of its own, and not what that is set to.
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

/// What is written for rustdoc, without its marks.
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
                assert!(line.chars().count() <= COLUMNS, "{name}: {line}");
                assert!(!line.contains('`') && !line.contains("<http"), "{name}: {line}");
                assert!(!line.ends_with("[env:"), "{name}: a variable is in one piece");
            }
        });
    }
}
