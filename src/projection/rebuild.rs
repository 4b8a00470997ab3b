//! Rebuilds the mirrored tables from the stored events, beside a running server.
//!
//! 1. **Merge all events into shadow tables.** A dedicated connection gets empty temporary tables with the names of
//!    the mirrored ones ([`shadow_tables`]). Every applied event is read and merged into them, by the projector's own
//!    code and statements: on that connection the names mean the temporary tables. The projector goes on meanwhile.
//!    Events that it applies behind the reader are found by comparing ids block by block ([`event_blocks`]), and
//!    merged then: merging twice is harmless.
//! 2. **Take over the lease** from the projector. From now on nothing else writes the tables; new events are stored
//!    and wait. The last events are merged, and the rows that differ are found ([`diff`]).
//! 3. **Retain what cannot be reproduced** ([`retain`]): rows with later values than the stored events give, because
//!    those events were pruned (or the values came from the backfill). They stay as they are.
//! 4. **Write the rows that differ** ([`write_back`]), and their lineage ([`lineage_diff`]), in steps of some hundred
//!    rows, each a transaction with the lease's token. Then the lease is released.
//!
//! Readers see every row either as before or as after. A crash leaves only rows that are right already: temporary
//! tables go with their connection, the lease lapses, and another rebuild does the rest. Where nothing differs,
//! nothing is written.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{
    changes::Changes,
    digest::{self, Digest},
    lease::Lease,
    store::sql::TABLE_CONTENTS,
};
use crate::database::Database;

mod diff;
mod event_blocks;
mod lineage_diff;
mod retain;
mod shadow_tables;
mod write_back;

use event_blocks::EventBlocks;
use shadow_tables::ShadowTables;

/// How often the lease is extended.
const EXTEND_INTERVAL: Duration = Duration::from_millis(500);

/// The result of a rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildReport {
    /// Events that were merged again.
    pub events: u64,
    /// The tables before.
    pub before: Digest,
    /// The tables after.
    pub after: Digest,
    /// Rows that were written or removed.
    pub changed: u64,
    /// Lineage (pairs of a row and an event that contributed to it) that was written or removed.
    pub lineage: u64,
    /// The rows that the stored events cannot reproduce, by table: they stay as they are.
    pub retained: BTreeMap<&'static str, Vec<i64>>,
    /// Our own ids of events that were applied once and have no effect any more.
    pub without_effect: BTreeSet<String>,
}

/// The progress of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildProgress {
    /// Events are merged into the shadow tables.
    Merging {
        /// Events merged.
        done: u64,
        /// Events in all.
        total: u64,
    },
    /// The tables are compared; the projector waits.
    Comparing,
    /// Rows that differ are written.
    Writing {
        /// Rows written.
        done: u64,
        /// Rows in all.
        total: u64,
    },
}

/// Called with the progress of a rebuild.
pub type OnProgress<'a> = &'a mut (dyn FnMut(RebuildProgress) + Send);

/// Rebuilds all mirrored tables. `clock` gives the time in milliseconds since 1970 UTC.
///
/// # Errors
/// When the database cannot be used, or another rebuild takes over.
pub async fn rebuild(
    db: &Database,
    changes: &Changes,
    clock: fn() -> i64,
    on_progress: OnProgress<'_>,
) -> anyhow::Result<RebuildReport> {
    let mut shadow = ShadowTables::open(db).await.context("cannot make temporary tables")?;
    let mut blocks = EventBlocks::default();
    let total = event_blocks::count_applied(db).await?;
    // Twice, so that little is left for the time in which the projector waits.
    for _ in 0..2 {
        blocks
            .merge_new(db, &mut shadow, clock(), &mut |done| {
                on_progress(RebuildProgress::Merging { done, total: total.max(done) });
            })
            .await?;
        blocks.merge_changed(db, &mut shadow, clock()).await?;
    }

    let held = HeldLease::take_over(db, clock).await?;
    on_progress(RebuildProgress::Comparing);
    blocks.merge_new(db, &mut shadow, clock(), &mut |_| {}).await?;
    blocks.merge_changed(db, &mut shadow, clock()).await?;
    event_blocks::merge_pending(db, &mut shadow, clock()).await?;
    let before = digest::digest(db).await?;
    // Balances are derived from promoters, also from retained ones.
    let (balances, tables): (Vec<_>, Vec<_>) = TABLE_CONTENTS.iter().partition(|content| content.name == "balance");
    for content in tables {
        diff::find(&shadow, content).await?;
    }
    let retained = retain::retain(db, &shadow, clock()).await?;
    for content in balances {
        diff::find(&shadow, content).await?;
    }
    let written = write_back::write_back(db, &shadow, changes, &held.lease, clock, on_progress).await?;
    let after = if written.rows == 0 { before.clone() } else { digest::digest(db).await? };
    held.release(db).await?;
    let without_effect = shadow.close().await?;
    let (events, lineage) = (blocks.merged(), written.lineage);
    Ok(RebuildReport { events, before, after, changed: written.rows, lineage, retained, without_effect })
}

/// The lease, extended as long as this lives.
struct HeldLease {
    lease: Lease,
    heartbeat: JoinHandle<()>,
}

impl HeldLease {
    async fn take_over(db: &Database, clock: fn() -> i64) -> anyhow::Result<Self> {
        let owner: Arc<str> = format!("rebuild {}", Uuid::now_v7()).into();
        let lease = Lease::take_over(db, &owner, clock()).await.context("cannot take the projector's lease")?;
        let (db, mut extending) = (db.clone(), lease.clone());
        let heartbeat = tokio::spawn(async move {
            loop {
                tokio::time::sleep(EXTEND_INTERVAL).await;
                match extending.extend(&db, clock()).await {
                    Ok(true) => {}
                    // Taken over by another: the next write is refused, and reports it.
                    Ok(false) => return,
                    Err(error) => tracing::warn!(%error, "the projector's lease was not extended"),
                }
            }
        });
        Ok(Self { lease, heartbeat })
    }

    async fn release(self, db: &Database) -> anyhow::Result<()> {
        self.heartbeat.abort();
        Ok(self.lease.clone().release(db).await?)
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        self.heartbeat.abort();
    }
}
