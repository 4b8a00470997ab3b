//! Applied events in blocks of ascending ids, and which of them were told.
//!
//! Events may become applied behind the reader: they are kept with ids out of order, fail and are
//! replayed, or wait in a spool. So every block remembers what it held; its ids are cheap to read
//! again (an index has them), and a block that holds others now is told once more.

use sea_orm::{ConnectionTrait as _, FromQueryResult as _, Statement, Value};
use sha2::{Digest as _, Sha256};

use super::shadow::{AppliedEvent, Judgement, Shadow};
use crate::{
    database::{Database, lists, portion},
    projection::store::{ColumnBatch, Transaction, sql},
};

/// Events in a block.
const BLOCK_EVENTS: i64 = 5_000;
/// No more bodies are held at once than this, unless a single one is larger.
const BODY_BYTES: i64 = 8 * 1024 * 1024;

/// The blocks that were told.
#[derive(Default)]
pub struct Blocks {
    blocks: Vec<Block>,
    /// Events that were looked for, pruned ones included.
    gone_through: u64,
}

struct Block {
    last: String,
    /// Of its events, those that were told: the others were pruned.
    told: u64,
    ids: [u8; 32],
}

impl Block {
    fn of(ids: &[String], last: &str, told: u64) -> Self {
        let mut hash = Sha256::new();
        for id in ids {
            hash.update(id);
            hash.update([0]);
        }
        Self { last: last.to_owned(), told, ids: hash.finalize().into() }
    }
}

impl Blocks {
    /// Events that were told.
    pub fn told(&self) -> u64 {
        self.blocks.iter().map(|block| block.told).sum()
    }

    /// Tells the events behind the last block, and says after each step how many it has gone through.
    pub async fn tell_new(
        &mut self,
        db: &Database,
        shadow: &mut Shadow,
        now_ms: i64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> anyhow::Result<()> {
        loop {
            let after = self.blocks.last().map_or("", |block| block.last.as_str());
            let ids = ids(db, after, None).await?;
            let Some(last) = ids.last() else { return Ok(()) };
            let told = tell(db, shadow, &ids, now_ms, &mut |events| {
                self.gone_through += events;
                progress(self.gone_through);
            })
            .await?;
            self.blocks.push(Block::of(&ids, last, told));
        }
    }

    /// Tells the blocks again that hold other events than they did.
    pub async fn tell_changed(&mut self, db: &Database, shadow: &mut Shadow, now_ms: i64) -> anyhow::Result<()> {
        let mut after = String::new();
        for block in &mut self.blocks {
            let ids = ids(db, &after, Some(&block.last)).await?;
            after.clone_from(&block.last);
            let now = Block::of(&ids, &block.last, 0);
            if now.ids != block.ids {
                *block = Block { told: tell(db, shadow, &ids, now_ms, &mut |_| {}).await?, ..now };
            }
        }
        Ok(())
    }
}

/// Tells the events that were applied and now wait to be applied again, or failed to be: what they
/// told is in the tables.
pub async fn tell_waiting(db: &Database, shadow: &mut Shadow, now_ms: i64) -> anyhow::Result<()> {
    let sql = "select id from webhook_event where status in ('pending', 'failed') and applied_at is not null \
        and id > $1 order by id limit $2";
    let mut after = String::new();
    loop {
        let statement = Statement::from_sql_and_values(db.backend, sql, [after.into(), BLOCK_EVENTS.into()]);
        let rows = db.read.query_all_raw(statement).await?;
        let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = last.clone();
        tell(db, shadow, &ids, now_ms, &mut |_| {}).await?;
    }
}

/// How many events are applied.
pub async fn applied(db: &Database) -> anyhow::Result<u64> {
    let count = "select count(*) from webhook_event where status = 'applied'";
    let row = db.read.query_one_raw(Statement::from_string(db.backend, count)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

/// The applied events after one id: up to another, or a block of them.
async fn ids(db: &Database, after: &str, until: Option<&str>) -> anyhow::Result<Vec<String>> {
    let (sql, bound): (_, Value) = match until {
        Some(until) => {
            ("select id from webhook_event where status = 'applied' and id > $1 and id <= $2 order by id", until.into())
        }
        None => (
            "select id from webhook_event where status = 'applied' and id > $1 order by id limit $2",
            BLOCK_EVENTS.into(),
        ),
    };
    let rows = db.read.query_all_raw(Statement::from_sql_and_values(db.backend, sql, [after.into(), bound])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// Tells these events, as far as their bodies are there; gives how many were.
async fn tell(
    db: &Database,
    shadow: &mut Shadow,
    ids: &[String],
    now_ms: i64,
    progress: &mut (dyn FnMut(u64) + Send),
) -> anyhow::Result<u64> {
    let (among, list) = (lists::among(db.backend, 1), lists::parameter(db.backend, ids.to_vec()));
    let sizes = format!("select id, {} from webhook_event where id {among} order by id", portion::BODY_BYTES);
    let sizes = db.read.query_all_raw(Statement::from_sql_and_values(db.backend, sizes, [list])).await?;
    let (mut rest, mut told) = (sizes.as_slice(), 0);
    while !rest.is_empty() {
        let part = portion::within(BODY_BYTES, rest)?;
        rest = &rest[part.len()..];
        told += tell_part(db, shadow, &part, now_ms).await?;
        progress(part.len() as u64);
    }
    Ok(told)
}

async fn tell_part(db: &Database, shadow: &mut Shadow, ids: &[String], now_ms: i64) -> anyhow::Result<u64> {
    let (among, list) = (lists::among(db.backend, 1), lists::parameter(db.backend, ids.to_vec()));
    let sql = format!(
        "select id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, attempts, \
            coalesce(applied_at, received_at) as applied_at, warnings \
            from webhook_event where id {among} and body is not null order by id"
    );
    let statement = Statement::from_sql_and_values(db.backend, sql, [list]);
    let events = AppliedEvent::find_by_statement(statement).all(&db.read).await?;
    let judged = shadow.tell(&events, now_ms).await?;
    if !judged.is_empty() {
        write(db, judged).await?;
    }
    Ok(events.len() as u64)
}

/// Writes what is known of these events now. Nothing that the projector does at the same time is in the way:
/// it judges alike, and marks no event that is applied.
async fn write(db: &Database, judged: Vec<Judgement>) -> anyhow::Result<()> {
    let (mut ids, mut warnings, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for judgement in judged {
        ids.push(judgement.id);
        warnings.push(judgement.warnings);
        times.push(judgement.occurred_at);
    }
    let columns = vec![ColumnBatch::texts(ids), ColumnBatch::Texts(warnings), ColumnBatch::Ints(times)];
    let mut transaction = Transaction::begin(db).await?;
    transaction.write(&sql::UPDATE_WARNINGS, columns).await?;
    Ok(transaction.commit().await?)
}
