//! `promograph completions`: completion scripts of shells.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::{arguments, output};

/// A flag that is hidden: it exists for its variable.
const HIDDEN_FLAG: &str = "--common-database-url";

/// `promograph completions`.
///
/// For bash: `promograph completions bash > ~/.local/share/bash-completion/completions/promograph`
#[derive(Args, Debug)]
pub struct CompletionsCommand {
    /// The shell
    shell: Shell,
}

impl CompletionsCommand {
    /// Runs it.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut arguments::shown(), "promograph", &mut script);
        output::print(without_hidden(&String::from_utf8(script)?, self.shell).as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// `clap_complete` includes hidden flags.
fn without_hidden(script: &str, shell: Shell) -> String {
    if shell == Shell::Bash {
        // In the list of flags; the completion of its value is unreachable without that.
        return script.replace(&format!("{HIDDEN_FLAG} "), "");
    }
    // All other shells have one line per flag.
    script.split_inclusive('\n').filter(|line| !line.contains(HIDDEN_FLAG.trim_start_matches('-'))).collect()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn what_help_does_not_show_is_not_offered() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut arguments::shown(), "promograph", &mut script);
            let script = without_hidden(&String::from_utf8(script).unwrap(), *shell);
            let offered = script.lines().filter(|line| line.contains("common-database-url"));
            let offered: Vec<_> = offered.filter(|line| line.trim() != "--common-database-url)").collect();
            assert!(offered.is_empty() && script.contains("database-direct-url"), "{shell}: {offered:?}");
        }
    }
}
