//! The results as Markdown: ratios within one run.

use std::fmt::{self, Write as _};

use super::{
    ReadsArgs,
    query::Query,
    rounds::{FIGURE_ROUNDS, Series, median, millis},
    target::TargetKind,
};

/// The results of a run.
pub struct Report<'r> {
    pub series: &'r [Series],
    pub args: &'r ReadsArgs,
    /// A paragraph on what was measured.
    pub versions: String,
}

/// How one server compares to another in a question.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// Of answers per second.
    pub rate: f64,
    /// Of requests per second of CPU, of server and database together.
    pub cpu: f64,
}

impl Report<'_> {
    /// The measured servers, in order.
    pub fn targets(&self) -> Vec<TargetKind> {
        let mut targets = Vec::new();
        for series in self.series {
            if !targets.contains(&series.target) {
                targets.push(series.target);
            }
        }
        targets
    }

    /// The server that others are compared to.
    pub fn base(&self) -> Option<TargetKind> {
        let targets = self.targets();
        let base = targets.iter().find(|target| **target == TargetKind::Postgraphile);
        base.or(targets.first()).copied()
    }

    /// The medians over all rounds of the ratios within a round.
    pub fn ratio(&self, query: Query, target: TargetKind, base: TargetKind) -> Option<Ratio> {
        let (target, base) = (self.series(query, target)?, self.series(query, base)?);
        let rounds = || target.samples.iter().zip(&base.samples);
        Some(Ratio {
            rate: median(rounds().map(|(own, other)| own.figures.rate() / other.figures.rate()).collect()),
            cpu: median(rounds().map(|(own, other)| other.micros() / own.micros()).collect()),
        })
    }

    fn series(&self, query: Query, target: TargetKind) -> Option<&Series> {
        self.series.iter().find(|series| series.query == query && series.target == target)
    }

    /// The questions for rows.
    fn queries(&self) -> Vec<Query> {
        self.args.queries.iter().copied().filter(|query| !query.is_figures()).collect()
    }

    fn ratios(&self, out: &mut String, targets: &[TargetKind], base: TargetKind) -> fmt::Result {
        let queries = self.queries();
        let heads: Vec<_> = queries.iter().map(|query| query.title()).collect();
        writeln!(out, "| | {} |\n|---|{}", heads.join(" | "), "---|".repeat(queries.len()))?;
        for target in targets {
            write!(out, "| {target} |")?;
            for query in &queries {
                match self.ratio(*query, *target, base) {
                    Some(Ratio { rate, cpu }) => write!(out, " {rate:.2} ({cpu:.2}) |")?,
                    None => write!(out, " – |")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn details(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "| | Server | server CPU µs | PostgreSQL CPU µs | p50 ms | p99 ms | answer bytes |")?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
        for series in self.series.iter().filter(|series| !series.query.is_figures()) {
            writeln!(
                out,
                "| {} | {} | {:.0} | {:.0} | {:.1} | {:.1} | {:.0} |",
                series.query.title(),
                series.target,
                series.median(|sample| sample.server_micros),
                series.median(|sample| sample.database_micros),
                series.median(|sample| millis(sample.figures.p50)),
                series.median(|sample| millis(sample.figures.p99)),
                series.median(|sample| sample.figures.bytes_per_answer()),
            )?;
        }
        Ok(())
    }

    fn figures(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "| | Server | ratio | connections | server CPU ms | PostgreSQL CPU ms | p50 ms | p99 ms |")?;
        writeln!(out, "|---|---|---|---|---|---|---|---|")?;
        for series in self.series.iter().filter(|series| series.query.is_figures()) {
            let ratio = match self.ratio(series.query, series.target, TargetKind::Limit) {
                Some(Ratio { rate, cpu }) => format!("{rate:.2} ({cpu:.2})"),
                None => "–".to_owned(),
            };
            writeln!(
                out,
                "| {} | {} | {ratio} | {} | {:.2} | {:.2} | {:.1} | {:.1} |",
                series.query.title(),
                series.target,
                self.args.connections.min(series.query.most_connections()),
                series.median(|sample| sample.server_micros) / 1e3,
                series.median(|sample| sample.database_micros) / 1e3,
                series.median(|sample| millis(sample.figures.p50)),
                series.median(|sample| millis(sample.figures.p99)),
            )?;
        }
        Ok(())
    }

    fn memory(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "| Server | after the last load, MB | at most, MB |\n|---|---|---|")?;
        for target in self.targets() {
            let last = self.series.iter().rfind(|series| series.target == target);
            let (now, peak) = last.map(|series| series.memory).unwrap_or_default();
            writeln!(out, "| {target} | {} | {} |", now / 1024, peak / 1024)?;
        }
        Ok(())
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "# Reads: results\n\nWritten by `make bench-reads`; [README.md](README.md#reads) says how.\n")?;
        writeln!(out, "{}\n", self.versions)?;
        if !self.queries().is_empty() {
            self.rows(out)?;
        }
        if self.series.iter().any(|series| series.query.is_figures()) {
            let rounds = self.args.rounds.min(FIGURE_ROUNDS);
            writeln!(
                out,
                "## Figures\n\nAnswers per second relative to the hand-written limit, in brackets requests per"
            )?;
            writeln!(out, "second of CPU; medians of {rounds} rounds.\n")?;
            self.figures(out)?;
            writeln!(out)?;
        }
        writeln!(out, "## Memory\n\nResident memory of all processes of a server.\n")?;
        self.memory(out)
    }

    fn rows(&self, out: &mut String) -> fmt::Result {
        let Some(base) = self.base() else { return Ok(()) };
        writeln!(out, "## Ratios\n\nAnswers per second relative to {base}, in brackets requests per second of CPU.\n")?;
        // SQLite has no server whose CPU could be told apart: it is compared by itself.
        let (sqlite, others): (Vec<_>, Vec<_>) =
            self.targets().into_iter().partition(|target| *target == TargetKind::Sqlite);
        self.ratios(out, &others, base)?;
        if !sqlite.is_empty() {
            writeln!(out, "\nRelative to Promograph on PostgreSQL:\n")?;
            self.ratios(out, &sqlite, TargetKind::Promograph)?;
        }
        writeln!(out, "\n## CPU per request and latency\n")?;
        self.details(out)?;
        writeln!(out)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out)?;
        f.write_str(&out)
    }
}
