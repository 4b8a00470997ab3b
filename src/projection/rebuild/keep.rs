//! Rows that the stored events cannot tell again: they know something later than those tell.
//!
//! That is so if events were pruned, or if a backfill told it. If no event was pruned, and a row knows
//! what no event tells, the row is wrong. Kept rows, and what they refer to, go into the shadow: so
//! the shadow is complete in itself, and is what the tables shall become.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, Statement, sqlx};

use super::{compare, shadow::Shadow};
use crate::{
    database::Database,
    projection::{
        clock::Precedence,
        merge::{Cell, RowState},
        store::{self, BALANCE_KINDS, BalanceChanges, ColumnBatch, StoredRow, Transaction, sql},
        tables::Table,
    },
};

/// Finds those among the rows that differ, by table.
pub async fn keep(db: &Database, shadow: &Shadow, now_ms: i64) -> anyhow::Result<BTreeMap<&'static str, Vec<i64>>> {
    let pruned = any_pruned(db).await?;
    let mut all = BTreeMap::new();
    for table in Table::ALL {
        let name = table.spec().name;
        let (mut after, mut kept) = (None, Vec::new());
        loop {
            let keys = compare::next::<i64>(shadow, name, after).await?;
            let Some(last) = keys.last() else { break };
            after = Some(*last);
            let live = live_rows(db, table, &keys).await?;
            let mut transaction = Transaction::begin_temporary(&shadow.db).await?;
            let told = transaction.read(&sql::of(table).read, table.spec(), keys_of(&keys)).await?;
            let told: BTreeMap<_, _> = told.into_iter().map(|stored| (stored.id, stored.row)).collect();
            let rows: Vec<_> =
                live.into_iter().filter(|stored| stays(&stored.row, told.get(&stored.id), pruned)).collect();
            if !rows.is_empty() {
                copy(&mut transaction, table, &rows, now_ms).await?;
                kept.extend(rows.iter().map(|stored| stored.id));
            }
            transaction.commit().await?;
        }
        kept.sort_unstable();
        if !kept.is_empty() {
            compare::forget(shadow, name, &kept).await?;
            all.insert(name, kept);
        }
    }
    Ok(all)
}

/// Whether a row knows something later than what was told again, and rightly.
fn stays(row: &RowState, told: Option<&RowState>, pruned: bool) -> bool {
    if row.field_clocks.is_empty() {
        // Only referred to: by an event that was pruned, or by none. (The shadow may have it by now, for a
        // row that stays and refers to it.)
        return pruned && told.is_none_or(|told| told.field_clocks.is_empty());
    }
    row.field_clocks.entries().any(|(clock, columns)| {
        let known = told.map_or(0, |told| {
            let (newer, same) = told.field_clocks.compare(clock);
            newer | same
        });
        columns & !known != 0 && (pruned || clock.precedence == Precedence::Backfill)
    })
}

/// Puts rows into the shadow as they are, with what they refer to and what follows from them.
async fn copy(transaction: &mut Transaction, table: Table, rows: &[StoredRow], now_ms: i64) -> anyhow::Result<()> {
    let mut references: BTreeMap<Table, Vec<i64>> = BTreeMap::new();
    let mut balances = BalanceChanges::default();
    if table == Table::Profile {
        references.insert(Table::Promoter, rows.iter().map(|stored| stored.id).collect());
    }
    for StoredRow { id, row, .. } in rows {
        for (cell, column) in row.cells.iter().zip(table.spec().columns) {
            if let (Some(target), &Cell::Int(other)) = (column.refers_to, cell) {
                references.entry(target).or_default().push(other);
            }
        }
        if table == Table::Promoter {
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

/// The rows as they are; one that cannot be read knows nothing.
pub async fn live_rows(db: &Database, table: Table, keys: &[i64]) -> Result<Vec<StoredRow>, sqlx::Error> {
    let read = async |keys: &[i64]| {
        let mut transaction = Transaction::begin_snapshot(db).await?;
        transaction.read(&sql::of(table).read, table.spec(), keys_of(keys)).await
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

/// Keys as a statement takes them.
pub fn keys_of(keys: &[i64]) -> ColumnBatch {
    ColumnBatch::ints(keys.iter().copied())
}

async fn any_pruned(db: &Database) -> anyhow::Result<bool> {
    let sql = "select 1 from webhook_event where status = 'applied' and body is null limit 1";
    Ok(db.read.query_one_raw(Statement::from_string(db.backend, sql)).await?.is_some())
}
