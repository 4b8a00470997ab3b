//! What one event changes: updates of rows, references to rows, and warnings.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Display,
};

use entity::MirroredTable;

use super::{
    clock::{Clock, EventKey, Precedence, UNKNOWN_TIME_MS},
    merge::{Cell, FieldUpdates},
    registers::{RegisterSet, bit},
};

/// The number of warnings that are kept of one event.
const MAX_WARNINGS: usize = 20;
/// Stands for all others.
const MORE_WARNINGS: &str = "more was not understood";

/// New values for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowUpdate {
    /// The row's table.
    pub table: MirroredTable,
    /// The row's key.
    pub id: i64,
    /// The values and their clock.
    pub fields: FieldUpdates,
}

/// Everything that one event changes, and the warnings about what it could not be read to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventUpdates {
    ms: i64,
    event: EventKey,
    rows: Vec<RowUpdate>,
    /// Indexes into `rows`: a hostile event may name tens of thousands of rows.
    index: HashMap<(MirroredTable, i64, Precedence), usize>,
    references: Vec<(MirroredTable, i64)>,
    warnings: BTreeSet<String>,
}

/// The row update that a reader is filling.
#[derive(Clone, Copy, Debug)]
pub struct RowHandle {
    index: usize,
    registers: RegisterSet,
}

impl RowHandle {
    /// Whether the register was set.
    #[must_use]
    pub fn is_set(&self, register: u8) -> bool {
        self.registers & bit(register) != 0
    }
}

impl EventUpdates {
    /// No updates yet, of an event of this time.
    #[must_use]
    pub fn new(ms: i64, event: EventKey) -> Self {
        Self { ms, event, rows: Vec::new(), index: HashMap::new(), references: Vec::new(), warnings: BTreeSet::new() }
    }

    /// Whether the event has a usable time.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.ms != UNKNOWN_TIME_MS
    }

    /// The time of all updates: milliseconds since 1970 UTC, 1 without a usable one.
    #[must_use]
    pub fn ms(&self) -> i64 {
        self.ms
    }

    /// Starts or continues the update of a row. The row exists from now on, if only as a stub.
    pub fn row(&mut self, table: MirroredTable, id: i64, precedence: Precedence) -> RowHandle {
        let key = (table, id, precedence);
        if let Some(&index) = self.index.get(&key) {
            return RowHandle { index, registers: self.rows[index].fields.registers() };
        }
        self.index.insert(key, self.rows.len());
        let clock = Clock { ms: self.ms, precedence, event: self.event.clone() };
        self.rows.push(RowUpdate { table, id, fields: FieldUpdates { clock, cells: Vec::with_capacity(24) } });
        RowHandle { index: self.rows.len() - 1, registers: 0 }
    }

    /// Sets a register. If the same event set it before, from another copy of the object, the first value stays:
    /// readers begin with the copy that the event is about.
    pub fn set(&mut self, handle: &mut RowHandle, register: u8, cell: Cell) {
        if handle.is_set(register) {
            return;
        }
        handle.registers |= bit(register);
        self.rows[handle.index].fields.cells.push((register, cell));
    }

    /// Makes sure that a row exists, if only as a stub.
    pub fn reference(&mut self, table: MirroredTable, id: i64) {
        self.references.push((table, id));
    }

    /// Adds a warning about something that was not understood, not used, or stored with a loss: its path, its JSON
    /// type and the problem. Never the value, nor a key of the sender's own choice: both may be personal data.
    pub fn warn(&mut self, path: impl Display + Copy, problem: impl Display + Copy) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.insert(format!("{path}: {problem}"));
        } else if !self.warnings.contains(MORE_WARNINGS) {
            // The order of reading is deterministic, and so are the warnings that are kept.
            let warning = format!("{path}: {problem}");
            if !self.warnings.contains(&warning) {
                self.warnings.insert(MORE_WARNINGS.to_owned());
            }
        }
    }

    /// The updates of rows.
    #[must_use]
    pub fn rows(&self) -> &[RowUpdate] {
        &self.rows
    }

    /// The rows that have to exist besides those that the updates themselves refer to.
    #[must_use]
    pub fn references(&self) -> &[(MirroredTable, i64)] {
        &self.references
    }

    /// The warnings in alphabetical order, at most 21: `promoter.balances.cash: text is not a number`.
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        let (last, warnings) = (self.warnings.get(MORE_WARNINGS), self.warnings.iter());
        warnings.filter(|warning| *warning != MORE_WARNINGS).chain(last).map(String::as_str).collect()
    }

    /// Why nothing was read, if there are warnings.
    #[must_use]
    pub fn failure_reason(&self) -> Option<String> {
        (!self.warnings.is_empty()).then(|| format!("not applied: {}", self.warnings().join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_register_stays() {
        let mut updates = EventUpdates::new(5, EventKey::new("1", "0"));
        let mut lead = updates.row(MirroredTable::Lead, 7, Precedence::Created);
        updates.set(&mut lead, 1, Cell::Int(1));
        updates.set(&mut lead, 3, Cell::Null);
        let mut again = updates.row(MirroredTable::Lead, 7, Precedence::Created);
        updates.set(&mut again, 3, Cell::Text("late".into()));
        assert_eq!(updates.rows()[0].fields.cells, [(1, Cell::Int(1)), (3, Cell::Null)]);
        assert_eq!(updates.rows().len(), 1);
    }

    #[test]
    fn warnings_are_bounded_deduplicated_and_in_one_order() {
        let mut updates = EventUpdates::new(5, EventKey::new("1", "0"));
        assert_eq!((updates.warnings().len(), updates.failure_reason()), (0, None));
        for _ in 0..3 {
            updates.warn("promoter.note", "list is not text");
            updates.warn("lead.email", "list is not text");
        }
        assert_eq!(updates.warnings(), ["lead.email: list is not text", "promoter.note: list is not text"]);
        for number in 0..100 {
            updates.warn(format_args!("z{number}"), "list is not text");
        }
        let warnings = updates.warnings();
        assert_eq!((warnings.len(), warnings[20]), (21, MORE_WARNINGS));
        assert!(updates.failure_reason().unwrap().starts_with("not applied: lead.email: list is not text; "));
    }
}
