//! Rows that the stored events cannot reproduce, since they hold later values than those give.
//!
//! That happens when events were pruned, or when a backfill wrote the values. Without either, such a row is wrong.
//! Retained rows, and the rows that they refer to, are copied into the shadow tables: so those are complete, and are
//! the state that the tables shall have.

use std::collections::BTreeMap;

use entity::MirroredTable;
use sea_orm::{ConnectionTrait as _, Statement, sqlx};

use super::{diff, shadow_tables::ShadowTables};
use crate::{
    database::Database,
    projection::{
        clock::Precedence,
        merge::{Cell, RowState},
        mirror,
        store::{self, BALANCE_KINDS, BalanceChanges, ColumnBatch, StoredRow, Transaction, sql},
    },
};

/// Finds these among the rows that differ, and takes them out of the difference; returns them by table.
pub async fn retain(
    db: &Database,
    shadow: &ShadowTables,
    now_ms: i64,
) -> anyhow::Result<BTreeMap<&'static str, Vec<i64>>> {
    let pruned = any_pruned(db).await?;
    let mut all = BTreeMap::new();
    for table in MirroredTable::ALL {
        let name = table.name();
        let (mut after, mut retained) = (None, Vec::new());
        loop {
            let keys = diff::next::<i64>(shadow, name, after).await?;
            let Some(last) = keys.last() else { break };
            after = Some(*last);
            let live = live_rows(db, table, &keys).await?;
            let mut transaction = Transaction::begin_temporary(&shadow.db).await?;
            let shadows = transaction.read(&sql::of(table).read, mirror::spec(table), keys_of(&keys)).await?;
            let shadows: BTreeMap<_, _> = shadows.into_iter().map(|stored| (stored.id, stored.row)).collect();
            let rows: Vec<_> =
                live.into_iter().filter(|stored| is_retained(&stored.row, shadows.get(&stored.id), pruned)).collect();
            if !rows.is_empty() {
                copy(&mut transaction, table, &rows, now_ms).await?;
                retained.extend(rows.iter().map(|stored| stored.id));
            }
            transaction.commit().await?;
        }
        retained.sort_unstable();
        if !retained.is_empty() {
            diff::exclude(shadow, name, &retained).await?;
            all.insert(name, retained);
        }
    }
    Ok(all)
}

/// Whether a row rightly holds later values than its shadow.
fn is_retained(row: &RowState, shadow: Option<&RowState>, pruned: bool) -> bool {
    if row.field_clocks.is_empty() {
        // A stub: referred to by a pruned event, or by none. (It may be in the shadow by now, for a retained row that
        // refers to it.)
        return pruned && shadow.is_none_or(|shadow| shadow.field_clocks.is_empty());
    }
    row.field_clocks.entries().any(|(clock, columns)| {
        let known = shadow.map_or(0, |shadow| {
            let (newer, same) = shadow.field_clocks.compare(clock);
            newer | same
        });
        columns & !known != 0 && (pruned || clock.precedence == Precedence::Backfill)
    })
}

/// Copies rows into the shadow tables, with the rows that they refer to and the balances that follow from them.
async fn copy(
    transaction: &mut Transaction,
    table: MirroredTable,
    rows: &[StoredRow],
    now_ms: i64,
) -> anyhow::Result<()> {
    let mut references: BTreeMap<MirroredTable, Vec<i64>> = BTreeMap::new();
    let mut balances = BalanceChanges::default();
    if table == MirroredTable::Profile {
        references.insert(MirroredTable::Promoter, rows.iter().map(|stored| stored.id).collect());
    }
    for StoredRow { id, row, .. } in rows {
        for (cell, column) in row.cells.iter().zip(&mirror::spec(table).registers) {
            if let (Some(target), &Cell::Int(other)) = (column.refers_to, cell) {
                references.entry(target).or_default().push(other);
            }
        }
        if table == MirroredTable::Promoter {
            for (kind, register) in BALANCE_KINDS {
                balances.replace(*id, kind, &row.cells[usize::from(register)]);
            }
        }
    }
    for (target, mut keys) in references {
        keys.sort_unstable();
        keys.dedup();
        let times = ColumnBatch::ints(keys.iter().map(|_| now_ms));
        transaction.write_returning_keys(&sql::of(target).stubs, vec![keys_of(&keys), times.clone(), times]).await?;
    }
    let rows: Vec<_> =
        rows.iter().map(|stored| (stored.id, &stored.row, stored.updated_at, &stored.value_times)).collect();
    transaction.write(&sql::of(table).upsert, store::upsert_columns(table, &rows, now_ms)).await?;
    if !balances.is_empty() {
        transaction.write(&sql::DELETE_BALANCES_BY_KIND, balances.deletions()).await?;
        if let Some(columns) = balances.upserts() {
            transaction.write(&sql::UPSERT_BALANCES, columns).await?;
        }
    }
    Ok(())
}

/// The rows of the live tables; one that cannot be decoded is left out.
pub async fn live_rows(db: &Database, table: MirroredTable, keys: &[i64]) -> Result<Vec<StoredRow>, sqlx::Error> {
    let read = async |keys: &[i64]| {
        let mut transaction = Transaction::begin_snapshot(db).await?;
        transaction.read(&sql::of(table).read, mirror::spec(table), keys_of(keys)).await
    };
    match read(keys).await {
        Err(sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => {}
        rows => return rows,
    }
    let mut rows = Vec::new();
    for key in keys {
        match read(&[*key]).await {
            Err(sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => {}
            row => rows.extend(row?),
        }
    }
    Ok(rows)
}

/// Keys as a statement's parameter.
pub fn keys_of(keys: &[i64]) -> ColumnBatch {
    ColumnBatch::ints(keys.iter().copied())
}

async fn any_pruned(db: &Database) -> anyhow::Result<bool> {
    let sql = "select 1 from webhook_event where status = 'applied' and body is null limit 1";
    Ok(db.read.query_one_raw(Statement::from_string(db.backend, sql)).await?.is_some())
}
