//! The measurement: every server gets every question in turn, round after round.

use std::{fmt, path::Path, thread::sleep, time::Duration};

use super::{
    ReadsArgs,
    query::Query,
    target::{Target, TargetKind},
    wrk::{self, Figures, Load},
};
use crate::postgres::Cluster;

/// Between two loads, so that what one of them left to do does not count for the next.
const PAUSE: Duration = Duration::from_millis(200);
/// Besides, where the database works on for longer for clients that are gone.
const FIGURE_PAUSE: Duration = Duration::from_secs(1);
/// The most rounds of questions for figures, so that all of them take a quarter of an hour: the last ones.
pub const FIGURE_ROUNDS: usize = 3;
/// Requests by which the first one of a load is ahead of that of the round before.
const STRIDE: usize = 1_009;

/// One load of one server.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub figures: Figures,
    /// CPU of the server for each request, in microseconds.
    pub server_micros: f64,
    /// CPU of PostgreSQL for each request, in microseconds.
    pub database_micros: f64,
}

/// One question to one server.
pub struct Asked<'t> {
    pub query: Query,
    pub target: &'t Target,
    /// The mean length of its answers.
    pub answer_bytes: u64,
}

/// All loads of one server with one question, a sample for each round.
pub struct Series {
    pub query: Query,
    pub target: TargetKind,
    pub samples: Vec<Sample>,
    /// The server's memory after the last round, and the most that it had until then, in kB.
    pub memory: (u64, u64),
}

/// Measures all that is asked.
///
/// # Errors
/// When a request fails.
pub fn measure(asked: &[Asked<'_>], cluster: &Cluster, args: &ReadsArgs) -> anyhow::Result<Vec<Series>> {
    let mut all: Vec<_> = asked
        .iter()
        .map(|asked| Series { query: asked.query, target: asked.target.kind, samples: Vec::new(), memory: (0, 0) })
        .collect();
    // One round more than is counted, in which everybody gets warm.
    for round in 0..=args.rounds {
        for query in &args.queries {
            if query.is_figures() && round > 0 && round + FIGURE_ROUNDS <= args.rounds {
                continue;
            }
            let mut turn: Vec<_> = asked.iter().zip(&mut all).filter(|(asked, _)| asked.query == *query).collect();
            // Another target begins in each round.
            let begin = round % turn.len().max(1);
            turn.rotate_left(begin);
            for (Asked { target, answer_bytes, .. }, series) in turn {
                let connections = args.connections.min(query.most_connections());
                let load = Load { connections, seconds: args.seconds, first: round * STRIDE, pause: 0 };
                let sample = sample(target, cluster, target.file(*query)?, load)?;
                if query.is_figures() {
                    sleep(FIGURE_PAUSE);
                }
                let bytes = sample.figures.bytes / sample.figures.requests;
                anyhow::ensure!(
                    bytes >= answer_bytes * 9 / 10,
                    "{target} answers {query} with {bytes} bytes under load instead of {answer_bytes}: with errors?"
                );
                series.memory = target.memory()?;
                if round > 0 {
                    series.samples.push(sample);
                    eprintln!("{round} {query:<8} {target:<20} {sample}");
                }
            }
        }
    }
    Ok(all)
}

/// One load with the requests of a file.
///
/// # Errors
/// When a request fails.
pub fn sample(target: &Target, cluster: &Cluster, file: &Path, load: Load) -> anyhow::Result<Sample> {
    let before = (target.server().cpu()?, cluster.cpu()?);
    let figures = wrk::run(target.address(), file, load)?;
    let after = (target.server().cpu()?, cluster.cpu()?);
    anyhow::ensure!(
        figures.broken == 0 && figures.refused == 0 && figures.requests > 0,
        "{target} failed: {} connections broken, {} of {} requests refused\n{}",
        figures.broken,
        figures.refused,
        figures.requests,
        target.server().log().lines().rev().take(5).collect::<Vec<_>>().join("\n")
    );
    sleep(PAUSE);
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let micros =
        |before: Duration, after: Duration| after.saturating_sub(before).as_secs_f64() * 1e6 / figures.requests as f64;
    Ok(Sample { figures, server_micros: micros(before.0, after.0), database_micros: micros(before.1, after.1) })
}

impl Series {
    /// The median of a figure over all rounds.
    pub fn median(&self, figure: impl Fn(&Sample) -> f64) -> f64 {
        median(self.samples.iter().map(figure).collect())
    }
}

/// The median; zero of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        count if count % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

impl Sample {
    /// CPU of server and database for each request, in microseconds.
    pub fn micros(&self) -> f64 {
        self.server_micros + self.database_micros
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figures, server_micros, database_micros } = self;
        write!(
            f,
            "{:>7.0}/s, CPU {server_micros:>6.0} + {database_micros:>6.0} µs, p50 {:>6.2} ms, p99 {:>6.2} ms",
            figures.rate(),
            millis(figures.p50),
            millis(figures.p99),
        )
    }
}

/// As a number of milliseconds.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_median_is_in_the_middle() {
        for (values, expected) in [(&[][..], 0.0), (&[3.0, 1.0, 2.0], 2.0), (&[4.0, 1.0], 2.5)] {
            assert!((super::median(values.to_vec()) - expected).abs() < f64::EPSILON);
        }
    }
}
