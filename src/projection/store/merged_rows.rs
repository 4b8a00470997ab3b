//! The rows that a batch of events touches, merged in memory.

use std::collections::{BTreeMap, BTreeSet};

use entity::MirroredTable;

use super::{
    balances::{BALANCE_KINDS, BalanceChanges},
    column_batch::ColumnBatch,
    sql,
    statements::{BoundStatement, StoredRow},
    token_cutoffs::{PromoterAddresses, TokenCutoffs},
};
use crate::{
    projection::{
        changes::Change,
        merge::{Cell, MergeOutcome, RowState, merge},
        mirror::{self, fold, references},
        updates::{EventUpdates, RowUpdate},
    },
    value_times::ValueTimes,
};

/// The updates of a batch for one table.
#[derive(Default)]
pub struct TableUpdates<'f> {
    /// By row, in the order of the keys.
    pub updates: BTreeMap<i64, Vec<&'f RowUpdate>>,
    /// Rows that are referred to, or whose updates set nothing.
    pub referenced: BTreeSet<i64>,
}

/// Groups the updates of all events by table and row.
pub fn by_table<'f>(events: impl IntoIterator<Item = &'f EventUpdates>) -> [TableUpdates<'f>; MirroredTable::COUNT] {
    let mut tables: [TableUpdates<'f>; MirroredTable::COUNT] = std::array::from_fn(|_| TableUpdates::default());
    for event in events {
        for row in event.rows() {
            let table = &mut tables[row.table as usize];
            if row.fields.cells.is_empty() {
                table.referenced.insert(row.id);
            } else {
                table.updates.entry(row.id).or_default().push(row);
            }
        }
        for (table, id) in references(event) {
            tables[table as usize].referenced.insert(id);
        }
    }
    tables
}

/// One touched row.
struct MergedRow {
    id: i64,
    row: RowState,
    updated_at: i64,
    value_times: ValueTimes,
    outcome: MergeOutcome,
    /// It is stored already, and no indexed column changed.
    is_narrow: bool,
}

/// The touched rows of one table, after the merge.
pub struct MergedRows {
    table: MirroredTable,
    rows: Vec<MergedRow>,
    /// The tokens that the updates end.
    pub token_cutoffs: TokenCutoffs,
}

impl MergedRows {
    /// Merges the updates into the stored rows; `stored` must hold every updated row that exists.
    pub fn merge(
        table: MirroredTable,
        updates: &TableUpdates<'_>,
        stored: Vec<StoredRow>,
        now_ms: i64,
        balances: &mut BalanceChanges,
    ) -> Self {
        let mut stored: BTreeMap<_, _> = stored.into_iter().map(|stored| (stored.id, stored)).collect();
        let (mut rows, mut token_cutoffs) = (Vec::with_capacity(updates.updates.len()), TokenCutoffs::default());
        for (&id, updates) in &updates.updates {
            let stored = stored.remove(&id);
            let is_new = stored.is_none();
            let (mut row, updated_at, mut value_times) = match stored {
                Some(stored) => (stored.row, stored.updated_at, stored.value_times),
                None => (RowState::stub(mirror::spec(table).registers.len()), now_ms, ValueTimes::all(now_ms)),
            };
            let was_stub = row.field_clocks.is_empty();
            let balances_before = (table == MirroredTable::Promoter)
                .then(|| BALANCE_KINDS.map(|(_, register)| row.cells[usize::from(register)].clone()));
            let mut outcome = MergeOutcome::default();
            for update in updates {
                let addresses = (table == MirroredTable::Promoter).then(|| PromoterAddresses::of_row(&row));
                let merged = merge(&mut row, &update.fields);
                if let Some(before) = addresses {
                    token_cutoffs.promoter_updated((id, &row), before, &update.fields, merged.changed, now_ms);
                }
                outcome = outcome.then(merged);
            }
            for (before, (kind, register)) in balances_before.iter().flatten().zip(BALANCE_KINDS) {
                let after = &row.cells[usize::from(register)];
                if before != after {
                    balances.replace(id, kind, after);
                }
            }
            let updated_at = if outcome.is_visible { now_ms } else { updated_at };
            if was_stub {
                value_times = ValueTimes::all(updated_at);
            } else {
                value_times.set(now_ms, mirror::spec(table).names(outcome.changed));
            }
            let is_narrow = !is_new && outcome.changed & !sql::unindexed(table) == 0;
            rows.push(MergedRow { id, row, updated_at, value_times, outcome, is_narrow });
        }
        Self { table, rows, token_cutoffs }
    }

    /// The statements that write the rows that changed.
    pub fn statements(&self, now_ms: i64) -> impl Iterator<Item = BoundStatement> {
        let sql = sql::of(self.table);
        [(&sql.upsert, false), (&sql.upsert_narrow, true)].into_iter().filter_map(move |(sql, is_narrow)| {
            let rows = self.rows.iter().filter(|row| row.outcome.needs_write && row.is_narrow == is_narrow);
            let rows: Vec<_> = rows.map(|row| (row.id, &row.row, row.updated_at, &row.value_times)).collect();
            (!rows.is_empty()).then(|| (sql, upsert_columns(self.table, &rows, now_ms)))
        })
    }

    /// The rows whose values changed.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let entity = self.table.name();
        self.rows.iter().filter(|row| row.outcome.is_visible).map(move |row| Change { entity, id: row.id })
    }
}

/// The parameters of the table's upsert for these rows: key, row, `updated_at`, `value_times`.
pub fn upsert_columns(
    table: MirroredTable,
    rows: &[(i64, &RowState, i64, &ValueTimes)],
    now_ms: i64,
) -> Vec<ColumnBatch> {
    let spec = mirror::spec(table);
    let types = sql::upsert_inputs(spec).into_iter().map(|(_, sql_type)| sql_type);
    let mut columns: Vec<_> = types.map(|sql_type| ColumnBatch::with_capacity(sql_type, rows.len())).collect();
    for (id, RowState { cells, field_clocks }, updated_at, value_times) in rows {
        let folded = spec.folded().map(|(_, register)| Cell::Text(fold(&cells[register])));
        let common = [
            Cell::Bool(field_clocks.is_empty()),
            Cell::Text(field_clocks.to_string()),
            Cell::Int(now_ms),
            Cell::Int(*updated_at),
            Cell::Text(value_times.to_string()),
        ];
        columns[0].push(&Cell::Int(*id));
        let (registers, rest) = columns[1..].split_at_mut(cells.len());
        registers.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        rest.iter_mut().zip(folded.chain(common)).for_each(|(column, cell)| column.push(&cell));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projection::{
        clock::{Clock, EventKey, Precedence},
        merge::FieldUpdates,
    };

    /// The statements that write lead 7, stored before or not, after an update of these columns.
    fn written(is_stored: bool, columns: &[&str]) -> Vec<&'static sql::DialectSql> {
        let spec = mirror::spec(MirroredTable::Lead);
        let clock = Clock { ms: 1, precedence: Precedence::Updated, event: EventKey::new("1", "") };
        let cells = columns.iter().map(|column| (spec.register(column).unwrap(), Cell::Text("x".to_owned()))).collect();
        let update = RowUpdate { table: MirroredTable::Lead, id: 7, fields: FieldUpdates { clock, cells } };
        let updates = TableUpdates { updates: BTreeMap::from([(7, vec![&update])]), ..TableUpdates::default() };
        let value_times = ValueTimes::all(0);
        let stored = StoredRow { id: 7, row: RowState::stub(spec.registers.len()), updated_at: 0, value_times };
        let stored = is_stored.then_some(stored).into_iter().collect();
        let rows = MergedRows::merge(MirroredTable::Lead, &updates, stored, 2, &mut BalanceChanges::default());
        rows.statements(2).map(|(sql, _)| sql).collect()
    }

    #[test]
    fn a_stored_row_is_written_without_its_indexes_if_none_of_their_columns_changed() {
        let (full, narrow) = (&sql::of(MirroredTable::Lead).upsert, &sql::of(MirroredTable::Lead).upsert_narrow);
        for (is_stored, columns, expected) in [
            (true, &["plan_name"][..], narrow),
            (true, &["plan_name", "uid"], full),
            (true, &["email"], full),
            (false, &["plan_name"], full),
        ] {
            let written = written(is_stored, columns);
            assert!(written.len() == 1 && std::ptr::eq(written[0], expected), "{is_stored} {columns:?}");
        }
    }
}
