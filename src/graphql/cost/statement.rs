//! What one statement joins and selects.

use std::collections::{HashMap, HashSet};

use crate::{
    error::LimitExceeded,
    limits::{self, RequestLimits},
};

/// Columns of one statement. `PostgreSQL` has 1,664 at most, `SQLite` 2,000; a list needs some for itself.
const MAX_COLUMNS: usize = 1_500;

/// How many ids of other rows are planned as quickly as one relation: for a promoter each is looked up.
const IDS: u64 = 2;

/// A limit that was passed, and what it counts.
pub struct Over(pub Box<LimitExceeded>, pub &'static str);

/// A limit was passed.
pub fn over(exceeded: LimitExceeded, what: &'static str) -> Over {
    Over(Box::new(exceeded), what)
}

/// The sum, or the largest number there is.
pub fn sum(one: u64, other: u64) -> u64 {
    one.saturating_add(other)
}

/// One statement. Its own row is number 0, joined ones follow.
#[derive(Default)]
pub struct StatementCost<'a> {
    joined: HashMap<(usize, &'a str), usize>,
    columns: HashSet<(usize, &'a str)>,
    related_ids: HashSet<(usize, &'a str)>,
    /// Relations besides the joined ones.
    others: u64,
}

impl<'a> StatementCost<'a> {
    /// With so many relations besides those that are selected.
    pub fn with(others: u64) -> Self {
        Self { others, ..Self::default() }
    }

    /// The row that a to-one relation joins: once, however often it is selected.
    pub fn join(&mut self, row: usize, relation: &'a str) -> usize {
        let next = self.joined.len() + 1;
        *self.joined.entry((row, relation)).or_insert(next)
    }

    /// A field of a row is selected.
    pub fn column(&mut self, row: usize, field: &'a str) {
        self.columns.insert((row, field));
    }

    /// The id of another row is selected.
    pub fn related_id(&mut self, row: usize, field: &'a str) {
        self.related_ids.insert((row, field));
    }

    /// How many relations it joins.
    pub fn joins(&self) -> u64 {
        let relations = (self.joined.len() as u64).saturating_add(self.related_ids.len() as u64 / IDS);
        sum(relations, self.others)
    }

    /// Whether both databases can hold and plan it.
    ///
    /// # Errors
    /// Names the limit that is passed.
    pub fn fits(&self, limits: &RequestLimits) -> Result<(), Over> {
        let (most, joins) = (limits.joins as u64, self.joins());
        if joins > most {
            return Err(over(
                limits::JOINS.exceeded(most, joins),
                "relations in one list, with those of its filter and half of the ids of other rows",
            ));
        }
        // Each joined row has a column that tells whether it is there.
        let columns = self.columns.len() + self.joined.len();
        if columns > MAX_COLUMNS {
            let exceeded = LimitExceeded::fixed("columns", MAX_COLUMNS as u64, columns as u64);
            return Err(over(exceeded, "columns in one list, with those of its to-one relations"));
        }
        Ok(())
    }
}
