//! The standard output of a command.

use std::io::{ErrorKind, Write as _, stdout};

use anyhow::Context as _;

/// Prints it. Who has read enough (`promograph events list | head`) has closed the pipe, and that is no mistake.
///
/// # Errors
/// When it cannot be written, as on a full disk.
pub fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to the standard output"),
    }
}

/// Adds a JSON object as a line of its own.
///
/// # Errors
/// Never, as long as the value is plain data.
pub fn line(out: &mut Vec<u8>, value: &serde_json::Value) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'\n');
    Ok(())
}
