//! Applied events in blocks of ascending ids, and which of them were merged.
//!
//! Events may become applied behind the reader: they are stored with ids out of order, fail and are replayed, or wait
//! in a spool. So every block keeps a hash of its ids. They are cheap to read again (an index has them), and a block
//! whose hash has changed is merged once more.

use sea_orm::{ConnectionTrait as _, FromQueryResult as _, Statement, Value};
use sha2::{Digest as _, Sha256};

use super::shadow_tables::{AppliedEvent, Reassessment, ShadowTables};
use crate::{
    database::{Database, array_param, byte_budget, in_array, take_within_bytes},
    projection::{
        parse::StoredEvent,
        store::{ColumnBatch, Transaction, sql},
    },
};

/// Events in a block.
const BLOCK_ROWS: i64 = 5_000;
/// Size of the bodies in memory at once, unless a single one is larger.
const MAX_BODY_BYTES: i64 = 8 * 1024 * 1024;

/// The blocks that were merged.
#[derive(Default)]
pub struct EventBlocks {
    blocks: Vec<Block>,
    /// Events that were visited, pruned ones included.
    visited: u64,
}

struct Block {
    last: String,
    /// How many of its events were merged: the others were pruned.
    merged: u64,
    ids_hash: [u8; 32],
}

impl Block {
    fn of(ids: &[String], last: &str, merged: u64) -> Self {
        let mut hash = Sha256::new();
        for id in ids {
            hash.update(id);
            hash.update([0]);
        }
        Self { last: last.to_owned(), merged, ids_hash: hash.finalize().into() }
    }
}

impl EventBlocks {
    /// Events that were merged.
    pub fn merged(&self) -> u64 {
        self.blocks.iter().map(|block| block.merged).sum()
    }

    /// Merges the events behind the last block; `progress` gets the number of events visited so far.
    pub async fn merge_new(
        &mut self,
        db: &Database,
        shadow: &mut ShadowTables,
        now_ms: i64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> anyhow::Result<()> {
        loop {
            let after = self.blocks.last().map_or("", |block| block.last.as_str());
            let ids = ids(db, after, None).await?;
            let Some(last) = ids.last() else { return Ok(()) };
            let merged = merge(db, shadow, &ids, now_ms, &mut |events| {
                self.visited += events;
                progress(self.visited);
            })
            .await?;
            self.blocks.push(Block::of(&ids, last, merged));
        }
    }

    /// Merges the blocks again that hold other events than before.
    pub async fn merge_changed(&mut self, db: &Database, shadow: &mut ShadowTables, now_ms: i64) -> anyhow::Result<()> {
        let mut after = String::new();
        for block in &mut self.blocks {
            let ids = ids(db, &after, Some(&block.last)).await?;
            after.clone_from(&block.last);
            let now = Block::of(&ids, &block.last, 0);
            if now.ids_hash != block.ids_hash {
                *block = Block { merged: merge(db, shadow, &ids, now_ms, &mut |_| {}).await?, ..now };
            }
        }
        Ok(())
    }
}

/// Merges the events that were applied before and are now pending again, or failed: their values are in the tables.
pub async fn merge_pending(db: &Database, shadow: &mut ShadowTables, now_ms: i64) -> anyhow::Result<()> {
    let sql = "select id from webhook_event where status in ('pending', 'failed') and applied_at is not null \
        and id > $1 order by id limit $2";
    let mut after = String::new();
    loop {
        let statement = Statement::from_sql_and_values(db.backend, sql, [after.into(), BLOCK_ROWS.into()]);
        let rows = db.read.query_all_raw(statement).await?;
        let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = last.clone();
        merge(db, shadow, &ids, now_ms, &mut |_| {}).await?;
    }
}

/// Counts the applied events.
pub async fn count_applied(db: &Database) -> anyhow::Result<u64> {
    let count = "select count(*) from webhook_event where status = 'applied'";
    let row = db.read.query_one_raw(Statement::from_string(db.backend, count)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

/// Ids of applied events after one id: up to another, or one block.
async fn ids(db: &Database, after: &str, until: Option<&str>) -> anyhow::Result<Vec<String>> {
    let (sql, bound): (_, Value) = match until {
        Some(until) => {
            ("select id from webhook_event where status = 'applied' and id > $1 and id <= $2 order by id", until.into())
        }
        None => (
            "select id from webhook_event where status = 'applied' and id > $1 order by id limit $2",
            BLOCK_ROWS.into(),
        ),
    };
    let rows = db.read.query_all_raw(Statement::from_sql_and_values(db.backend, sql, [after.into(), bound])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// Merges those of these events that still have a body; returns how many.
async fn merge(
    db: &Database,
    shadow: &mut ShadowTables,
    ids: &[String],
    now_ms: i64,
    progress: &mut (dyn FnMut(u64) + Send),
) -> anyhow::Result<u64> {
    let (among, list) = (in_array(db.backend, 1), array_param(db.backend, ids.to_vec()));
    let sizes = format!("select id, {} from webhook_event where id {among} order by id", byte_budget::BODY_BYTES);
    let sizes = db.read.query_all_raw(Statement::from_sql_and_values(db.backend, sizes, [list])).await?;
    let (mut rest, mut merged) = (sizes.as_slice(), 0);
    while !rest.is_empty() {
        let part = take_within_bytes(MAX_BODY_BYTES, rest)?;
        rest = &rest[part.len()..];
        merged += merge_part(db, shadow, &part, now_ms).await?;
        progress(part.len() as u64);
    }
    Ok(merged)
}

async fn merge_part(db: &Database, shadow: &mut ShadowTables, ids: &[String], now_ms: i64) -> anyhow::Result<u64> {
    let (among, list) = (in_array(db.backend, 1), array_param(db.backend, ids.to_vec()));
    let columns = StoredEvent::COLUMNS;
    let sql = format!(
        "select {columns}, coalesce(applied_at, received_at) as applied_at, warnings \
            from webhook_event where id {among} and body is not null order by id"
    );
    let statement = Statement::from_sql_and_values(db.backend, sql, [list]);
    let events = AppliedEvent::find_by_statement(statement).all(&db.read).await?;
    let reassessed = shadow.merge_events(&events, now_ms).await?;
    if !reassessed.is_empty() {
        write(db, reassessed).await?;
    }
    Ok(events.len() as u64)
}

/// Writes reassessments to their events. It cannot conflict with the projector, which assesses events in the same way
/// and marks no event that is applied already.
async fn write(db: &Database, reassessed: Vec<Reassessment>) -> anyhow::Result<()> {
    let (mut ids, mut warnings, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for event in reassessed {
        ids.push(event.id);
        warnings.push(event.warnings);
        times.push(event.occurred_at);
    }
    let columns = vec![ColumnBatch::texts(ids), ColumnBatch::Texts(warnings), ColumnBatch::Ints(times)];
    let mut transaction = Transaction::begin(db).await?;
    transaction.write(&sql::UPDATE_WARNINGS, columns).await?;
    Ok(transaction.commit().await?)
}
