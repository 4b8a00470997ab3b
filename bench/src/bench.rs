//! The `rates` and `paced` runs: the server under load at several connection counts and rates, between runs of the
//! comparison.

use std::{
    cell::Cell,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    CommonArgs,
    event::{RequestFactory, Requests},
    load::{self, Load, LoadSource, Outcome},
    per_second,
    probe::LagWatch,
    quantile,
    report::{Phase, Report},
    subject::Subject,
};

/// Numbers of connections, and the events sent over them.
const CONNECTION_STEPS: [(usize, usize); 4] = [(1, 6_000), (16, 50_000), (64, 80_000), (256, 80_000)];
/// Connections of a load at a given rate.
const PACED_CONNECTIONS: usize = 256;
/// Events sent before anything is measured.
const WARM_UP_EVENTS: usize = 30_000;
/// Repetitions of the load at half of the peak, since a shared disk may be slow for a moment.
const HALF_PEAK_RUNS: usize = 3;
/// The rate that the projector has to sustain.
const SUSTAINED_RATE: f64 = 2_000.0;
/// The load for measuring the projector's speed, relative to its goal.
const OVERLOAD_FACTOR: f64 = 1.15;

struct Bench<'s> {
    subject: &'s Subject,
    factory: RequestFactory,
    next: Cell<u64>,
    sent: Cell<u64>,
}

/// Measures one database and prints a report.
///
/// # Errors
/// When something does not work, or an acknowledged event is not stored.
pub fn rates(subject: &Subject, common: &CommonArgs) -> anyhow::Result<()> {
    let bench = Bench::new(subject)?;
    let (share, seconds) = if common.quick { (5, 2) } else { (1, 8) };
    let mut report = Report::new(subject.name(), subject.is_postgres());
    // Creates the promoters and promotions, and fills caches, on both sides.
    bench.phase(64, WARM_UP_EVENTS / share, None)?;
    subject.singly(seconds)?;

    report.singly.push(subject.singly(seconds)?);
    for (connections, count) in CONNECTION_STEPS {
        report.phases.push(bench.phase(connections, count / share, None)?);
        if connections == 16 {
            report.singly.push(subject.singly(seconds)?);
        }
    }
    report.singly.push(subject.singly(seconds)?);
    report.alone = subject.singly_alone(seconds / 2)?;
    report.batches = subject.in_batches(seconds)?;

    for _ in 0..HALF_PEAK_RUNS {
        report.half.push(bench.paced(report.peak() / 2.0, seconds)?);
    }
    report.sustained = Some(bench.paced(SUSTAINED_RATE, seconds * 2)?);
    report.singly.push(subject.singly(seconds)?);
    report.applied = bench.applied(report.singly() * OVERLOAD_FACTOR, seconds * 2)?;

    report.sent = bench.sent.get();
    report.stored = subject.probe()?.stored()?;
    println!("{report}");
    report.check()
}

/// Measures one database at these rates, one after the other.
///
/// # Errors
/// When something does not work.
pub fn paced(subject: &Subject, rates: &[f64], seconds: u64) -> anyhow::Result<()> {
    let bench = Bench::new(subject)?;
    bench.phase(64, WARM_UP_EVENTS, None)?;
    println!("\n## {}\n\n{}", subject.name(), Phase::HEAD);
    for rate in rates {
        println!("{}", bench.paced(*rate, seconds)?);
    }
    Ok(())
}

impl<'s> Bench<'s> {
    fn new(subject: &'s Subject) -> anyhow::Result<Self> {
        Ok(Self { subject, factory: RequestFactory::new()?, next: Cell::new(0), sent: Cell::new(0) })
    }

    /// Sends events at a given rate, or as fast as they are answered, until all of them are applied.
    fn phase(&self, connections: usize, count: usize, rate: Option<f64>) -> anyhow::Result<Phase> {
        let subject = self.subject;
        let requests = self.requests(count);
        subject.settle()?;
        let watch = LagWatch::start(subject.probe()?);
        let (before, began) = (subject.cpu()?, Instant::now());
        let outcome = self.load(connections, rate, requests)?;
        let (probe, lags) = watch.stop()?;
        let pending = probe.pending()?;
        probe.until_applied()?;
        let throughput = per_second(outcome.acknowledged, began.elapsed());
        let after = subject.cpu()?;
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6 / per_second(outcome.acknowledged, Duration::from_secs(1));
        let phase = Phase {
            connections,
            lag_p99: quantile(&lags, 0.99),
            pending,
            throughput,
            server_micros: micros(after.0.saturating_sub(before.0)),
            database_micros: micros(after.1.saturating_sub(before.1)),
            outcome,
        };
        eprintln!("{phase}");
        Ok(phase)
    }

    /// Sends events at a given rate for some seconds.
    fn paced(&self, rate: f64, seconds: u64) -> anyhow::Result<Phase> {
        self.phase(PACED_CONNECTIONS, events_in(rate, seconds), Some(rate))
    }

    /// The events per second that the projector applies under a load of this rate.
    fn applied(&self, rate: f64, seconds: u64) -> anyhow::Result<f64> {
        let requests = self.requests(events_in(rate, seconds));
        self.subject.settle()?;
        let probe = self.subject.probe()?;
        let watch = thread::spawn(move || {
            let count = || anyhow::Ok((u64::try_from(probe.applied()?)?, Instant::now()));
            sleep(Duration::from_secs(seconds) / 4);
            let (before, began) = count()?;
            sleep(Duration::from_secs(seconds) * 2 / 3);
            let (after, ended) = count()?;
            probe.until_applied()?;
            Ok(per_second(after - before, ended - began))
        });
        self.load(PACED_CONNECTIONS, Some(rate), requests)?;
        watch.join().ok().context("the measuring thread panicked")?
    }

    fn requests(&self, count: usize) -> Requests {
        let first = self.next.get();
        let end = first + count as u64;
        self.next.set(end);
        Requests::make(&self.factory, first..end)
    }

    fn load(&self, connections: usize, rate: Option<f64>, requests: Requests) -> anyhow::Result<Outcome> {
        let load = Load { connections, count: requests.len(), rate };
        let outcome = load::run(self.subject.server.address, load, LoadSource::Prepared(requests), || ())?;
        self.sent.set(self.sent.get() + outcome.acknowledged);
        anyhow::ensure!(outcome.refused.is_empty(), "refused, by status: {:?}", outcome.refused);
        Ok(outcome)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn events_in(rate: f64, seconds: u64) -> usize {
    (rate * seconds as f64) as usize
}
