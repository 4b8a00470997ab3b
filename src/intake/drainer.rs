//! The drainer: moves spooled events into the database, oldest first, beside new deliveries.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::future::join_all;
use sea_orm::DbErr;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Intake, Spool};
use crate::{inbox::InsertError, time::now_ms};

/// Events moved at once: few, so that new deliveries do not wait long behind them.
const BATCH_ROWS: u32 = 200;
/// While the database is unavailable, one event probes whether it is back.
const PROBE_ROWS: u32 = 1;
/// Delay before the database is tried again: this at first, then twice as long each time.
const RETRY_DELAY: Duration = Duration::from_millis(250);
/// The longest delay.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(2);
/// How often to look without being notified: for refused events that are due again.
const POLL_INTERVAL: Duration = Duration::from_secs(60);

/// The outcome of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BatchOutcome {
    /// The spool is empty.
    Empty,
    /// The batch was moved; there may be more.
    Moved,
    /// The database does not take it now.
    Away,
}

/// Runs until `shutdown`. A batch at hand may be cancelled, since moving it again is harmless.
pub(super) async fn run(intake: &Intake, spool: &Spool, shutdown: &CancellationToken) {
    let (mut has_moved, mut delay) = (true, RETRY_DELAY);
    loop {
        let moved = tokio::select! {
            () = shutdown.cancelled() => return,
            moved = move_batch(intake, spool) => moved,
        };
        match moved {
            Ok(BatchOutcome::Moved) => {
                (has_moved, delay) = (true, RETRY_DELAY);
                continue;
            }
            Ok(BatchOutcome::Empty) => {
                if has_moved && let Err(error) = spool.shrink().await {
                    tracing::warn!(%error, "cannot shrink the spool");
                }
                spool.restore_reserve(true).await;
                (has_moved, delay) = (false, RETRY_DELAY);
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    () = intake.0.spooled.notified() => continue,
                    () = sleep(POLL_INTERVAL) => continue,
                }
            }
            Ok(BatchOutcome::Away) => {}
            Err(error) => tracing::error!(%error, "cannot take events out of the spool"),
        }
        // In an outage too: there may be space on the disk by now.
        spool.restore_reserve(false).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = sleep(delay) => delay = MAX_RETRY_DELAY.min(delay * 2),
        }
    }
}

async fn move_batch(intake: &Intake, spool: &Spool) -> Result<BatchOutcome, DbErr> {
    let is_away = intake.0.is_away.load(Ordering::Relaxed);
    let batch = spool.oldest(if is_away { PROBE_ROWS } else { BATCH_ROWS }, now_ms()).await?;
    if batch.is_empty() {
        // Nothing to probe with: the next delivery does.
        intake.set_back();
        return Ok(BatchOutcome::Empty);
    }
    let results = join_all(batch.iter().map(|event| intake.0.main.import(event.clone()))).await;
    let (mut moved, mut refused, mut unavailable) = (Vec::new(), Vec::new(), false);
    for (event, result) in batch.into_iter().zip(results) {
        match result {
            Ok(_) => moved.push(event),
            Err(InsertError::Refused(reason)) => {
                tracing::error!(event.id = event.id, reason, "the database refuses a spooled event: it stays there");
                refused.push(event);
            }
            Err(InsertError::Unavailable) => unavailable = true,
        }
    }
    if unavailable {
        intake.set_away();
    } else {
        // Before the spool is written to: it may be the one that is full.
        intake.set_back();
    }
    let counters = &intake.0.counters;
    if !moved.is_empty() {
        spool.remove(&moved).await?;
        counters.drained.fetch_add(moved.len() as u64, Ordering::Relaxed);
        intake.0.main.outages().wait(-i64::try_from(moved.len()).unwrap_or(0));
    }
    if !refused.is_empty() {
        spool.delay(&refused, now_ms()).await?;
        counters.refused.fetch_add(refused.len() as u64, Ordering::Relaxed);
    }
    Ok(if unavailable { BatchOutcome::Away } else { BatchOutcome::Moved })
}
