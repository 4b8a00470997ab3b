//! The `soak` and `outage` runs: the memory of one server must not grow with the number of events, whether its database
//! is available or not.

use std::{cell::RefCell, rc::Rc};

use crate::{
    event::RequestFactory,
    load::{self, Load, LoadSource, Outcome},
    proc,
    subject::Subject,
};

/// Events between two samples of the memory. The last sample is compared with the first.
const SAMPLE_EVENTS: usize = 100_000;
/// The same during an outage.
const OUTAGE_SAMPLE_EVENTS: usize = 20_000;
/// Events before the outage, so that the server is warm.
const WARM_UP_EVENTS: usize = 100_000;
/// Events during a first, short outage, so that the spool is warm too.
const WARM_UP_OUTAGE_EVENTS: usize = 20_000;
/// The last sample may be this many times the first.
const MAX_GROWTH: f64 = 1.3;
const CONNECTIONS: usize = 64;

/// Sends `events` at `rate` per second and prints the memory after each hundred thousand.
///
/// # Errors
/// When the memory grows, or an acknowledged event is not stored.
pub fn soak(subject: &Subject, events: usize, rate: f64) -> anyhow::Result<()> {
    println!("\n## {}: {events} events at {rate} per second\n\n| Events | RSS in MB |\n|---|---|", subject.name());
    let (outcome, memory) = send(subject, 0, events, rate, SAMPLE_EVENTS)?;
    println!("\n{}", summary(&outcome));
    let delivered = check(subject, outcome.acknowledged, memory.first().copied())?;
    anyhow::ensure!(delivered == i64::try_from(outcome.acknowledged)?, "a delivery was counted twice");
    Ok(())
}

/// Sends `events` at `rate` per second while `PostgreSQL` is stopped, starts it again and waits until all of them are
/// applied; prints the memory meanwhile.
///
/// # Errors
/// When the memory grows, or an acknowledged event is not stored.
pub fn outage(subject: &Subject, events: usize, rate: f64) -> anyhow::Result<()> {
    println!("\n## An outage of {events} events at {rate} per second\n\n| Events | RSS in MB |\n|---|---|");
    let mut acknowledged = send(subject, 0, WARM_UP_EVENTS, rate, usize::MAX)?.0.acknowledged;
    acknowledged += outage_load(subject, acknowledged, WARM_UP_OUTAGE_EVENTS, rate, usize::MAX)?.acknowledged;
    let memory = subject.server.rss_kb()?;
    println!("| 0 | {} |", memory / 1024);
    let outcome = outage_load(subject, acknowledged, events, rate, OUTAGE_SAMPLE_EVENTS)?;
    println!("\nIn the outage {}", summary(&outcome));
    // A delivery may be counted twice, if the outage began between its commit and the answer.
    check(subject, acknowledged + outcome.acknowledged, Some(memory)).map(drop)
}

/// An outage after `before` events; waits until its events are stored and applied.
fn outage_load(subject: &Subject, before: u64, events: usize, rate: f64, every: usize) -> anyhow::Result<Outcome> {
    subject.probe()?.until_applied()?;
    subject.stop_database()?;
    let (outcome, _) = send(subject, before, events, rate, every)?;
    subject.resume_database()?;
    let probe = subject.probe()?;
    probe.until_stored(i64::try_from(before + outcome.acknowledged)?)?;
    probe.until_applied()?;
    Ok(outcome)
}

/// Sends a load; returns its outcome and the samples of the memory in kB.
fn send(subject: &Subject, first: u64, events: usize, rate: f64, every: usize) -> anyhow::Result<(Outcome, Vec<u64>)> {
    let (looks, process) = (Rc::new(RefCell::new((0, Vec::new()))), subject.server.process());
    let seen = Rc::clone(&looks);
    let look = move || {
        let (count, memory) = &mut *seen.borrow_mut();
        *count += 1;
        if *count % every == 0 {
            let rss = proc::rss_kb(process).unwrap_or_default();
            println!("| {count} | {} |", rss / 1024);
            memory.push(rss);
        }
    };
    let load = Load { connections: CONNECTIONS, count: events, rate: Some(rate) };
    let outcome = load::run(subject.server.address, load, LoadSource::OnDemand(RequestFactory::new()?, first), look)?;
    anyhow::ensure!(outcome.refused.is_empty(), "refused, by status: {:?}", outcome.refused);
    let memory = looks.take().1;
    Ok((outcome, memory))
}

fn summary(outcome: &Outcome) -> String {
    format!(
        "{} acknowledged in {:.0} s, p99 {:.1} ms, the slowest {:.0} ms",
        outcome.acknowledged,
        outcome.took.as_secs_f64(),
        outcome.quantile(0.99),
        outcome.quantile(1.0)
    )
}

/// Waits until all events are applied and checks the result; returns the number of deliveries.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn check(subject: &Subject, acknowledged: u64, first: Option<u64>) -> anyhow::Result<i64> {
    let probe = subject.probe()?;
    let pending = probe.pending()?;
    probe.until_applied()?;
    let (last, acknowledged, stored) = (subject.server.rss_kb()?, i64::try_from(acknowledged)?, probe.stored()?);
    let first = first.unwrap_or(last);
    println!(
        "{stored:?} stored and delivered of {acknowledged}; {pending} were pending; memory {} -> {} MB, {:.2} times",
        first / 1024,
        last / 1024,
        last as f64 / first as f64,
    );
    anyhow::ensure!(stored.0 == acknowledged, "not all that was acknowledged is stored once");
    anyhow::ensure!(last as f64 <= first as f64 * MAX_GROWTH, "the memory has grown");
    Ok(stored.1)
}
