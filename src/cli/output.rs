//! Standard output of commands.

use std::io::{ErrorKind, Write as _, stdout};

use anyhow::Context as _;

/// Prints it. A closed pipe is not an error: `promograph events list | head`.
///
/// # Errors
/// When it cannot be written, for example because the disk is full.
pub fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to the standard output"),
    }
}

/// Appends a JSON object as a line.
///
/// # Errors
/// Never for a JSON value.
pub fn line(out: &mut Vec<u8>, value: &serde_json::Value) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'\n');
    Ok(())
}
