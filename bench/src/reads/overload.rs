//! More connections than a server can serve at once: what it still answers in time, and how long webhooks wait.

use std::{net::SocketAddr, thread, time::Duration};

use anyhow::Context as _;

use super::{
    Bench, ReadsArgs,
    rounds::millis,
    wrk::{self, Figures, Load},
};
use crate::{
    event::RequestFactory,
    load::{self, LoadSource, Outcome},
};

/// Overload, in times of the peak: of its connections, and of its requests.
const FACTOR: u32 = 10;
/// Webhooks a second meanwhile.
const WEBHOOKS_PER_SECOND: usize = 50;
const WEBHOOK_CONNECTIONS: usize = 4;
/// Each load lasts this many times as long as one of a comparison.
const LENGTH: u64 = 3;

/// Prints a table.
///
/// # Errors
/// When a server or `wrk` fails.
pub fn run(bench: &Bench, args: &ReadsArgs) -> anyhow::Result<()> {
    println!(
        "| Server | Load | in time/s | late/s | refused/s | broken | p50 ms | p99 ms | webhook p50 ms | p99 ms | max ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let (seconds, mut first) = (args.seconds * LENGTH, 0);
    let count = WEBHOOKS_PER_SECOND * usize::try_from(seconds)?;
    let mut numbers = || {
        first += count as u64;
        first - count as u64
    };
    for target in &bench.targets {
        let ((), alone) = beside_webhooks(target.address(), numbers(), count, || Ok(()))?;
        println!("| {target} | webhooks alone | – | – | – | – | – | – | {} |", latencies(&alone));
        for query in &args.queries {
            let mut pause = 0;
            for connections in [args.connections, args.connections * FACTOR] {
                let load = Load { connections, seconds, first: 0, pause };
                let load = || wrk::run(target.address(), target.file(*query)?, load);
                let (figures, webhooks) = beside_webhooks(target.address(), numbers(), count, load)?;
                println!("| {target} | {}, {connections} connections | {} |", query.title(), line(&figures, &webhooks));
                // All connections together then ask as often as the overload is.
                let rate = (figures.rate() * f64::from(FACTOR)).max(1.0);
                pause = Duration::from_secs_f64(f64::from(args.connections * FACTOR) / rate).as_millis().try_into()?;
            }
        }
    }
    println!("\nIn time is within a second. {WEBHOOKS_PER_SECOND} webhooks a second meanwhile.");
    Ok(())
}

/// Runs a load while webhooks with numbers from `first` on are sent.
fn beside_webhooks<T>(
    address: SocketAddr,
    first: u64,
    count: usize,
    load: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<(T, Outcome)> {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let webhooks = load::Load { connections: WEBHOOK_CONNECTIONS, count, rate: Some(WEBHOOKS_PER_SECOND as f64) };
    let source = LoadSource::OnDemand(RequestFactory::new()?, first);
    let sender = thread::spawn(move || load::run(address, webhooks, source, || ()));
    let loaded = load()?;
    let outcome = sender.join().ok().context("the thread of webhooks panicked")??;
    anyhow::ensure!(outcome.refused.is_empty(), "webhooks were refused, by status: {:?}", outcome.refused);
    Ok((loaded, outcome))
}

fn line(figures: &Figures, webhooks: &Outcome) -> String {
    let refused = crate::per_second(figures.refused, figures.took);
    let late = figures.rate() * (1.0 - figures.within);
    format!(
        "{:.0} | {late:.0} | {refused:.0} | {} | {:.1} | {:.1} | {}",
        // A refusal comes at once.
        figures.rate() - late - refused,
        figures.broken,
        millis(figures.p50),
        millis(figures.p99),
        latencies(webhooks)
    )
}

fn latencies(outcome: &Outcome) -> String {
    format!("{:.1} | {:.1} | {:.1}", outcome.quantile(0.5), outcome.quantile(0.99), outcome.quantile(1.0))
}
