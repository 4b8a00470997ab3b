//! Merging: every column of a mirrored row is a last-writer-wins register.
//!
//! A new value wins if its clock is larger than the clock of the value it replaces. That makes merging
//! commutative, associative and idempotent, so events may arrive late, twice and in any order. Pure: this
//! module knows neither a database nor the sender's JSON.

use super::{
    clock::Clock,
    field_clocks::FieldClocks,
    registers::{RegisterSet, bit},
};

/// The value of one column. JSON is text in canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Set to null, or never set.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An id, a number, an amount or a time.
    Int(i64),
    /// Text or canonical JSON.
    Text(String),
}

/// The state of one mirrored row: its values, and the clock of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowState {
    /// The values, indexed by register number.
    pub cells: Vec<Cell>,
    /// When each of them was set.
    pub field_clocks: FieldClocks,
}

impl RowState {
    /// A row of which no register was set yet.
    #[must_use]
    pub fn stub(registers: usize) -> Self {
        Self { cells: vec![Cell::Null; registers], field_clocks: FieldClocks::default() }
    }
}

/// New values for registers of one row, all with the same clock, each register at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldUpdates {
    /// The clock of all of them.
    pub clock: Clock,
    /// Register number and value.
    pub cells: Vec<(u8, Cell)>,
}

impl FieldUpdates {
    /// The registers that are set.
    #[must_use]
    pub fn registers(&self) -> RegisterSet {
        self.cells.iter().fold(0, |set, (register, _)| set | bit(*register))
    }
}

/// How a merge changed the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeOutcome {
    /// The registers whose values changed.
    pub changed: RegisterSet,
    /// A value changed, or the row is no stub any more.
    pub is_visible: bool,
    /// Values or clocks changed: the row has to be written.
    pub needs_write: bool,
}

impl MergeOutcome {
    /// The outcome of this merge and a later one together.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            changed: self.changed | later.changed,
            is_visible: self.is_visible || later.is_visible,
            needs_write: self.needs_write || later.needs_write,
        }
    }
}

/// Merges new values into a row.
///
/// Two different events never have the same clock. Should two values have the same clock nevertheless, the
/// larger value wins: the result depends on nothing but the set of updates.
pub fn merge(row: &mut RowState, update: &FieldUpdates) -> MergeOutcome {
    let (newer, same) = row.field_clocks.compare(&update.clock);
    let was_stub = row.field_clocks.is_empty();
    let (mut won, mut changed) = (0, 0);
    for (register, new) in &update.cells {
        let bit = bit(*register);
        let Some(cell) = row.cells.get_mut(usize::from(*register)) else { continue };
        if newer & bit != 0 || (same & bit != 0 && new <= cell) {
            continue;
        }
        won |= bit;
        if cell != new {
            cell.clone_from(new);
            changed |= bit;
        }
    }
    row.field_clocks.set(&update.clock, won);
    MergeOutcome {
        changed,
        is_visible: changed != 0 || (was_stub && won != 0),
        needs_write: won & !same != 0 || changed != 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::projection::clock::{EventKey, Precedence};

    const REGISTERS: u8 = 5;

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Null),
            any::<bool>().prop_map(Cell::Bool),
            (0_i64..4).prop_map(Cell::Int),
            "[ab]?".prop_map(Cell::Text),
        ]
    }

    /// Few times, precedences and events, so that ties of every degree are common.
    fn update() -> impl Strategy<Value = FieldUpdates> {
        let clock = (1_i64..4, 0_u8..6, 0_u8..3, 0_u64..2).prop_map(|(ms, precedence, id, hash)| Clock {
            ms,
            precedence: Precedence::from_digit(precedence).unwrap(),
            event: EventKey { id: id.to_string().into(), hash },
        });
        let cells = proptest::collection::btree_map(0..REGISTERS, cell(), 0..4);
        (clock, cells).prop_map(|(clock, cells)| FieldUpdates { clock, cells: cells.into_iter().collect() })
    }

    fn merged<'a>(updates: impl IntoIterator<Item = &'a FieldUpdates>) -> RowState {
        let mut row = RowState::stub(REGISTERS.into());
        for update in updates {
            merge(&mut row, update);
        }
        row
    }

    /// Merges two rows: every register of the right one is an update of the left one.
    fn join(left: &RowState, right: &RowState) -> RowState {
        let mut row = left.clone();
        for (clock, set) in right.field_clocks.entries() {
            let registers = (0..REGISTERS).filter(|register| set & bit(*register) != 0);
            let cells = registers.map(|register| (register, right.cells[usize::from(register)].clone())).collect();
            merge(&mut row, &FieldUpdates { clock: clock.clone(), cells });
        }
        row
    }

    /// The rule itself, without row states and register sets.
    fn oracle(updates: &[FieldUpdates]) -> Vec<Cell> {
        let winner = |register| {
            let values = updates.iter().flat_map(|u| u.cells.iter().map(move |(r, cell)| (r, &u.clock, cell)));
            values.filter(|(r, ..)| **r == register).map(|(_, clock, cell)| (clock, cell)).max()
        };
        (0..REGISTERS).map(|register| winner(register).map_or(Cell::Null, |(_, cell)| cell.clone())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_order_and_any_repetition_gives_the_same_row(
            (updates, shuffled) in proptest::collection::vec(update(), 0..9)
                .prop_flat_map(|updates| (Just(updates.clone()), Just([updates.clone(), updates].concat()).prop_shuffle())),
        ) {
            let row = merged(&updates);
            prop_assert_eq!(&row, &merged(&shuffled));
            prop_assert_eq!(&row, &merged(updates.iter().rev()));
            prop_assert_eq!(&row.cells, &oracle(&updates));
        }

        #[test]
        fn rows_merge_commutatively_associatively_and_idempotently(
            a in proptest::collection::vec(update(), 0..5),
            b in proptest::collection::vec(update(), 0..5),
            c in proptest::collection::vec(update(), 0..5),
        ) {
            let (a, b, c) = (merged(&a), merged(&b), merged(&c));
            prop_assert_eq!(join(&a, &b), join(&b, &a));
            prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
            prop_assert_eq!(join(&a, &a), a);
        }

        #[test]
        fn a_merge_that_reports_no_change_made_none(
            updates in proptest::collection::vec(update(), 1..6),
        ) {
            let (last, before) = updates.split_last().unwrap();
            let old = merged(before);
            let mut row = old.clone();
            let outcome = merge(&mut row, last);
            prop_assert_eq!(outcome.needs_write, row != old);
            let first_set = old.field_clocks.is_empty() && !row.field_clocks.is_empty();
            prop_assert_eq!(outcome.is_visible, row.cells != old.cells || first_set);
        }
    }

    #[test]
    fn a_later_null_clears_and_registers_that_are_not_set_stay() {
        let at = |ms| Clock { ms, precedence: Precedence::Updated, event: EventKey::new("1", "0") };
        let row = merged(&[
            FieldUpdates { clock: at(1), cells: vec![(0, Cell::Int(7)), (1, Cell::Int(8))] },
            FieldUpdates { clock: at(2), cells: vec![(0, Cell::Null)] },
        ]);
        assert_eq!(row.cells[..2], [Cell::Null, Cell::Int(8)]);
    }
}
