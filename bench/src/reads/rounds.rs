//! The measurement: every server gets every question in turn, round after round.

use std::{thread::sleep, time::Duration};

use super::{
    ReadsArgs,
    query::Query,
    target::{Target, TargetKind},
    wrk::{self, Figures, Load},
};
use crate::postgres::Cluster;

/// Between two loads, so that what one of them left to do does not count for the next.
const PAUSE: Duration = Duration::from_millis(200);
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

/// All loads of one server with one question, a sample for each round.
pub struct Series {
    pub query: Query,
    pub target: TargetKind,
    pub samples: Vec<Sample>,
    /// The server's memory after the last round, in kB.
    pub rss_kb: u64,
}

/// Measures all targets.
///
/// # Errors
/// When a request fails.
pub fn measure(targets: &[Target], cluster: &Cluster, args: &ReadsArgs) -> anyhow::Result<Vec<Series>> {
    let mut all: Vec<(Series, &Target)> = Vec::new();
    for query in &args.queries {
        for target in targets.iter().filter(|target| target.answers(*query)) {
            all.push((Series { query: *query, target: target.kind, samples: Vec::new(), rss_kb: 0 }, target));
        }
    }
    // One round more than is counted, in which everybody gets warm.
    for round in 0..=args.rounds {
        for query in &args.queries {
            let mut asked: Vec<_> = all.iter_mut().filter(|(series, _)| series.query == *query).collect();
            // Another target begins in each round.
            let begin = round % asked.len().max(1);
            asked.rotate_left(begin);
            for (series, target) in asked {
                let load = Load { connections: args.connections, seconds: args.seconds, first: round * STRIDE };
                let sample = sample(target, cluster, *query, load)?;
                series.rss_kb = target.memory()?.0;
                if round > 0 {
                    series.samples.push(sample);
                    eprintln!("{round} {query:<4} {target:<20} {}", line(&sample));
                }
            }
        }
    }
    Ok(all.into_iter().map(|(series, _)| series).collect())
}

/// One load.
///
/// # Errors
/// When a request fails.
fn sample(target: &Target, cluster: &Cluster, query: Query, load: Load) -> anyhow::Result<Sample> {
    let before = (target.server().cpu()?, cluster.cpu()?);
    let figures = wrk::run(target.address(), target.file(query)?, load)?;
    let after = (target.server().cpu()?, cluster.cpu()?);
    anyhow::ensure!(
        figures.broken == 0 && figures.refused == 0 && figures.requests > 0,
        "{target} failed for {query}: {} connections broken, {} of {} requests refused\n{}",
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

fn line(Sample { figures, server_micros, database_micros }: &Sample) -> String {
    format!(
        "{:>7.0}/s, CPU {server_micros:>6.0} + {database_micros:>6.0} µs, p50 {:>6.2} ms, p99 {:>6.2} ms",
        figures.rate(),
        figures.p50.as_secs_f64() * 1e3,
        figures.p99.as_secs_f64() * 1e3,
    )
}

/// Prints medians, as ratios to the first server of each question.
pub fn print(all: &[Series]) {
    println!("| | Server | ratio | server µs | database µs | p50 ms | p99 ms | RSS MB |");
    println!("|---|---|---|---|---|---|---|---|");
    for series in all {
        let first = all.iter().find(|other| other.query == series.query).unwrap_or(series);
        let ratios = series.samples.iter().zip(&first.samples);
        println!(
            "| {} | {} | {:.2} | {:.0} | {:.0} | {:.2} | {:.2} | {} |",
            series.query,
            series.target,
            median(ratios.map(|(sample, first)| sample.figures.rate() / first.figures.rate()).collect()),
            series.median(|sample| sample.server_micros),
            series.median(|sample| sample.database_micros),
            series.median(|sample| sample.figures.p50.as_secs_f64() * 1e3),
            series.median(|sample| sample.figures.p99.as_secs_f64() * 1e3),
            series.rss_kb / 1024,
        );
    }
}
