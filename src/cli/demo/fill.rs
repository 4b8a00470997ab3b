//! Fills a database with a simulated programme through the ingestion path: events are parsed and redacted, stored by the
//! inbox and applied by the projection. The three stages overlap with bounded queues between them, so memory does not
//! grow with the programme.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use demo::{DemoConfig, Simulation};
use sea_orm::{ConnectionTrait as _, Statement};
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{
        Database,
        by_status::{IN_ORDER, PENDING},
    },
    inbox::{Delivery, Inbox, InsertError, Receipt},
    projection::{Changes, Projector, ProjectorConfig},
    webhook::{Endpoints, parse_delivery},
};

/// Events that are simulated at a time.
const BATCH_EVENTS: usize = 500;
/// Events that may wait for their commit: enough to keep the inbox busy.
const MAX_UNCOMMITTED: usize = 2000;
/// Batches that may wait for the inbox.
const MAX_WAITING_BATCHES: usize = 2;
/// Stored events that may wait for the projection.
const MAX_BACKLOG: i64 = 4000;
/// How often the backlog is counted.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// A backlog that has not shrunk for this long is an error.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Progress of [`fill`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FillProgress {
    /// Leads whose signup is stored.
    pub leads: u64,
    /// Events that are stored.
    pub events: u64,
    /// Events that had been stored before.
    pub duplicates: u64,
}

struct Batch {
    deliveries: Vec<Delivery>,
    /// Leads up to the end of this batch.
    leads: u64,
}

/// Fills a migrated database and waits until all events are applied, here or by a server that runs on the same database;
/// `progress` is called after each batch. Doing it again changes nothing.
///
/// # Errors
/// When the database cannot be written to. Events that are stored by then stay, and another call continues.
pub async fn fill(
    db: &Database,
    config: DemoConfig,
    now_ms: fn() -> i64,
    mut progress: impl FnMut(FillProgress),
) -> anyhow::Result<FillProgress> {
    let stop = CancellationToken::new();
    // Stops the background tasks on every way out.
    let _stop = stop.clone().drop_guard();
    let inbox = Inbox::start(db.clone(), stop.clone());
    let projector = Projector::new(db.clone(), Changes::default(), ProjectorConfig::default());
    let projector = tokio::spawn(projector.run(inbox.wake(), stop.clone()));
    let (sender, mut batches) = mpsc::channel(MAX_WAITING_BATCHES);
    let simulation = spawn_blocking(move || simulate(config, now_ms, &sender));
    let mut filled = FillProgress::default();
    let mut storing = JoinSet::new();
    while let Some(batch) = batches.recv().await {
        filled.events += batch.deliveries.len() as u64;
        for delivery in batch.deliveries {
            let inbox = inbox.clone();
            storing.spawn(async move { inbox.insert(delivery).await });
        }
        filled.duplicates += until_stored(&mut storing, MAX_UNCOMMITTED).await?;
        filled.leads = batch.leads;
        progress(filled);
        until_applied(db, MAX_BACKLOG, now_ms).await?;
    }
    filled.duplicates += until_stored(&mut storing, 0).await?;
    simulation.await?;
    until_applied(db, 0, now_ms).await?;
    stop.cancel();
    inbox.stopped().await;
    projector.await?;
    Ok(filled)
}

/// Runs the simulation; ends early when the receiver is gone.
fn simulate(config: DemoConfig, now_ms: fn() -> i64, batches: &mpsc::Sender<Batch>) {
    let endpoints = Endpoints::new(&[]);
    let mut simulation = Simulation::new(config);
    loop {
        let events = simulation.by_ref().take(BATCH_EVENTS);
        let deliveries: Vec<_> =
            events.map(|event| parse_delivery(&Bytes::from(event.body), &endpoints, now_ms())).collect();
        let leads = simulation.leads();
        if deliveries.is_empty() || batches.blocking_send(Batch { deliveries, leads }).is_err() {
            return;
        }
    }
}

/// Waits until at most `most` events wait for their commit; returns the number of duplicates.
async fn until_stored(storing: &mut JoinSet<Result<Receipt, InsertError>>, most: usize) -> anyhow::Result<u64> {
    let mut duplicates = 0;
    while storing.len() > most
        && let Some(stored) = storing.join_next().await
    {
        duplicates += u64::from(stored?.context("cannot store an event")?.duplicate);
    }
    Ok(duplicates)
}

/// Waits until at most `most` events wait to be applied.
async fn until_applied(db: &Database, most: i64, now_ms: fn() -> i64) -> anyhow::Result<()> {
    let (mut last, mut since) = (i64::MAX, Instant::now());
    loop {
        let waiting = waiting(db, most, now_ms()).await.context("cannot see what waits to be applied")?;
        if waiting <= most {
            return Ok(());
        }
        if waiting < last {
            (last, since) = (waiting, Instant::now());
        }
        anyhow::ensure!(
            since.elapsed() < STALL_TIMEOUT,
            "events are stored, but nothing has applied them for a minute"
        );
        sleep(POLL_INTERVAL).await;
    }
}

/// The number of events that could be applied now. Stops counting somewhat beyond `most`.
async fn waiting(db: &Database, most: i64, now_ms: i64) -> anyhow::Result<i64> {
    let sql = format!(
        "select count(*) from (select 1 from webhook_event where {PENDING} and next_attempt_at <= $1 {IN_ORDER} limit $2) \
            as waiting"
    );
    let values = [now_ms.into(), (most + 2 * MAX_BACKLOG).into()];
    let row = db.read.query_one_raw(Statement::from_sql_and_values(db.backend, sql, values)).await?;
    Ok(row.context("a count is one row")?.try_get_by_index(0)?)
}
