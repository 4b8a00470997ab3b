//! Many events through one running server: its memory must not grow with them.

use std::{cell::Cell, rc::Rc};

use crate::{
    event::Maker,
    load::{self, Load, Source},
    proc,
    subject::Subject,
};

/// The first look at the memory, and how often it is looked at then.
const LOOK: usize = 100_000;
/// The last look may see so much more than the first.
const GROWTH: f64 = 1.3;
const CONNECTIONS: usize = 64;

/// Sends `events` at `rate` per second and prints the memory after each hundred thousand.
///
/// # Errors
/// When the memory grows, or an acknowledged event is not stored.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
pub fn soak(subject: &Subject, events: usize, rate: f64) -> anyhow::Result<()> {
    println!("\n## {}: {events} events at {rate} per second\n\n| Events | RSS in MB |\n|---|---|", subject.name());
    let (answered, first) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(0_u64)));
    let (count, start, process) = (Rc::clone(&answered), Rc::clone(&first), subject.server.process());
    let look = move || {
        count.set(count.get() + 1);
        if count.get() % LOOK == 0 {
            let rss = proc::rss_kb(process).unwrap_or_default();
            println!("| {} | {} |", count.get(), rss / 1024);
            if start.get() == 0 {
                start.set(rss);
            }
        }
    };
    let load = Load { connections: CONNECTIONS, count: events, rate: Some(rate) };
    let outcome = load::run(subject.server.address, load, Source::Live(Maker::new()?, 0), look)?;
    let probe = subject.probe()?;
    let waited = probe.pending()?;
    probe.until_applied()?;
    let (first, last) = (first.get(), subject.server.rss_kb()?);
    let (kept, stored) = (i64::try_from(outcome.kept)?, probe.stored()?);
    println!(
        "\n{kept} acknowledged in {:.0} s, p99 {:.1} ms, {stored:?} stored and delivered; {waited} waited at the end; \
         memory {} -> {} MB, {:.2} times",
        outcome.took.as_secs_f64(),
        outcome.quantile(0.99),
        first / 1024,
        last / 1024,
        last as f64 / first as f64,
    );
    anyhow::ensure!(outcome.refused.is_empty(), "refused, by status: {:?}", outcome.refused);
    anyhow::ensure!(stored == (kept, kept), "not all that was acknowledged is stored once");
    anyhow::ensure!(first == 0 || last as f64 <= first as f64 * GROWTH, "the memory has grown");
    Ok(())
}
