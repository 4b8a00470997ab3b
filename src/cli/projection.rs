//! `promograph projection`: the mirrored tables as a whole. Works beside a running server.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use serde_json::json;

use super::{
    command_context::CommandContext,
    output,
    progress::{self, ProgressReporter},
};
use crate::{
    projection::{self, Changes, Digest, RebuildProgress, RebuildReport},
    time::now_ms,
};

/// So many rows of a table are named, unless all are asked for.
const NAMED: usize = 20;

/// `promograph projection`.
#[derive(Args, Debug)]
pub struct ProjectionCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make all mirrored tables again from the stored events. Reads go on meanwhile, and so does
    /// receiving; new events are applied again once the tables are compared and written
    Rebuild {
        /// Name all rows that cannot be told again, not only the first 20 of each table
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Print a digest of all mirrored tables: the same rows give the same digest on every database
    Digest {
        /// As JSON: an object a line for each table, and one for all
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        context: CommandContext,
    },
}

impl ProjectionCommand {
    /// Runs it.
    ///
    /// # Errors
    /// When the database does not answer, or another rebuild takes over.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let said = match self.action {
            Action::Rebuild { all, context } => {
                let db = context.open_directly().await?;
                let mut progress = ProgressReporter::new();
                let (bar, changes) = (progress.bar(), Changes::new());
                let mut show = |step| show(&mut progress, step);
                let rebuilding = projection::rebuild(&db, &changes, now_ms, &mut show);
                let said = "interrupted; the tables are as they were, or the same command again does the rest";
                let rebuilt = progress::unless_interrupted(rebuilding, bar, said).await;
                progress.finish();
                let rebuilt = rebuilt.context("the tables were not rebuilt; running it again does the rest")?;
                db.close().await?;
                report(&rebuilt, if all { usize::MAX } else { NAMED })
            }
            Action::Digest { json, context } => {
                let db = context.open_directly().await?;
                let digest = projection::digest(&db).await.context("cannot read the tables")?;
                db.close().await?;
                if json { lines(&digest)? } else { table(&digest) }
            }
        };
        output::print(said.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn show(shown: &mut ProgressReporter, step: RebuildProgress) {
    match step {
        RebuildProgress::Merging { done, total } => shown.show(done, total, "events told"),
        RebuildProgress::Comparing => shown.say("comparing the tables"),
        RebuildProgress::Writing { done, total } => shown.show(done, total, "rows written"),
    }
}

fn lines(digest: &Digest) -> anyhow::Result<String> {
    let mut out = Vec::new();
    for (name, rows, hash) in &digest.tables {
        output::line(&mut out, &json!({ "table": name, "rows": rows, "digest": hash }))?;
    }
    output::line(&mut out, &json!({ "table": null, "digest": digest.whole }))?;
    Ok(String::from_utf8(out)?)
}

// Writing to a string cannot fail.
fn table(digest: &Digest) -> String {
    let mut said = String::new();
    for (name, rows, hash) in &digest.tables {
        let _ = writeln!(said, "{name:<20}  {rows:>10}  {hash}");
    }
    let _ = writeln!(said, "{:<20}  {:>10}  {}", "all", "", digest.whole);
    said
}

/// What a rebuild did, as its command prints it.
fn report(rebuilt: &RebuildReport, named: usize) -> String {
    let RebuildReport { events, before, after, changed, lineage, retained, without_effect } = rebuilt;
    let mut said = String::new();
    let _ = write!(said, "{events} events told again, {changed} rows written");
    if *lineage > 0 {
        let _ = write!(said, ", and {lineage} times which event told a row");
    }
    said.push('\n');
    let _ = writeln!(said, "before  {}", before.whole);
    let same = if before == after { "the same" } else { "not the same as before" };
    let _ = writeln!(said, "after   {}  ({same})", after.whole);
    if !retained.is_empty() {
        let count: usize = retained.values().map(Vec::len).sum();
        let _ = writeln!(
            said,
            "{count} rows cannot be told again, since bodies of events were pruned. They stay as they were:"
        );
    }
    for (table, ids) in retained {
        let _ = writeln!(said, "  {table}: {}", list(ids.iter(), named));
    }
    if !without_effect.is_empty() {
        let count = without_effect.len();
        let _ = writeln!(
            said,
            "{count} events that were applied once tell nothing any more; `promograph events show` prints them:"
        );
        let _ = writeln!(said, "  {}", list(without_effect.iter(), named));
    }
    said
}

fn list<T: ToString>(items: impl ExactSizeIterator<Item = T>, named: usize) -> String {
    let more = items.len().saturating_sub(named);
    let more = if more > 0 { format!(" and {more} more (--all)") } else { String::new() };
    format!("{}{more}", items.take(named).map(|item| item.to_string()).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_whether_anything_changed_and_names_what_was_kept() {
        let digest = |whole: &str| Digest { tables: Vec::new(), whole: whole.to_owned() };
        let retained = [("lead", (1..=23).collect()), ("promoter", vec![7])].into_iter().collect();
        let rebuilt = RebuildReport {
            events: 5,
            before: digest("aa"),
            after: digest("aa"),
            changed: 0,
            lineage: 0,
            retained,
            without_effect: ["e1".to_owned()].into(),
        };
        let said = report(&rebuilt, NAMED);
        assert!(
            said.starts_with("5 events told again, 0 rows written\nbefore  aa\nafter   aa  (the same)\n24 rows cannot"),
            "{said}"
        );
        assert!(said.contains("19, 20 and 3 more (--all)\n  promoter: 7\n1 events that were"), "{said}");
        assert!(said.ends_with("prints them:\n  e1\n"), "{said}");
        assert!(report(&rebuilt, usize::MAX).contains("22, 23\n"));
        let other = RebuildReport {
            after: digest("bb"),
            lineage: 2,
            retained: [].into(),
            without_effect: [].into(),
            ..rebuilt
        };
        let other = report(&other, NAMED);
        assert!(
            other.starts_with("5 events told again, 0 rows written, and 2 times which event told a row\n"),
            "{other}"
        );
        assert!(other.ends_with("after   bb  (not the same as before)\n"), "{other}");
    }
}
