//! Many events through one running server: its memory must not grow with them, whether its database is there or not.

use std::{cell::RefCell, rc::Rc};

use crate::{
    event::Maker,
    load::{self, Load, Outcome, Source},
    proc,
    subject::Subject,
};

/// How often the memory is looked at, in events; the first look is what the last is compared with.
const LOOK: usize = 100_000;
/// The same in an outage.
const LOOK_IN_OUTAGE: usize = 20_000;
/// Events before the outage, and in a short one before it, so that everything is in use.
const BEFORE_OUTAGE: usize = 100_000;
const SHORT_OUTAGE: usize = 20_000;
/// The last look may see so much more than the first.
const GROWTH: f64 = 1.3;
const CONNECTIONS: usize = 64;

/// Sends `events` at `rate` per second and prints the memory after each hundred thousand.
///
/// # Errors
/// When the memory grows, or an acknowledged event is not stored.
pub fn soak(subject: &Subject, events: usize, rate: f64) -> anyhow::Result<()> {
    println!("\n## {}: {events} events at {rate} per second\n\n| Events | RSS in MB |\n|---|---|", subject.name());
    let (outcome, memory) = send(subject, 0, events, rate, LOOK)?;
    println!("\n{}", told(&outcome));
    let delivered = ended(subject, outcome.kept, memory.first().copied())?;
    anyhow::ensure!(delivered == i64::try_from(outcome.kept)?, "a delivery was counted twice");
    Ok(())
}

/// Sends `events` at `rate` per second while `PostgreSQL` is stopped, starts it again and waits until all of them are
/// applied; prints the memory meanwhile.
///
/// # Errors
/// When the memory grows, or an acknowledged event is not stored.
pub fn outage(subject: &Subject, events: usize, rate: f64) -> anyhow::Result<()> {
    println!("\n## An outage of {events} events at {rate} per second\n\n| Events | RSS in MB |\n|---|---|");
    let mut kept = send(subject, 0, BEFORE_OUTAGE, rate, usize::MAX)?.0.kept;
    kept += away(subject, kept, SHORT_OUTAGE, rate, usize::MAX)?.kept;
    let memory = subject.server.rss_kb()?;
    println!("| 0 | {} |", memory / 1024);
    let outcome = away(subject, kept, events, rate, LOOK_IN_OUTAGE)?;
    println!("\nIn the outage {}", told(&outcome));
    // A delivery may be counted twice there, if the outage began between its commit and the answer.
    ended(subject, kept + outcome.kept, Some(memory)).map(drop)
}

/// An outage after so many events were kept, until all that was kept in it is stored and applied.
fn away(subject: &Subject, before: u64, events: usize, rate: f64, every: usize) -> anyhow::Result<Outcome> {
    subject.probe()?.until_applied()?;
    subject.stop_database()?;
    let (outcome, _) = send(subject, before, events, rate, every)?;
    subject.resume_database()?;
    let probe = subject.probe()?;
    probe.until_stored(i64::try_from(before + outcome.kept)?)?;
    probe.until_applied()?;
    Ok(outcome)
}

/// Gives what came of it, and the memory in kB at each look.
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
    let outcome = load::run(subject.server.address, load, Source::Live(Maker::new()?, first), look)?;
    anyhow::ensure!(outcome.refused.is_empty(), "refused, by status: {:?}", outcome.refused);
    let memory = looks.take().1;
    Ok((outcome, memory))
}

fn told(outcome: &Outcome) -> String {
    format!(
        "{} acknowledged in {:.0} s, p99 {:.1} ms, the slowest {:.0} ms",
        outcome.kept,
        outcome.took.as_secs_f64(),
        outcome.quantile(0.99),
        outcome.quantile(1.0)
    )
}

/// Waits until all is applied, and judges; gives how many deliveries were counted.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn ended(subject: &Subject, kept: u64, first: Option<u64>) -> anyhow::Result<i64> {
    let probe = subject.probe()?;
    let waited = probe.pending()?;
    probe.until_applied()?;
    let (last, kept, stored) = (subject.server.rss_kb()?, i64::try_from(kept)?, probe.stored()?);
    let first = first.unwrap_or(last);
    println!(
        "{stored:?} stored and delivered of {kept}; {waited} waited to be applied; memory {} -> {} MB, {:.2} times",
        first / 1024,
        last / 1024,
        last as f64 / first as f64,
    );
    anyhow::ensure!(stored.0 == kept, "not all that was acknowledged is stored once");
    anyhow::ensure!(last as f64 <= first as f64 * GROWTH, "the memory has grown");
    Ok(stored.1)
}
