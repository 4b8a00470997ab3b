//! The background loop: applies what is pending, soon after it was kept.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    batch_size::BatchSize,
    changes::Changes,
    courtesy::Courtesy,
    payload::IdSpace,
    worker::{Drained, Outage, Step, Worker},
};
use crate::{
    database::{Database, Part},
    inbox::Traffic,
    time::now_ms,
};

/// How often to look without being woken: for events that other processes kept, for those whose next
/// attempt is due, and to keep or take over the lease.
const POLL: Duration = Duration::from_secs(1);
/// The longest pause while the database cannot be used.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a step may take at first. What `PostgreSQL` is asked over a connection that was cut without
/// a word is never answered: its machine is gone, or something on the way has forgotten the connection.
const STEP_LIMIT: Duration = Duration::from_secs(20);

/// Applies kept events to the tables, in the background.
pub struct Projector {
    worker: Worker,
    wake: Arc<Notify>,
    courtesy: Option<Courtesy>,
    /// When it stepped last: milliseconds since 1970.
    stepped_at: i64,
}

impl Projector {
    /// A projector that looks when `wake` is notified, and every second.
    #[must_use]
    pub fn new(db: Database, wake: Arc<Notify>, changes: Changes) -> Self {
        Self { worker: Worker::new(db, changes), wake, courtesy: None, stepped_at: 0 }
    }

    /// Says whether events of v1 and v2 name the same objects by the same ids.
    #[must_use]
    pub fn with_ids(mut self, ids: IdSpace) -> Self {
        self.worker.ids = ids;
        self
    }

    /// Lets deliveries pass while more come than it can follow; and where inbox and projector take turns to write, takes
    /// batches that do not keep the inbox waiting for long.
    #[must_use]
    pub fn beside_senders(mut self, traffic: Traffic) -> Self {
        let takes_turns = self.worker.db().is_sqlite();
        self.courtesy = Some(Courtesy::towards(traffic));
        if takes_turns {
            self.worker.batch = BatchSize::short();
        }
        self
    }

    /// Runs until `shutdown`; finishes the batch at hand and gives the lease back.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut outages = 0;
        while !shutdown.is_cancelled() {
            if let Some(courtesy) = &mut self.courtesy {
                self.worker.batch.is_gentle = courtesy.is_gentle(Instant::now());
            }
            let step = self.step(outages).await;
            if step.is_ok() {
                self.worker.db().outages.works(Part::Projector);
            }
            match step {
                Ok(Step::Worked) => {
                    outages = 0;
                    self.let_deliveries_pass(&shutdown).await;
                }
                Ok(Step::Idle | Step::NotOurs) => {
                    outages = 0;
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = self.wake.notified() => {}
                        () = sleep(POLL) => {}
                    }
                }
                Err(outage) => {
                    let pause = POLL.saturating_mul(1 << outages.min(5)).min(LONGEST_PAUSE);
                    outages += 1;
                    self.worker.db().outages.failed(Part::Projector, &outage);
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        // Something was kept, so the database is back.
                        () = self.wake.notified() => {}
                        () = sleep(pause) => {}
                    }
                }
            }
        }
        if let Err(outage) = self.worker.release().await {
            tracing::warn!("the lease was not given back and lapses by itself: {outage}");
        }
    }

    /// Rests while more deliveries come than it can follow.
    async fn let_deliveries_pass(&mut self, shutdown: &CancellationToken) {
        if let Some(courtesy) = &mut self.courtesy {
            let rest = courtesy.rest(self.worker.work, Instant::now());
            if !rest.is_zero() {
                shutdown.run_until_cancelled(sleep(rest)).await;
            }
        }
    }

    /// A step, with twice the time after each outage: it may be slow work after all. `SQLite` has no
    /// connection to lose, and takes the time it needs. No two steps say the same time: so what a subscriber was
    /// sent of one commit is not taken for a change of the next.
    async fn step(&mut self, outages: u32) -> Result<Step, Outage> {
        self.stepped_at = now_ms().max(self.stepped_at + 1);
        if self.worker.db().is_sqlite() {
            return self.worker.step(self.stepped_at).await;
        }
        let limit = STEP_LIMIT.saturating_mul(1 << outages.min(5));
        timeout(limit, self.worker.step(self.stepped_at)).await.unwrap_or_else(|_| {
            self.worker.has_failed();
            Err(Outage::silence())
        })
    }
}

/// Applies everything that is pending now, and returns what became of it.
///
/// # Errors
/// When another process projects this database at the moment, or the database cannot be used.
pub async fn drain(db: &Database, changes: &Changes, now_ms: i64) -> anyhow::Result<Drained> {
    let mut worker = Worker::new(db.clone(), changes.clone());
    let drained = loop {
        match worker.step(now_ms).await {
            Ok(Step::Worked) => {}
            Ok(Step::Idle) => break Ok(worker.drained),
            Ok(Step::NotOurs) => break Err(anyhow::anyhow!("another process applies this database's events")),
            Err(outage) => break Err(outage.into()),
        }
    };
    worker.release().await?;
    drained
}
