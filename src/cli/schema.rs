//! `promograph schema`: prints or checks the GraphQL schema. Needs no database and no settings.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::generated;
use crate::graphql;

/// `promograph schema`.
#[derive(Args, Debug)]
pub struct SchemaCommand {
    /// Compare this file with the schema; print the difference and exit with 1 if they differ
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

impl SchemaCommand {
    /// Runs it.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        generated::print_or_check(&graphql::sdl(), self.check.as_deref(), "schema")
    }
}
