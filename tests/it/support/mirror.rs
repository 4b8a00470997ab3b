//! The mirror in memory: the same reading and merging, without a database.

use std::collections::BTreeMap;

use entity::MirroredTable;
use promograph::projection::{
    merge::{Cell, RowState, merge},
    mirror::{self, references},
    parse::{self, IdSpace, ParsedPayload, StoredEvent},
    updates::EventUpdates,
};

use super::{
    dump::{Dump, in_memory},
    events::NOW,
};

/// Rows by table and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror(BTreeMap<(MirroredTable, i64), RowState>);

/// The updates of an event.
pub fn updates(event: &StoredEvent) -> EventUpdates {
    match parse::parse_event(event, IdSpace::Shared, NOW) {
        ParsedPayload::Updates(updates) => updates,
        other => panic!("{other:?}"),
    }
}

impl Mirror {
    /// The state after these updates.
    pub fn of<'f>(events: impl IntoIterator<Item = &'f EventUpdates>) -> Self {
        let mut mirror = Self::default();
        for updates in events {
            for (table, id) in references(updates) {
                mirror.row(table, id);
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

    fn row(&mut self, table: MirroredTable, id: i64) -> &mut RowState {
        self.0.entry((table, id)).or_insert_with(|| RowState::stub(mirror::spec(table).registers.len()))
    }

    /// A column of a row that must be there.
    pub fn cell(&self, table: MirroredTable, id: i64, column: &str) -> &Cell {
        &self.0[&(table, id)].cells[usize::from(mirror::spec(table).register(column).unwrap())]
    }

    /// Text in a column.
    pub fn text(&self, table: MirroredTable, id: i64, column: &str) -> Option<&str> {
        match self.cell(table, id, column) {
            Cell::Text(text) => Some(text),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// A number in a column.
    pub fn int(&self, table: MirroredTable, id: i64, column: &str) -> Option<i64> {
        match self.cell(table, id, column) {
            Cell::Int(value) => Some(*value),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// Whether there is such a row, and no column of it was set.
    pub fn is_stub(&self, table: MirroredTable, id: i64) -> bool {
        self.0[&(table, id)].field_clocks.is_empty()
    }

    /// Whether the column was set, be it to null.
    pub fn was_set(&self, table: MirroredTable, id: i64, column: &str) -> bool {
        let bit = 1 << mirror::spec(table).register(column).unwrap();
        self.0[&(table, id)].field_clocks.entries().any(|(_, columns)| columns & bit != 0)
    }

    /// Whether there is such a row.
    pub fn has(&self, table: MirroredTable, id: i64) -> bool {
        self.0.contains_key(&(table, id))
    }

    /// As a database with this state is dumped.
    pub fn dump(&self) -> Dump {
        let row = |(&(table, id), row): (&(MirroredTable, i64), &RowState)| {
            ((table.name(), id), in_memory(mirror::spec(table), row))
        };
        self.0.iter().map(row).collect()
    }
}
