//! Moves what is spooled into the database, oldest first, while new deliveries keep coming.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::future::join_all;
use sea_orm::DbErr;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Intake, Spool};
use crate::{inbox::InsertError, time::now_ms};

/// Events moved at once: few enough that new ones do not wait long behind them.
const BATCH_ROWS: u32 = 200;
/// While the database is away one event finds out whether it is back.
const PROBE_ROWS: u32 = 1;
/// How long to wait before the database is tried again: this at first, twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often to look without being told: for events that were refused and are due again.
const LOOK: Duration = Duration::from_secs(60);

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// There was none.
    Empty,
    /// All of it is dealt with; more may wait.
    Moved,
    /// The database does not take it now.
    Away,
}

/// Until `shutdown`; a batch at hand may be cut off, since moving it again is harmless.
pub(super) async fn run(intake: &Intake, spool: &Spool, shutdown: &CancellationToken) {
    let (mut moving, mut pause) = (true, FIRST_PAUSE);
    loop {
        let step = tokio::select! {
            () = shutdown.cancelled() => return,
            step = step(intake, spool) => step,
        };
        match step {
            Ok(Step::Moved) => {
                (moving, pause) = (true, FIRST_PAUSE);
                continue;
            }
            Ok(Step::Empty) => {
                if moving && let Err(error) = spool.shrink().await {
                    tracing::warn!(%error, "cannot shrink the spool");
                }
                spool.restore_reserve(true).await;
                (moving, pause) = (false, FIRST_PAUSE);
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    () = intake.0.spooled.notified() => continue,
                    () = sleep(LOOK) => continue,
                }
            }
            Ok(Step::Away) => {}
            Err(error) => tracing::error!(%error, "cannot take events out of the spool"),
        }
        // In an outage too: somebody may have made room on the disk.
        spool.restore_reserve(false).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = sleep(pause) => pause = LONGEST_PAUSE.min(pause * 2),
        }
    }
}

async fn step(intake: &Intake, spool: &Spool) -> Result<Step, DbErr> {
    let away = intake.0.away.load(Ordering::Relaxed);
    let batch = spool.oldest(if away { PROBE_ROWS } else { BATCH_ROWS }, now_ms()).await?;
    if batch.is_empty() {
        // Nothing to try with: the next delivery finds out.
        intake.is_back();
        return Ok(Step::Empty);
    }
    let answers = join_all(batch.iter().map(|event| intake.0.main.import(event.clone()))).await;
    let (mut moved, mut refused, mut unavailable) = (Vec::new(), Vec::new(), false);
    for (event, answer) in batch.into_iter().zip(answers) {
        match answer {
            Ok(_) => moved.push(event),
            Err(InsertError::Refused(reason)) => {
                tracing::error!(event.id = event.id, reason, "the database refuses a spooled event: it stays there");
                refused.push(event);
            }
            Err(InsertError::Unavailable) => unavailable = true,
        }
    }
    if unavailable {
        intake.is_away();
    } else {
        // Before the spool is written to: it may be the one that is full.
        intake.is_back();
    }
    let counters = &intake.0.counters;
    if !moved.is_empty() {
        spool.remove(&moved).await?;
        counters.drained.fetch_add(moved.len() as u64, Ordering::Relaxed);
        intake.0.main.outages().wait(-i64::try_from(moved.len()).unwrap_or(0));
    }
    if !refused.is_empty() {
        spool.put_off(&refused, now_ms()).await?;
        counters.refused.fetch_add(refused.len() as u64, Ordering::Relaxed);
    }
    Ok(if unavailable { Step::Away } else { Step::Moved })
}
