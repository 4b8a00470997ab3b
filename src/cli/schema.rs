//! `promograph schema`: the GraphQL schema as text. Needs no database and no settings.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use similar::TextDiff;

use super::output;
use crate::graphql;

/// `promograph schema`.
#[derive(Args, Debug)]
pub struct SchemaCommand {
    /// Print nothing if this file holds the schema, else print the difference and exit with 1
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

impl SchemaCommand {
    /// Runs it.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let sdl = graphql::sdl();
        let Some(path) = self.check else {
            output::print(sdl.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        };
        let name = path.display().to_string();
        let held = fs::read_to_string(&path).with_context(|| format!("--check: cannot read {name}"))?;
        if held == sdl {
            return Ok(ExitCode::SUCCESS);
        }
        let difference = TextDiff::from_lines(&held, &sdl);
        let shown = difference.unified_diff().context_radius(3).header(&name, "the schema of this program").to_string();
        output::print(shown.as_bytes())?;
        eprintln!("{name} is not the schema of this program; to renew it: promograph schema > {name}");
        Ok(ExitCode::FAILURE)
    }
}
