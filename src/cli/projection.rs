//! `promograph projection`: the mirrored tables as a whole. Can run beside a server.

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

/// How many rows of a table are named without --all.
const MAX_NAMED: usize = 20;

/// `promograph projection`.
#[derive(Args, Debug)]
pub struct ProjectionCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Rebuild all mirrored tables from the stored events. Meanwhile the server answers queries and receives webhooks; new
    /// events are applied afterwards
    Rebuild {
        /// Name all rows that cannot be rebuilt, not only the first 20 of each table
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Print a digest of the mirrored tables: equal rows give equal digests on every database
    Digest {
        /// Print JSON, one object per table and one for all
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
        let text = match self.action {
            Action::Rebuild { all, context } => {
                let db = context.open_directly().await?;
                let mut progress = ProgressReporter::new();
                let (bar, changes) = (progress.bar(), Changes::new());
                let mut show = |step| show(&mut progress, step);
                let rebuilding = projection::rebuild(&db, &changes, now_ms, &mut show);
                let text = "interrupted; run the command again to finish";
                let rebuilt = progress::unless_interrupted(rebuilding, bar, text).await;
                progress.finish();
                let rebuilt = rebuilt.context("the tables were not rebuilt; run the command again to finish")?;
                db.close().await?;
                report(&rebuilt, if all { usize::MAX } else { MAX_NAMED })
            }
            Action::Digest { json, context } => {
                let db = context.open_directly().await?;
                let digest = projection::digest(&db).await.context("cannot read the tables")?;
                db.close().await?;
                if json { lines(&digest)? } else { table(&digest) }
            }
        };
        output::print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn show(shown: &mut ProgressReporter, step: RebuildProgress) {
    match step {
        RebuildProgress::Merging { done, total } => shown.show(done, total, "events merged"),
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
    let mut text = String::new();
    for (name, rows, hash) in &digest.tables {
        let _ = writeln!(text, "{name:<20}  {rows:>10}  {hash}");
    }
    let _ = writeln!(text, "{:<20}  {:>10}  {}", "all", "", digest.whole);
    text
}

/// What a rebuild did, as its command prints it.
fn report(rebuilt: &RebuildReport, named: usize) -> String {
    let RebuildReport { events, before, after, changed, lineage, retained, without_effect } = rebuilt;
    let mut text = String::new();
    let _ = write!(text, "{events} events merged, {changed} rows written");
    if *lineage > 0 {
        let _ = write!(text, ", {lineage} links from rows to events written");
    }
    text.push('\n');
    let _ = writeln!(text, "before  {}", before.whole);
    let same = if before == after { "the same" } else { "not the same as before" };
    let _ = writeln!(text, "after   {}  ({same})", after.whole);
    if !retained.is_empty() {
        let count: usize = retained.values().map(Vec::len).sum();
        let _ = writeln!(
            text,
            "{count} rows cannot be rebuilt, since bodies of their events were pruned. They were left as they were:"
        );
    }
    for (table, ids) in retained {
        let _ = writeln!(text, "  {table}: {}", list(ids.iter(), named));
    }
    if !without_effect.is_empty() {
        let count = without_effect.len();
        let _ = writeln!(text, "{count} applied events have no effect any more; `promograph events show` prints them:");
        let _ = writeln!(text, "  {}", list(without_effect.iter(), named));
    }
    text
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
        let text = report(&rebuilt, MAX_NAMED);
        assert!(
            text.starts_with("5 events merged, 0 rows written\nbefore  aa\nafter   aa  (the same)\n24 rows cannot"),
            "{text}"
        );
        assert!(text.contains("19, 20 and 3 more (--all)\n  promoter: 7\n1 applied events have"), "{text}");
        assert!(text.ends_with("prints them:\n  e1\n"), "{text}");
        assert!(report(&rebuilt, usize::MAX).contains("22, 23\n"));
        let other = RebuildReport {
            after: digest("bb"),
            lineage: 2,
            retained: [].into(),
            without_effect: [].into(),
            ..rebuilt
        };
        let other = report(&other, MAX_NAMED);
        assert!(other.starts_with("5 events merged, 0 rows written, 2 links from rows to events written\n"), "{other}");
        assert!(other.ends_with("after   bb  (not the same as before)\n"), "{other}");
    }
}
