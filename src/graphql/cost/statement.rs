//! The joins and columns of one statement.

use std::collections::{HashMap, HashSet};

use crate::{
    error::LimitExceeded,
    limits::{self, RequestLimits},
};

/// Maximum number of columns of one statement. `PostgreSQL` allows 1,664, `SQLite` 2,000; a list needs some for itself.
const MAX_COLUMNS: usize = 1_500;

/// Number of ids of other rows that are planned as fast as one relation: for a promoter each is looked up.
const IDS: u64 = 2;

/// An exceeded limit, and what it counts.
pub struct Exceeded(pub Box<LimitExceeded>, pub &'static str);

/// An exceeded limit.
pub fn over(exceeded: LimitExceeded, what: &'static str) -> Exceeded {
    Exceeded(Box::new(exceeded), what)
}

/// The saturating sum.
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
    /// With `others` relations besides the selected ones.
    pub fn with(others: u64) -> Self {
        Self { others, ..Self::default() }
    }

    /// The row of a to-one relation. It is joined once, however often it is selected.
    pub fn join(&mut self, row: usize, relation: &'a str) -> usize {
        let next = self.joined.len() + 1;
        *self.joined.entry((row, relation)).or_insert(next)
    }

    /// Selects a field of a row.
    pub fn column(&mut self, row: usize, field: &'a str) {
        self.columns.insert((row, field));
    }

    /// Selects the id of another row.
    pub fn related_id(&mut self, row: usize, field: &'a str) {
        self.related_ids.insert((row, field));
    }

    /// The number of joined relations.
    pub fn joins(&self) -> u64 {
        let relations = (self.joined.len() as u64).saturating_add(self.related_ids.len() as u64 / IDS);
        sum(relations, self.others)
    }

    /// Checks that both databases can plan and execute it.
    ///
    /// # Errors
    /// The exceeded limit.
    pub fn fits(&self, limits: &RequestLimits) -> Result<(), Exceeded> {
        let (most, joins) = (limits.joins as u64, self.joins());
        if joins > most {
            return Err(over(
                limits::JOINS.exceeded(most, joins),
                "relations in one list, with those of its filter and half of the ids of other rows",
            ));
        }
        // Each joined row has one more column: whether it exists.
        let columns = self.columns.len() + self.joined.len();
        if columns > MAX_COLUMNS {
            let exceeded = LimitExceeded::fixed("columns", MAX_COLUMNS as u64, columns as u64);
            return Err(over(exceeded, "columns in one list, with those of its to-one relations"));
        }
        Ok(())
    }
}
