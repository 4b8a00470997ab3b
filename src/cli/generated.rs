//! Texts that this program generates and the repository holds a copy of.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use similar::TextDiff;

use super::output;

/// Prints the text; or compares a file with it, and prints the difference. `command` generates it.
///
/// # Errors
/// When the file cannot be read, or standard output cannot be written.
pub fn print_or_check(text: &str, file: Option<&Path>, command: &str) -> anyhow::Result<ExitCode> {
    let Some(path) = file else {
        output::print(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let name = path.display().to_string();
    let copy = fs::read_to_string(path).with_context(|| format!("--check: cannot read {name}"))?;
    if copy == text {
        return Ok(ExitCode::SUCCESS);
    }
    let difference = TextDiff::from_lines(copy.as_str(), text);
    let shown = difference.unified_diff().context_radius(3).header(&name, &format!("promograph {command}")).to_string();
    output::print(shown.as_bytes())?;
    eprintln!("{name} is not what this program prints; to update it: promograph {command} > {name}");
    Ok(ExitCode::FAILURE)
}
