//! `promograph events prune`.

use std::io::Write;

use crate::{database::Database, projection, time::format_ms};

/// Deletes the bodies of events that were applied before this time, and says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn prune(db: &Database, applied_before: i64, out: &mut impl Write) -> anyhow::Result<()> {
    let pruned = projection::prune(db, applied_before, |_| {}).await?;
    writeln!(
        out,
        "{pruned} bodies of events that were applied before {} are deleted; the events and their keys stay",
        format_ms(applied_before)
    )?;
    Ok(())
}
