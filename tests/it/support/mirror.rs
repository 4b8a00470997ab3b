//! The mirror in memory: the same reading and merging, without a database.

use std::collections::BTreeMap;

use promograph::projection::{
    merge::{Cell, RowState, merge},
    payload::{self, IdSpace, ParsedPayload, StoredEvent},
    tables::Table,
    updates::EventUpdates,
};

use super::{
    dump::{Dump, in_memory},
    events::NOW,
};

/// Rows by table and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror(BTreeMap<(Table, i64), RowState>);

/// What an event tells.
pub fn updates(event: &StoredEvent) -> EventUpdates {
    match payload::read(event, IdSpace::Shared, NOW) {
        ParsedPayload::Updates(updates) => updates,
        other => panic!("{other:?}"),
    }
}

impl Mirror {
    /// The state after these updates.
    pub fn of<'f>(told: impl IntoIterator<Item = &'f EventUpdates>) -> Self {
        let mut mirror = Self::default();
        for updates in told {
            for (table, id) in updates.references() {
                mirror.row(*table, *id);
            }
            for row in updates.rows() {
                merge(mirror.row(row.table, row.id), &row.fields);
            }
        }
        mirror
    }

    /// The state after these events.
    pub fn after(events: &[StoredEvent]) -> Self {
        Self::of(&events.iter().map(updates).collect::<Vec<_>>())
    }

    fn row(&mut self, table: Table, id: i64) -> &mut RowState {
        self.0.entry((table, id)).or_insert_with(|| RowState::stub(table.spec().columns.len()))
    }

    /// A column of a row that must be there.
    pub fn cell(&self, table: Table, id: i64, column: &str) -> &Cell {
        &self.0[&(table, id)].cells[usize::from(table.spec().register(column))]
    }

    /// Text in a column.
    pub fn text(&self, table: Table, id: i64, column: &str) -> Option<&str> {
        match self.cell(table, id, column) {
            Cell::Text(text) => Some(text),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// A number in a column.
    pub fn int(&self, table: Table, id: i64, column: &str) -> Option<i64> {
        match self.cell(table, id, column) {
            Cell::Int(value) => Some(*value),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// Whether there is such a row, and nothing was told of it.
    pub fn is_stub(&self, table: Table, id: i64) -> bool {
        self.0[&(table, id)].field_clocks.is_empty()
    }

    /// Whether the column was told, be it as null.
    pub fn was_told(&self, table: Table, id: i64, column: &str) -> bool {
        let bit = 1 << table.spec().register(column);
        self.0[&(table, id)].field_clocks.entries().any(|(_, columns)| columns & bit != 0)
    }

    /// Whether there is such a row.
    pub fn has(&self, table: Table, id: i64) -> bool {
        self.0.contains_key(&(table, id))
    }

    /// As a database with this state is dumped.
    pub fn dump(&self) -> Dump {
        let row =
            |(&(table, id), row): (&(Table, i64), &RowState)| ((table.spec().name, id), in_memory(table.spec(), row));
        self.0.iter().map(row).collect()
    }
}
