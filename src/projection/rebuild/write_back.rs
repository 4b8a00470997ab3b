//! Brings the tables to the state of their shadows: writes the rows that differ, and deletes those without an event.
//! Empty rows come first, then their contents, so that every foreign key finds its row.

use std::collections::{BTreeMap, BTreeSet};

use entity::MirroredTable;

use super::{
    OnProgress, RebuildProgress, diff, lineage_diff,
    retain::{self, keys_of},
    shadow_tables::ShadowTables,
};
use crate::{
    database::Database,
    projection::{
        changes::{Change, Changes, Commit},
        lease::Lease,
        merge::RowState,
        mirror,
        store::{
            self, ApplyError, ColumnBatch, StoredRow, TokenCutoffs, Transaction,
            lineage::{LINEAGE_TABLES, LineageTable},
            sql,
        },
    },
    value_times::ValueTimes,
};

/// Counts of what was written and deleted.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteBackCounts {
    /// Rows.
    pub rows: u64,
    /// Lineage pairs.
    pub lineage: u64,
}

/// Writes and deletes.
pub async fn write_back(
    db: &Database,
    shadow: &ShadowTables,
    changes: &Changes,
    lease: &Lease,
    clock: fn() -> i64,
    on_progress: OnProgress<'_>,
) -> anyhow::Result<WriteBackCounts> {
    let mut total = diff::count(shadow, "balance").await?;
    for table in MirroredTable::ALL {
        total += diff::count(shadow, table.name()).await?;
    }
    for pairs in LINEAGE_TABLES.iter() {
        total += lineage_diff::find(shadow, pairs).await?;
    }
    let mut writer = WriteBack { db, shadow, changes, lease, clock };
    let mut done = 0;
    for phase in [Phase::Insert, Phase::Fill] {
        for table in MirroredTable::ALL {
            let rows = writer.table(table, phase).await?;
            if phase == Phase::Fill {
                done += rows;
                on_progress(RebuildProgress::Writing { done, total });
            }
        }
    }
    done += writer.balances().await?;
    on_progress(RebuildProgress::Writing { done, total });
    for phase in [Phase::Release, Phase::Delete] {
        for table in MirroredTable::ALL.into_iter().rev() {
            let rows = writer.table(table, phase).await?;
            if phase == Phase::Delete {
                done += rows;
                on_progress(RebuildProgress::Writing { done, total });
            }
        }
    }
    let mut lineage = 0;
    for pairs in LINEAGE_TABLES.iter() {
        lineage += writer.lineage(pairs).await?;
        on_progress(RebuildProgress::Writing { done: done + lineage, total });
    }
    Ok(WriteBackCounts { rows: done, lineage })
}

/// What is done to the rows that differ, table by table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Missing rows are inserted, empty.
    Insert,
    /// Rows get the values of their shadows.
    Fill,
    /// Rows that are to be deleted lose their references.
    Release,
    /// They are deleted.
    Delete,
}

struct WriteBack<'a> {
    db: &'a Database,
    shadow: &'a ShadowTables,
    changes: &'a Changes,
    lease: &'a Lease,
    clock: fn() -> i64,
}

/// The change times of the values of a row that is written now.
fn times(table: MirroredTable, before: Option<&StoredRow>, row: &RowState, now: i64) -> ValueTimes {
    let Some(before) = before.filter(|stored| !stored.row.field_clocks.is_empty()) else { return ValueTimes::all(now) };
    let mut times = before.value_times.clone();
    let cells = before.row.cells.iter().zip(&row.cells).zip(&mirror::spec(table).registers);
    times.set(now, cells.filter(|((before, cell), _)| before != cell).map(|(_, column)| column.name));
    times
}

impl WriteBack<'_> {
    /// Runs one phase for all rows of a table that differ; returns how many.
    async fn table(&mut self, table: MirroredTable, phase: Phase) -> anyhow::Result<u64> {
        let spec = mirror::spec(table);
        let (mut after, mut done) = (None, 0);
        loop {
            let keys = diff::next::<i64>(self.shadow, spec.name, after).await?;
            let Some(last) = keys.last() else { return Ok(done) };
            after = Some(*last);
            let mut shadow = Transaction::begin_temporary(&self.shadow.db).await?;
            let rows = shadow.read(&sql::of(table).read, spec, keys_of(&keys)).await?;
            shadow.commit().await?;
            let there: BTreeSet<_> = rows.iter().map(|stored| stored.id).collect();
            let gone: Vec<_> = keys.into_iter().filter(|key| !there.contains(key)).collect();
            done += match phase {
                Phase::Insert | Phase::Fill => self.write(table, phase, &rows).await?,
                Phase::Release | Phase::Delete => self.delete(table, phase, &gone).await?,
            };
        }
    }

    async fn write(&mut self, table: MirroredTable, phase: Phase, rows: &[StoredRow]) -> Result<u64, ApplyError> {
        if rows.is_empty() {
            return Ok(0);
        }
        // Nothing else writes them: the lease is ours.
        let keys: Vec<_> =
            if phase == Phase::Fill { rows.iter().map(|stored| stored.id).collect() } else { Vec::new() };
        let before = retain::live_rows(self.db, table, &keys).await?;
        let before: BTreeMap<_, _> = before.into_iter().map(|stored| (stored.id, stored)).collect();
        let now = (self.clock)();
        let mut transaction = self.begin(now).await?;
        if phase == Phase::Insert {
            let keys = ColumnBatch::ints(rows.iter().map(|stored| stored.id));
            let times = ColumnBatch::ints(rows.iter().map(|_| now));
            let made =
                transaction.write_returning_keys(&sql::of(table).stubs, vec![keys, times.clone(), times]).await?;
            self.commit(transaction, table, made, now).await?;
            return Ok(0);
        }
        let times: Vec<_> = rows.iter().map(|stored| times(table, before.get(&stored.id), &stored.row, now)).collect();
        let columns: Vec<_> =
            rows.iter().zip(&times).map(|(stored, times)| (stored.id, &stored.row, now, times)).collect();
        transaction.write(&sql::of(table).upsert, store::upsert_columns(table, &columns, now)).await?;
        if table == MirroredTable::Promoter {
            let mut token_cutoffs = TokenCutoffs::default();
            for stored in rows {
                token_cutoffs.promoter_rebuilt(
                    stored.id,
                    before.get(&stored.id).map(|before| &before.row),
                    &stored.row,
                    now,
                );
            }
            transaction.run(token_cutoffs.statements().collect()).await?;
        }
        self.commit(transaction, table, rows.iter().map(|stored| stored.id).collect(), now).await?;
        Ok(rows.len() as u64)
    }

    async fn delete(&mut self, table: MirroredTable, phase: Phase, keys: &[i64]) -> Result<u64, ApplyError> {
        let table_sql = sql::of(table);
        let statement = if phase == Phase::Release { table_sql.release.as_ref() } else { Some(&table_sql.remove) };
        let (Some(statement), false) = (statement, keys.is_empty()) else { return Ok(0) };
        let now = (self.clock)();
        let mut transaction = self.begin(now).await?;
        transaction.write(statement, vec![keys_of(keys)]).await?;
        self.commit(transaction, table, keys.to_vec(), now).await?;
        Ok(keys.len() as u64)
    }

    /// The balances: derived from promoters, and nothing refers to them.
    async fn balances(&mut self) -> anyhow::Result<u64> {
        let (mut after, mut done) = (None, 0);
        loop {
            let ids = diff::next::<String>(self.shadow, "balance", after).await?;
            let Some(last) = ids.last() else { return Ok(done) };
            after = Some(last.clone());
            done += ids.len() as u64;
            let rows = self.shadow.balances(&ids).await?;
            // An id is `promoter:kind:unit`. Balances are shown with their promoter, so that is what changed.
            let promoters: BTreeSet<_> = ids.iter().filter_map(|id| id.split(':').next()?.parse().ok()).collect();
            let now = (self.clock)();
            let mut transaction = self.begin(now).await?;
            transaction.write(&sql::DELETE_BALANCES, vec![ColumnBatch::texts(ids)]).await?;
            if let Some(rows) = rows {
                transaction.write(&sql::UPSERT_BALANCES, rows).await?;
            }
            self.commit(transaction, MirroredTable::Promoter, promoters.into_iter().collect(), now).await?;
        }
    }

    /// The lineage.
    async fn lineage(&mut self, pairs: &'static LineageTable) -> anyhow::Result<u64> {
        let (mut before, mut done) = (None, 0);
        while let Some(batch) = lineage_diff::next(self.shadow, pairs, before.as_ref()).await? {
            let now = (self.clock)();
            let mut transaction = self.begin(now).await?;
            for (sql, values) in [(&pairs.add, &batch.missing), (&pairs.remove, &batch.wrong)] {
                if let Some(values) = values {
                    done += transaction.write(sql, values.clone()).await?;
                }
            }
            self.commit(transaction, pairs.table, batch.rows.clone(), now).await?;
            before = Some(batch);
        }
        Ok(done)
    }

    /// A transaction under the lease, so that no other process projects at the same time.
    async fn begin(&self, now_ms: i64) -> Result<Transaction, ApplyError> {
        let mut transaction = Transaction::begin(self.db).await?;
        let held = transaction.fence(self.lease.owner(), self.lease.token(), self.lease.extended(now_ms)).await?;
        if held { Ok(transaction) } else { Err(ApplyError::NotOurs) }
    }

    /// Commits changes to these rows, and publishes them.
    async fn commit(
        &self,
        mut transaction: Transaction,
        table: MirroredTable,
        rows: Vec<i64>,
        now_ms: i64,
    ) -> Result<(), ApplyError> {
        let entity = table.name();
        let rows = rows.into_iter().map(|id| Change { entity, id }).collect();
        let commit = Commit { rows, at: now_ms, event: None };
        if !commit.rows.is_empty() {
            transaction.insert_notice(&commit).await?;
        }
        transaction.commit().await?;
        self.changes.publish_commit(commit);
        Ok(())
    }
}
