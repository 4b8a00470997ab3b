//! `promograph completions`: scripts that make a shell complete the commands.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::{arguments, output};

/// `promograph completions`.
///
/// For bash: `promograph completions bash > ~/.local/share/bash-completion/completions/promograph`
#[derive(Args, Debug)]
pub struct CompletionsCommand {
    /// Which shell
    shell: Shell,
}

impl CompletionsCommand {
    /// Runs it.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut arguments::shown(), "promograph", &mut script);
        output::print(&script)?;
        Ok(ExitCode::SUCCESS)
    }
}
