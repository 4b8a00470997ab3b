//! Brings a story into a database the way webhooks come: recognised and redacted, kept by the inbox,
//! applied by the projection. Making, keeping and applying overlap, each at most some batches ahead
//! of the next, so memory does not grow with the story.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use sea_orm::{ConnectionTrait as _, Statement};
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{Plan, Story};
use crate::{
    database::{
        Database,
        by_status::{IN_ORDER, PENDING},
    },
    inbox::{Delivery, Inbox, InsertError, Receipt},
    projection::{Changes, Projector, ProjectorConfig},
    webhook::{Endpoints, parse_delivery},
};

/// Deliveries that are made together.
const BATCH: usize = 500;
/// Deliveries that wait for their commit: enough that the inbox never runs short.
const KEEPING: usize = 2000;
/// Batches that are made before they can be kept.
const AHEAD: usize = 2;
/// Stored events that may wait to be applied.
const BACKLOG: i64 = 4000;
/// How often to look whether they were.
const LOOK: Duration = Duration::from_millis(20);
/// When to give up looking at a backlog that stays as it is.
const STUCK: Duration = Duration::from_secs(60);

/// How far a fill has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Leads whose signup is kept.
    pub leads: u64,
    /// Events that are kept.
    pub events: u64,
    /// Those of them that had been kept before.
    pub duplicates: u64,
}

struct Batch {
    deliveries: Vec<Delivery>,
    /// Leads of the story up to the end of this batch.
    leads: u64,
}

/// Fills a migrated database with what `plan` tells, and waits until it is applied, here or by a
/// server that runs on the same database; `progress` is called after each batch. A second time finds
/// everything there and changes nothing.
///
/// # Errors
/// When the database cannot be written to. What is kept by then stays, and another call goes on.
pub async fn fill(
    db: &Database,
    plan: Plan,
    now_ms: fn() -> i64,
    mut progress: impl FnMut(Filled),
) -> anyhow::Result<Filled> {
    let stop = CancellationToken::new();
    // However this ends, what runs beside it ends with it.
    let _stop = stop.clone().drop_guard();
    let inbox = Inbox::start(db.clone(), stop.clone());
    let projector = Projector::new(db.clone(), Changes::default(), ProjectorConfig::default());
    let projector = tokio::spawn(projector.run(inbox.wake(), stop.clone()));
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let maker = spawn_blocking(move || make(plan, now_ms, &sender));
    let mut filled = Filled::default();
    let mut keeping = JoinSet::new();
    while let Some(batch) = batches.recv().await {
        filled.events += batch.deliveries.len() as u64;
        for delivery in batch.deliveries {
            let inbox = inbox.clone();
            keeping.spawn(async move { inbox.insert(delivery).await });
        }
        filled.duplicates += until_kept(&mut keeping, KEEPING).await?;
        filled.leads = batch.leads;
        progress(filled);
        until_applied(db, BACKLOG, now_ms).await?;
    }
    filled.duplicates += until_kept(&mut keeping, 0).await?;
    maker.await?;
    until_applied(db, 0, now_ms).await?;
    stop.cancel();
    inbox.stopped().await;
    projector.await?;
    Ok(filled)
}

/// Makes all batches; ends early when nobody wants them any more.
fn make(plan: Plan, now_ms: fn() -> i64, batches: &mpsc::Sender<Batch>) {
    let endpoints = Endpoints::new(&[]);
    let mut story = Story::new(plan);
    loop {
        let events = story.by_ref().take(BATCH);
        let deliveries: Vec<_> =
            events.map(|event| parse_delivery(&Bytes::from(event.body), &endpoints, now_ms())).collect();
        let leads = story.leads();
        if deliveries.is_empty() || batches.blocking_send(Batch { deliveries, leads }).is_err() {
            return;
        }
    }
}

/// Waits until no more than `most` deliveries wait for their commit; gives how many were duplicates.
async fn until_kept(keeping: &mut JoinSet<Result<Receipt, InsertError>>, most: usize) -> anyhow::Result<u64> {
    let mut duplicates = 0;
    while keeping.len() > most
        && let Some(kept) = keeping.join_next().await
    {
        duplicates += u64::from(kept?.context("cannot keep an event")?.duplicate);
    }
    Ok(duplicates)
}

/// Waits until no more than `most` events wait to be applied.
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
        anyhow::ensure!(since.elapsed() < STUCK, "events are kept, but nothing has applied them for a minute");
        sleep(LOOK).await;
    }
}

/// How many events could be applied now; counts no further than a backlog beyond `most`.
async fn waiting(db: &Database, most: i64, now_ms: i64) -> anyhow::Result<i64> {
    let sql = format!(
        "select count(*) from (select 1 from webhook_event where {PENDING} and next_attempt_at <= $1 {IN_ORDER} limit $2) \
            as waiting"
    );
    let values = [now_ms.into(), (most + 2 * BACKLOG).into()];
    let row = db.read.query_one_raw(Statement::from_sql_and_values(db.backend, sql, values)).await?;
    Ok(row.context("a count is one row")?.try_get_by_index(0)?)
}
