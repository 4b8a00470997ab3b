//! What one event tells: statements about rows, and the rows that are referred to.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Display,
};

use super::{
    clock::{Clock, EventKey, NO_TIME_MS, Rank},
    merge::{Cell, Statement, bit},
    tables::Table,
    told::Columns,
};

/// The register of `deleted_at`, the same in every table.
pub const DELETED_AT: u8 = 0;
/// So many warnings are kept of one event; more say no more.
const MAX_WARNINGS: usize = 20;
/// Stands for all others.
const MORE_WARNINGS: &str = "more was not understood";

/// A statement about one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The row's table.
    pub table: Table,
    /// The row's key.
    pub id: i64,
    /// What is told, and when.
    pub statement: Statement,
}

/// Everything that one event tells, and what of it is not understood, while it is being read and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    ms: i64,
    event: EventKey,
    told: Vec<Fact>,
    /// Where a row's fact is in `told`: a hostile event names tens of thousands of rows.
    places: HashMap<(Table, i64, Rank), usize>,
    references: Vec<(Table, i64)>,
    warnings: BTreeSet<String>,
}

/// The fact that a reader is filling.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    fact: usize,
    told: Columns,
}

impl Subject {
    /// Whether the column was told.
    #[must_use]
    pub fn told(&self, register: u8) -> bool {
        self.told & bit(register) != 0
    }
}

impl Facts {
    /// No facts yet, of an event of this time.
    #[must_use]
    pub fn new(ms: i64, event: EventKey) -> Self {
        Self { ms, event, told: Vec::new(), places: HashMap::new(), references: Vec::new(), warnings: BTreeSet::new() }
    }

    /// Whether the event has a usable time.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.ms != NO_TIME_MS
    }

    /// The time that all is told at: milliseconds since 1970 UTC, 1 without a usable one.
    #[must_use]
    pub fn ms(&self) -> i64 {
        self.ms
    }

    /// Starts to tell of a row; the row exists from now on, if only as a stub.
    pub fn about(&mut self, table: Table, id: i64, rank: Rank) -> Subject {
        let place = (table, id, rank);
        if let Some(&fact) = self.places.get(&place) {
            return Subject { fact, told: self.told[fact].statement.columns() };
        }
        self.places.insert(place, self.told.len());
        let clock = Clock { ms: self.ms, rank, event: self.event.clone() };
        self.told.push(Fact { table, id, statement: Statement { clock, cells: Vec::with_capacity(24) } });
        Subject { fact: self.told.len() - 1, told: 0 }
    }

    /// Tells a column. If the same event told it before, in another copy of the object, the first
    /// one stays: readers begin with the copy that the event is about.
    pub fn tell(&mut self, subject: &mut Subject, register: u8, cell: Cell) {
        let Fact { table, statement, .. } = &mut self.told[subject.fact];
        if subject.told & bit(register) != 0 {
            return;
        }
        let refers_to = table.spec().columns.get(usize::from(register)).and_then(|column| column.refers_to);
        if let (Some(target), &Cell::Int(id)) = (refers_to, &cell) {
            self.references.push((target, id));
        }
        subject.told |= bit(register);
        statement.cells.push((register, cell));
    }

    /// Makes sure that a row exists.
    pub fn refer(&mut self, table: Table, id: i64) {
        self.references.push((table, id));
    }

    /// Notes what the event tells and is not understood, not believed, or kept with a loss: where it stands, what
    /// stands there and what is wrong with it. Never the value, nor a key of the sender's own choice: both may be
    /// personal.
    pub fn warn(&mut self, place: impl Display + Copy, what: impl Display + Copy) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.insert(format!("{place}: {what}"));
        } else if !self.warnings.contains(MORE_WARNINGS) {
            // The order of reading is the same every time, and so are those that are kept.
            let warning = format!("{place}: {what}");
            if !self.warnings.contains(&warning) {
                self.warnings.insert(MORE_WARNINGS.to_owned());
            }
        }
    }

    /// The statements.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.told
    }

    /// The rows that are referred to.
    #[must_use]
    pub fn references(&self) -> &[(Table, i64)] {
        &self.references
    }

    /// Whether anything is told of, or refers to, rows of such a table.
    #[must_use]
    pub fn touch(&self, such: impl Fn(Table) -> bool) -> bool {
        self.told.iter().any(|fact| such(fact.table)) || self.references.iter().any(|(table, _)| such(*table))
    }

    /// The warnings in alphabetical order, at most 21: `promoter.balances.cash: text is not a number`.
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        let (last, warnings) = (self.warnings.get(MORE_WARNINGS), self.warnings.iter());
        warnings.filter(|warning| *warning != MORE_WARNINGS).chain(last).map(String::as_str).collect()
    }

    /// Why nothing is told, if that was warned of.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        (!self.warnings.is_empty()).then(|| format!("not told: {}", self.warnings().join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projection::tables::LEAD;

    const PROMOTER_ID: u8 = 1;
    const STATE: u8 = 3;

    #[test]
    fn every_id_that_is_told_gets_a_stub_also_when_it_comes_second() {
        let mut facts = Facts::new(5, EventKey::new("1", "0"));
        let mut lead = facts.about(Table::Lead, 7, Rank::Created);
        facts.tell(&mut lead, PROMOTER_ID, Cell::Int(1));
        facts.tell(&mut lead, STATE, Cell::Null);
        let mut again = facts.about(Table::Lead, 7, Rank::Created);
        facts.tell(&mut again, STATE, Cell::Text("late".into()));
        assert_eq!(facts.references(), [(Table::Promoter, 1)]);
        assert_eq!(facts.facts()[0].statement.cells, [(PROMOTER_ID, Cell::Int(1)), (STATE, Cell::Null)]);
        assert_eq!(facts.facts().len(), 1);
    }

    #[test]
    fn deleted_at_is_the_first_register_everywhere() {
        for table in Table::ALL {
            assert_eq!(table.spec().register("deleted_at"), DELETED_AT);
        }
        assert_eq!((LEAD.register("promoter_id"), LEAD.register("state")), (PROMOTER_ID, STATE));
    }

    #[test]
    fn warnings_are_bounded_said_once_and_in_one_order() {
        let mut facts = Facts::new(5, EventKey::new("1", "0"));
        assert_eq!((facts.warnings().len(), facts.reason()), (0, None));
        for _ in 0..3 {
            facts.warn("promoter.note", "list is not text");
            facts.warn("lead.email", "list is not text");
        }
        assert_eq!(facts.warnings(), ["lead.email: list is not text", "promoter.note: list is not text"]);
        for number in 0..100 {
            facts.warn(format_args!("z{number}"), "list is not text");
        }
        let warnings = facts.warnings();
        assert_eq!((warnings.len(), warnings[20]), (21, MORE_WARNINGS));
        assert!(facts.reason().unwrap().starts_with("not told: lead.email: list is not text; "));
    }
}
