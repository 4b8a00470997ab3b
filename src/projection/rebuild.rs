//! Makes the mirrored tables again from the stored events, beside a running server.
//!
//! 1. **Tell everything again, aside.** A connection of its own gets empty temporary tables with the
//!    names of the mirrored ones ([`shadow`]). Every applied event is read and merged into them, by
//!    the same code and statements as the projector's: on that connection the names mean the
//!    temporary tables. The projector goes on meanwhile. What it applied behind the reader's back is
//!    found by comparing ids block by block ([`blocks`]), and told then: merging twice is harmless.
//! 2. **Take the lease** from the projector. From now on nothing else writes the tables; new events
//!    are kept and wait. The last events are told, and the rows that differ are found ([`compare`]).
//! 3. **Keep what cannot be told again** ([`keep`]): rows that know something later than the stored
//!    events tell, because those were pruned (or it came from the backfill). They stay as they are.
//! 4. **Write the rows that differ** ([`replace`]), and which events told them ([`links`]), in statements of some
//!    hundred rows, each a transaction with the lease's token. Then the lease is given back.
//!
//! Readers see every row as it was or as it will be. A crash leaves nothing behind but rows that are
//! right already: temporary tables go with their connection, the lease lapses, and another rebuild
//! does the rest. Where nothing is wrong nothing is written at all.

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

mod blocks;
mod compare;
mod keep;
mod links;
mod replace;
mod shadow;

use blocks::Blocks;
use shadow::Shadow;

/// How often the lease is extended.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Events that were told again.
    pub events: u64,
    /// The tables before.
    pub before: Digest,
    /// The tables after.
    pub after: Digest,
    /// Rows that were written or removed.
    pub changed: u64,
    /// LineageTable of a row and an event that told it that were written or removed.
    pub links: u64,
    /// The rows that the stored events cannot tell again, by table: they stay as they are.
    pub kept: BTreeMap<&'static str, Vec<i64>>,
    /// Our own ids of events that were applied once and tell nothing any more.
    pub silent: BTreeSet<String>,
}

/// How far a rebuild is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many events were told again.
    Telling {
        /// Events told.
        done: u64,
        /// Events in all.
        total: u64,
    },
    /// The tables are compared; the projector waits.
    Comparing,
    /// So many of so many rows that differ were written.
    Writing {
        /// Rows written.
        done: u64,
        /// Rows in all.
        total: u64,
    },
}

/// Hears how far a rebuild is.
pub type Watch<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Makes all mirrored tables again. `clock` tells the time in milliseconds since 1970 UTC.
///
/// # Errors
/// When the database cannot be used, or another rebuild takes over.
pub async fn rebuild(
    db: &Database,
    changes: &Changes,
    clock: fn() -> i64,
    watch: Watch<'_>,
) -> anyhow::Result<Rebuilt> {
    let mut shadow = Shadow::open(db).await.context("cannot make temporary tables")?;
    let mut blocks = Blocks::default();
    let total = blocks::applied(db).await?;
    // Twice, so that little is left to do while the projector waits.
    for _ in 0..2 {
        blocks
            .tell_new(db, &mut shadow, clock(), &mut |done| watch(Progress::Telling { done, total: total.max(done) }))
            .await?;
        blocks.tell_changed(db, &mut shadow, clock()).await?;
    }

    let held = Held::seize(db, clock).await?;
    watch(Progress::Comparing);
    blocks.tell_new(db, &mut shadow, clock(), &mut |_| {}).await?;
    blocks.tell_changed(db, &mut shadow, clock()).await?;
    blocks::tell_waiting(db, &mut shadow, clock()).await?;
    let before = digest::digest(db).await?;
    // Balances follow from promoters, also from those that stay as they are.
    let (balances, tables): (Vec<_>, Vec<_>) = TABLE_CONTENTS.iter().partition(|content| content.name == "balance");
    for content in tables {
        compare::find(&shadow, content).await?;
    }
    let kept = keep::keep(db, &shadow, clock()).await?;
    for content in balances {
        compare::find(&shadow, content).await?;
    }
    let written = replace::replace(db, &shadow, changes, &held.lease, clock, watch).await?;
    let after = if written.rows == 0 { before.clone() } else { digest::digest(db).await? };
    held.release(db).await?;
    let silent = shadow.close().await?;
    Ok(Rebuilt { events: blocks.told(), before, after, changed: written.rows, links: written.links, kept, silent })
}

/// The lease, extended as long as this lives.
struct Held {
    lease: Lease,
    heart: JoinHandle<()>,
}

impl Held {
    async fn seize(db: &Database, clock: fn() -> i64) -> anyhow::Result<Self> {
        let owner: Arc<str> = format!("rebuild {}", Uuid::now_v7()).into();
        let lease = Lease::seize(db, &owner, clock()).await.context("cannot take the projector's lease")?;
        let (db, mut beating) = (db.clone(), lease.clone());
        let heart = tokio::spawn(async move {
            loop {
                tokio::time::sleep(HEARTBEAT).await;
                match beating.keep(&db, clock()).await {
                    Ok(true) => {}
                    // The next step is refused and says so.
                    Ok(false) => return,
                    Err(error) => tracing::warn!(%error, "the projector's lease was not extended"),
                }
            }
        });
        Ok(Self { lease, heart })
    }

    async fn release(self, db: &Database) -> anyhow::Result<()> {
        self.heart.abort();
        Ok(self.lease.clone().release(db).await?)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.heart.abort();
    }
}
