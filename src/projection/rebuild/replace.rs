//! Makes the tables what their shadows are: writes the rows that differ, removes those that no event
//! tells. First come empty rows, then their contents, so that every reference finds its row.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Progress, Watch, compare,
    keep::{self, keys_of},
    links,
    shadow::Shadow,
};
use crate::{
    database::Database,
    projection::{
        changes::{Change, Changes, Commit},
        lease::Lease,
        merge::RowState,
        store::{
            self, ApplyError, ColumnBatch, StoredRow, TokenCutoffs, Transaction,
            lineage::{LINEAGE_TABLES, LineageTable},
            sql,
        },
        tables::Table,
    },
    value_times::ValueTimes,
};

/// What was written and removed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Pairs of a row and an event that told it.
    pub links: u64,
}

/// Writes and removes.
pub async fn replace(
    db: &Database,
    shadow: &Shadow,
    changes: &Changes,
    lease: &Lease,
    clock: fn() -> i64,
    watch: Watch<'_>,
) -> anyhow::Result<Written> {
    let mut total = compare::count(shadow, "balance").await?;
    for table in Table::ALL {
        total += compare::count(shadow, table.spec().name).await?;
    }
    for pairs in LINEAGE_TABLES.iter() {
        total += links::find(shadow, pairs).await?;
    }
    let mut replacement = Replacement { db, shadow, changes, lease, clock };
    let mut done = 0;
    for step in [Step::MakeRows, Step::Fill] {
        for table in Table::ALL {
            let rows = replacement.table(table, step).await?;
            if step == Step::Fill {
                done += rows;
                watch(Progress::Writing { done, total });
            }
        }
    }
    done += replacement.balances().await?;
    watch(Progress::Writing { done, total });
    for step in [Step::Release, Step::Remove] {
        for table in Table::ALL.into_iter().rev() {
            let rows = replacement.table(table, step).await?;
            if step == Step::Remove {
                done += rows;
                watch(Progress::Writing { done, total });
            }
        }
    }
    let mut links = 0;
    for pairs in LINEAGE_TABLES.iter() {
        links += replacement.links(pairs).await?;
        watch(Progress::Writing { done: done + links, total });
    }
    Ok(Written { rows: done, links })
}

/// What is done to the rows that differ, table by table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Rows that are missing come to be, empty.
    MakeRows,
    /// Rows get what the shadow has.
    Fill,
    /// Rows that go refer to nothing any more.
    Release,
    /// They go.
    Remove,
}

struct Replacement<'a> {
    db: &'a Database,
    shadow: &'a Shadow,
    changes: &'a Changes,
    lease: &'a Lease,
    clock: fn() -> i64,
}

/// When the values of a row last changed that is written now.
fn times(table: Table, before: Option<&StoredRow>, row: &RowState, now: i64) -> ValueTimes {
    let Some(before) = before.filter(|stored| !stored.row.field_clocks.is_empty()) else { return ValueTimes::all(now) };
    let mut times = before.value_times.clone();
    let cells = before.row.cells.iter().zip(&row.cells).zip(table.spec().columns);
    times.set(now, cells.filter(|((before, cell), _)| before != cell).map(|(_, column)| column.name));
    times
}

impl Replacement<'_> {
    /// Takes one step for all rows of a table that differ; gives how many.
    async fn table(&mut self, table: Table, step: Step) -> anyhow::Result<u64> {
        let spec = table.spec();
        let (mut after, mut done) = (None, 0);
        loop {
            let keys = compare::next::<i64>(self.shadow, spec.name, after).await?;
            let Some(last) = keys.last() else { return Ok(done) };
            after = Some(*last);
            let mut aside = Transaction::begin_temporary(&self.shadow.db).await?;
            let rows = aside.read(&sql::of(table).read, spec, keys_of(&keys)).await?;
            aside.commit().await?;
            let there: BTreeSet<_> = rows.iter().map(|stored| stored.id).collect();
            let gone: Vec<_> = keys.into_iter().filter(|key| !there.contains(key)).collect();
            done += match step {
                Step::MakeRows | Step::Fill => self.write(table, step, &rows).await?,
                Step::Release | Step::Remove => self.take_away(table, step, &gone).await?,
            };
        }
    }

    async fn write(&mut self, table: Table, step: Step, rows: &[StoredRow]) -> Result<u64, ApplyError> {
        if rows.is_empty() {
            return Ok(0);
        }
        // Nobody else writes them: the lease is ours.
        let keys: Vec<_> = if step == Step::Fill { rows.iter().map(|stored| stored.id).collect() } else { Vec::new() };
        let before = keep::live_rows(self.db, table, &keys).await?;
        let before: BTreeMap<_, _> = before.into_iter().map(|stored| (stored.id, stored)).collect();
        let now = (self.clock)();
        let mut transaction = self.begin(now).await?;
        if step == Step::MakeRows {
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
        if table == Table::Promoter {
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

    async fn take_away(&mut self, table: Table, step: Step, keys: &[i64]) -> Result<u64, ApplyError> {
        let table_sql = sql::of(table);
        let statement = if step == Step::Release { table_sql.release.as_ref() } else { Some(&table_sql.remove) };
        let (Some(statement), false) = (statement, keys.is_empty()) else { return Ok(0) };
        let now = (self.clock)();
        let mut transaction = self.begin(now).await?;
        transaction.write(statement, vec![keys_of(keys)]).await?;
        self.commit(transaction, table, keys.to_vec(), now).await?;
        Ok(keys.len() as u64)
    }

    /// The balances: they follow from promoters, and nothing refers to them.
    async fn balances(&mut self) -> anyhow::Result<u64> {
        let (mut after, mut done) = (None, 0);
        loop {
            let ids = compare::next::<String>(self.shadow, "balance", after).await?;
            let Some(last) = ids.last() else { return Ok(done) };
            after = Some(last.clone());
            done += ids.len() as u64;
            let rows = self.shadow.balances(&ids).await?;
            // An id is `promoter:kind:unit`; who shows a promoter shows the balances too.
            let promoters: BTreeSet<_> = ids.iter().filter_map(|id| id.split(':').next()?.parse().ok()).collect();
            let now = (self.clock)();
            let mut transaction = self.begin(now).await?;
            transaction.write(&sql::DELETE_BALANCES, vec![ColumnBatch::texts(ids)]).await?;
            if let Some(rows) = rows {
                transaction.write(&sql::UPSERT_BALANCES, rows).await?;
            }
            self.commit(transaction, Table::Promoter, promoters.into_iter().collect(), now).await?;
        }
    }

    /// Which events told which rows.
    async fn links(&mut self, pairs: &'static LineageTable) -> anyhow::Result<u64> {
        let (mut before, mut done) = (None, 0);
        while let Some(step) = links::next(self.shadow, pairs, before.as_ref()).await? {
            let now = (self.clock)();
            let mut transaction = self.begin(now).await?;
            for (sql, values) in [(&pairs.add, &step.missing), (&pairs.remove, &step.wrong)] {
                if let Some(values) = values {
                    done += transaction.write(sql, values.clone()).await?;
                }
            }
            self.commit(transaction, pairs.table, step.rows.clone(), now).await?;
            before = Some(step);
        }
        Ok(done)
    }

    /// A transaction that nobody else's projection can be beside.
    async fn begin(&self, now_ms: i64) -> Result<Transaction, ApplyError> {
        let mut transaction = Transaction::begin(self.db).await?;
        let held = transaction.fence(self.lease.owner(), self.lease.token(), self.lease.extended(now_ms)).await?;
        if held { Ok(transaction) } else { Err(ApplyError::NotOurs) }
    }

    /// Commits what was done to these rows, and tells it.
    async fn commit(
        &self,
        mut transaction: Transaction,
        table: Table,
        rows: Vec<i64>,
        now_ms: i64,
    ) -> Result<(), ApplyError> {
        let entity = table.spec().name;
        let rows = rows.into_iter().map(|id| Change { entity, id }).collect();
        let commit = Commit { rows, at: now_ms, event: None };
        if !commit.rows.is_empty() {
            transaction.insert_notice(&commit).await?;
        }
        transaction.commit().await?;
        self.changes.committed(commit);
        Ok(())
    }
}
