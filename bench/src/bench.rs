//! The run: the server under load at several widths and rates, between runs of the comparison.

use std::{
    cell::Cell,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    Common,
    event::{Maker, Requests},
    load::{self, Load, Outcome, Source},
    per_second,
    probe::LagWatch,
    quantile,
    report::{Phase, Report},
    subject::Subject,
};

/// Connections, and how many events each width gets.
const WIDTHS: [(usize, usize); 4] = [(1, 6_000), (16, 50_000), (64, 80_000), (256, 80_000)];
/// Connections where the rate is given.
const PACED_CONNECTIONS: usize = 256;
/// Events that fill caches.
const WARM_UP: usize = 30_000;
/// How often half of the peak is measured: a shared disk may be slow once.
const HALVES: usize = 3;
/// The rate that the projector has to hold.
const HELD_RATE: f64 = 2_000.0;
/// How much more than its goal is asked of the projector to see what it applies.
const PRESSURE: f64 = 1.15;

struct Bench<'s> {
    subject: &'s Subject,
    maker: Maker,
    next: Cell<u64>,
    sent: Cell<u64>,
}

/// Measures one database and prints what was found.
///
/// # Errors
/// When something does not work, or an acknowledged event is not stored.
pub fn rates(subject: &Subject, common: &Common) -> anyhow::Result<()> {
    let bench = Bench::new(subject)?;
    let (share, seconds) = if common.quick { (5, 2) } else { (1, 8) };
    let mut report = Report::new(subject.name(), subject.is_postgres());
    // Makes the promoters and promotions, and fills caches, on both sides.
    bench.phase(64, WARM_UP / share, None)?;
    subject.singly(seconds)?;

    report.singly.push(subject.singly(seconds)?);
    for (connections, count) in WIDTHS {
        report.phases.push(bench.phase(connections, count / share, None)?);
        if connections == 16 {
            report.singly.push(subject.singly(seconds)?);
        }
    }
    report.singly.push(subject.singly(seconds)?);
    report.alone = subject.singly_alone(seconds / 2)?;
    report.batches = subject.in_batches(seconds)?;

    for _ in 0..HALVES {
        report.half.push(bench.paced(report.peak() / 2.0, seconds)?);
    }
    report.held = Some(bench.paced(HELD_RATE, seconds * 2)?);
    report.singly.push(subject.singly(seconds)?);
    report.applied = bench.applied(report.singly() * PRESSURE, seconds * 2)?;

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
    bench.phase(64, WARM_UP, None)?;
    println!("\n## {}\n\n{}", subject.name(), Phase::HEAD);
    for rate in rates {
        println!("{}", bench.paced(*rate, seconds)?);
    }
    Ok(())
}

impl<'s> Bench<'s> {
    fn new(subject: &'s Subject) -> anyhow::Result<Self> {
        Ok(Self { subject, maker: Maker::new()?, next: Cell::new(0), sent: Cell::new(0) })
    }
    /// As many as get answered, or so many per second; until all of them are applied.
    fn phase(&self, connections: usize, count: usize, rate: Option<f64>) -> anyhow::Result<Phase> {
        let subject = self.subject;
        let requests = self.requests(count);
        subject.settle()?;
        let watch = LagWatch::start(subject.probe()?);
        let (before, began) = (subject.cpu()?, Instant::now());
        let outcome = self.load(connections, rate, requests)?;
        let (probe, lags) = watch.stop()?;
        let waiting = probe.pending()?;
        probe.until_applied()?;
        let through = per_second(outcome.kept, began.elapsed());
        let after = subject.cpu()?;
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6 / per_second(outcome.kept, Duration::from_secs(1));
        let phase = Phase {
            connections,
            lag_p99: quantile(&lags, 0.99),
            waiting,
            through,
            server_micros: micros(after.0.saturating_sub(before.0)),
            database_micros: micros(after.1.saturating_sub(before.1)),
            outcome,
        };
        eprintln!("{phase}");
        Ok(phase)
    }

    /// At a given rate for a while.
    fn paced(&self, rate: f64, seconds: u64) -> anyhow::Result<Phase> {
        self.phase(PACED_CONNECTIONS, events_in(rate, seconds), Some(rate))
    }

    /// How many events per second the projector applies while this rate comes in.
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
        watch.join().ok().context("the watch panicked")?
    }

    fn requests(&self, count: usize) -> Requests {
        let first = self.next.get();
        let end = first + count as u64;
        self.next.set(end);
        Requests::make(&self.maker, first..end)
    }

    fn load(&self, connections: usize, rate: Option<f64>, requests: Requests) -> anyhow::Result<Outcome> {
        let load = Load { connections, count: requests.len(), rate };
        let outcome = load::run(self.subject.server.address, load, Source::Made(requests), || ())?;
        self.sent.set(self.sent.get() + outcome.kept);
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
