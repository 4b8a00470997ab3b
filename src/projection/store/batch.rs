//! The rows that a batch of events touches, merged in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    balances::{Balances, KINDS},
    ended::{Addresses, Ended},
    grid::Values,
    sql,
    steps::{Step, Stored},
};
use crate::{
    projection::{
        changes::Change,
        facts::{Fact, Facts},
        merge::{Cell, Merged, Row, merge},
        tables::{Table, fold},
    },
    value_times::ValueTimes,
};

/// What a batch tells of one table.
#[derive(Default)]
pub struct TableFacts<'f> {
    /// By row; the rows in the order of their keys.
    pub told: BTreeMap<i64, Vec<&'f Fact>>,
    /// Rows that are referred to, or of which nothing is told.
    pub referred: BTreeSet<i64>,
}

/// Sorts the facts of all events by table and row.
pub fn by_table<'f>(events: impl IntoIterator<Item = &'f Facts>) -> [TableFacts<'f>; Table::COUNT] {
    let mut tables: [TableFacts<'f>; Table::COUNT] = std::array::from_fn(|_| TableFacts::default());
    for facts in events {
        for fact in facts.facts() {
            let table = &mut tables[fact.table as usize];
            if fact.statement.cells.is_empty() {
                table.referred.insert(fact.id);
            } else {
                table.told.entry(fact.id).or_default().push(fact);
            }
        }
        for (table, id) in facts.references() {
            tables[*table as usize].referred.insert(*id);
        }
    }
    tables
}

/// A row in memory.
struct Touched {
    id: i64,
    row: Row,
    updated_at: i64,
    value_times: ValueTimes,
    merged: Merged,
    /// It is stored already, and no index has to follow.
    narrow: bool,
}

/// The touched rows of one table, after the merge.
pub struct Rows {
    table: Table,
    touched: Vec<Touched>,
    /// The tokens that end with it.
    pub ended: Ended,
}

impl Rows {
    /// Merges what is told into what is stored; `stored` must hold every told row that exists.
    pub fn merge(
        table: Table,
        facts: &TableFacts<'_>,
        stored: Vec<Stored>,
        now_ms: i64,
        balances: &mut Balances,
    ) -> Self {
        let mut stored: BTreeMap<_, _> = stored.into_iter().map(|stored| (stored.id, stored)).collect();
        let (mut rows, mut ended) = (Vec::with_capacity(facts.told.len()), Ended::default());
        for (&id, told) in &facts.told {
            let known = stored.remove(&id);
            let new = known.is_none();
            let (mut row, updated_at, mut value_times) = match known {
                Some(stored) => (stored.row, stored.updated_at, stored.value_times),
                None => (Row::stub(table.spec().columns.len()), now_ms, ValueTimes::all(now_ms)),
            };
            let was_stub = row.told.is_empty();
            let before =
                (table == Table::Promoter).then(|| KINDS.map(|(_, register)| row.cells[usize::from(register)].clone()));
            let mut merged = Merged::default();
            for fact in told {
                let addresses = (table == Table::Promoter).then(|| Addresses::of(&row));
                let step = merge(&mut row, &fact.statement);
                if let Some(addresses) = addresses {
                    ended.told((id, &row), addresses, &fact.statement, step.columns, now_ms);
                }
                merged = Merged {
                    columns: merged.columns | step.columns,
                    values: merged.values || step.values,
                    row: merged.row || step.row,
                };
            }
            for (before, (kind, register)) in before.iter().flatten().zip(KINDS) {
                let after = &row.cells[usize::from(register)];
                if before != after {
                    balances.replace(id, kind, after);
                }
            }
            let updated_at = if merged.values { now_ms } else { updated_at };
            if was_stub {
                value_times = ValueTimes::all(updated_at);
            } else {
                value_times.set(now_ms, table.spec().names(merged.columns));
            }
            let narrow = !new && merged.columns & !sql::unindexed(table) == 0;
            rows.push(Touched { id, row, updated_at, value_times, merged, narrow });
        }
        Self { table, touched: rows, ended }
    }

    /// The statements that write the rows that changed, each with what it takes.
    pub fn statements(&self, now_ms: i64) -> impl Iterator<Item = Step> {
        let sql = sql::of(self.table);
        [(&sql.upsert, false), (&sql.upsert_narrow, true)].into_iter().filter_map(move |(sql, narrow)| {
            let rows = self.touched.iter().filter(|touched| touched.merged.row && touched.narrow == narrow);
            let rows: Vec<_> =
                rows.map(|touched| (touched.id, &touched.row, touched.updated_at, &touched.value_times)).collect();
            (!rows.is_empty()).then(|| (sql, columns(self.table, &rows, now_ms)))
        })
    }

    /// The rows whose values changed.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let entity = self.table.spec().name;
        self.touched
            .iter()
            .filter(|touched| touched.merged.values)
            .map(move |touched| Change { entity, id: touched.id })
    }
}

/// Rows (key, row, when a value last changed, and when which) as the table's upsert takes them.
pub fn columns(table: Table, rows: &[(i64, &Row, i64, &ValueTimes)], now_ms: i64) -> Vec<Values> {
    let spec = table.spec();
    let kinds = sql::inputs(spec).into_iter().map(|(_, kind)| kind);
    let mut columns: Vec<_> = kinds.map(|kind| Values::of_kind(kind, rows.len())).collect();
    for (id, Row { cells, told }, updated_at, value_times) in rows {
        let folded = spec.folded().map(|(_, register)| Cell::Text(fold(&cells[register])));
        let common = [
            Cell::Bool(told.is_empty()),
            Cell::Text(told.to_string()),
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
        clock::{Clock, EventKey, Rank},
        merge::Statement,
    };

    /// The statements that write lead 7, if it is stored or not, after these columns are told.
    fn written(is_stored: bool, columns: &[&str]) -> Vec<&'static sql::Sql> {
        let spec = Table::Lead.spec();
        let clock = Clock { ms: 1, rank: Rank::Updated, event: EventKey::new("1", "") };
        let cells = columns.iter().map(|column| (spec.register(column), Cell::Text("x".to_owned()))).collect();
        let fact = Fact { table: Table::Lead, id: 7, statement: Statement { clock, cells } };
        let facts = TableFacts { told: BTreeMap::from([(7, vec![&fact])]), ..TableFacts::default() };
        let value_times = ValueTimes::all(0);
        let stored = Stored { id: 7, row: Row::stub(spec.columns.len()), updated_at: 0, value_times };
        let stored = is_stored.then_some(stored).into_iter().collect();
        let rows = Rows::merge(Table::Lead, &facts, stored, 2, &mut Balances::default());
        rows.statements(2).map(|(sql, _)| sql).collect()
    }

    #[test]
    fn a_stored_row_is_written_without_its_indexes_if_none_of_their_columns_changed() {
        let (full, narrow) = (&sql::of(Table::Lead).upsert, &sql::of(Table::Lead).upsert_narrow);
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
