//! The heart of the mirror: every column of every row is a last-writer-wins register.
//!
//! A told value wins if its clock is larger than the clock of the value it meets. That makes merging
//! commutative, associative and idempotent, so events may come late, twice and in any order. Pure:
//! nothing here knows a database or the sender's JSON.

use super::{
    clock::Clock,
    told::{Columns, Told},
};

/// The value of one column. JSON is text in canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Told as null, or never told.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An id, a number, an amount or a time.
    Int(i64),
    /// Text or canonical JSON.
    Text(String),
}

/// One mirrored row: its columns in the order of their register numbers, and who told them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One per register.
    pub cells: Vec<Cell>,
    /// When each of them was told.
    pub told: Told,
}

impl Row {
    /// A row of which nothing was told yet.
    #[must_use]
    pub fn stub(columns: usize) -> Self {
        Self { cells: vec![Cell::Null; columns], told: Told::default() }
    }
}

/// Values of one row, all told by one clock, each column once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// When.
    pub clock: Clock,
    /// Register number and value.
    pub cells: Vec<(u8, Cell)>,
}

impl Statement {
    /// The set of the columns that are told.
    #[must_use]
    pub fn columns(&self) -> Columns {
        self.cells.iter().fold(0, |columns, (register, _)| columns | bit(*register))
    }
}

/// What a merge did to the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The columns whose value is another one now.
    pub columns: Columns,
    /// A value is another one now, or the first one told.
    pub values: bool,
    /// Values or only their clocks changed: the row has to be written.
    pub row: bool,
}

/// The bit of a register in a column set.
#[must_use]
pub fn bit(register: u8) -> Columns {
    1 << (register & 63)
}

/// Merges what is told into the row.
///
/// Of two values with the very same clock, which no two events have, the larger one stays: the
/// outcome may depend on nothing but the set of statements.
pub fn merge(row: &mut Row, statement: &Statement) -> Merged {
    let (newer, same) = row.told.against(&statement.clock);
    let stub = row.told.is_empty();
    let (mut won, mut changed) = (0, 0);
    for (register, told) in &statement.cells {
        let column = bit(*register);
        let Some(cell) = row.cells.get_mut(usize::from(*register)) else { continue };
        if newer & column != 0 || (same & column != 0 && told <= cell) {
            continue;
        }
        won |= column;
        if cell != told {
            cell.clone_from(told);
            changed |= column;
        }
    }
    row.told.set(&statement.clock, won);
    let written = won & !same != 0 || changed != 0;
    Merged { columns: changed, values: changed != 0 || (stub && won != 0), row: written }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::projection::clock::{EventKey, Rank};

    const COLUMNS: u8 = 5;

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Null),
            any::<bool>().prop_map(Cell::Bool),
            (0_i64..4).prop_map(Cell::Int),
            "[ab]?".prop_map(Cell::Text),
        ]
    }

    /// Few times, ranks and events, so that ties of every degree are common.
    fn statement() -> impl Strategy<Value = Statement> {
        let clock = (1_i64..4, 0_u8..6, 0_u8..3, 0_u64..2).prop_map(|(ms, rank, id, hash)| Clock {
            ms,
            rank: Rank::of_digit(rank).unwrap(),
            event: EventKey { id: id.to_string().into(), hash },
        });
        let cells = proptest::collection::btree_map(0..COLUMNS, cell(), 0..4);
        (clock, cells).prop_map(|(clock, cells)| Statement { clock, cells: cells.into_iter().collect() })
    }

    fn merged<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> Row {
        let mut row = Row::stub(COLUMNS.into());
        for statement in statements {
            merge(&mut row, statement);
        }
        row
    }

    /// Two rows merge by telling one what the other was told.
    fn join(left: &Row, right: &Row) -> Row {
        let mut row = left.clone();
        for (clock, columns) in right.told.entries() {
            let told = (0..COLUMNS).filter(|register| columns & bit(*register) != 0);
            let cells = told.map(|register| (register, right.cells[usize::from(register)].clone())).collect();
            merge(&mut row, &Statement { clock: clock.clone(), cells });
        }
        row
    }

    /// The rule itself, said without registers or column sets.
    fn oracle(statements: &[Statement]) -> Vec<Cell> {
        let winner = |register| {
            let told = statements.iter().flat_map(|s| s.cells.iter().map(move |(r, cell)| (r, &s.clock, cell)));
            told.filter(|(r, ..)| **r == register).map(|(_, clock, cell)| (clock, cell)).max()
        };
        (0..COLUMNS).map(|register| winner(register).map_or(Cell::Null, |(_, cell)| cell.clone())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_order_and_any_repetition_gives_the_same_row(
            (told, shuffled) in proptest::collection::vec(statement(), 0..9)
                .prop_flat_map(|told| (Just(told.clone()), Just([told.clone(), told].concat()).prop_shuffle())),
        ) {
            let row = merged(&told);
            prop_assert_eq!(&row, &merged(&shuffled));
            prop_assert_eq!(&row, &merged(told.iter().rev()));
            prop_assert_eq!(&row.cells, &oracle(&told));
        }

        #[test]
        fn rows_merge_commutatively_associatively_and_idempotently(
            a in proptest::collection::vec(statement(), 0..5),
            b in proptest::collection::vec(statement(), 0..5),
            c in proptest::collection::vec(statement(), 0..5),
        ) {
            let (a, b, c) = (merged(&a), merged(&b), merged(&c));
            prop_assert_eq!(join(&a, &b), join(&b, &a));
            prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
            prop_assert_eq!(join(&a, &a), a);
        }

        #[test]
        fn a_merge_that_reports_no_change_made_none(
            told in proptest::collection::vec(statement(), 1..6),
        ) {
            let (last, before) = told.split_last().unwrap();
            let old = merged(before);
            let mut row = old.clone();
            let outcome = merge(&mut row, last);
            prop_assert_eq!(outcome.row, row != old);
            let first_told = old.told.is_empty() && !row.told.is_empty();
            prop_assert_eq!(outcome.values, row.cells != old.cells || first_told);
        }
    }

    #[test]
    fn null_told_later_clears_and_what_is_not_told_stays() {
        let at = |ms| Clock { ms, rank: Rank::Updated, event: EventKey::new("1", "0") };
        let row = merged(&[
            Statement { clock: at(1), cells: vec![(0, Cell::Int(7)), (1, Cell::Int(8))] },
            Statement { clock: at(2), cells: vec![(0, Cell::Null)] },
        ]);
        assert_eq!(row.cells[..2], [Cell::Null, Cell::Int(8)]);
    }
}
