//! Trusted documents.

use std::path::PathBuf;

use clap::{Args, ValueEnum as _};

use crate::graphql::TrustedMode;

const VARIABLE: &str = "PROMOGRAPH_TRUSTED_DOCUMENTS";

/// Trusted documents.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Trusted documents")]
pub struct DocumentArgs {
    /// Manifest of trusted documents, as written by Relay, Apollo or graphql-codegen
    #[arg(long, value_name = "FILE", env = "PROMOGRAPH_TRUSTED_DOCUMENTS")]
    pub trusted_documents: Option<PathBuf>,

    /// Whether `only` trusted documents are executed, or others are allowed (`allow`) too
    #[arg(long, value_name = "MODE", env = "PROMOGRAPH_TRUSTED_DOCUMENTS_MODE", default_value = "only", value_parser = mode)]
    pub trusted_documents_mode: TrustedMode,
}

impl DocumentArgs {
    /// The manifest; none if none is named.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn manifest(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(path) = &self.trusted_documents else { return Ok(None) };
        let expected = |error| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            anyhow::anyhow!("{VARIABLE}: expected a readable file, {}: {error}", path.display())
        };
        std::fs::read(path).map(Some).map_err(expected)
    }
}

fn mode(text: &str) -> Result<TrustedMode, String> {
    TrustedMode::from_str(text.trim(), false).map_err(|_| "expected only or allow".to_owned())
}
