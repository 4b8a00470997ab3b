//! The numbered columns of a mirrored table: each is a last-writer-wins register.

/// The register of `deleted_at`, the same in every table.
pub const DELETED_AT: u8 = 0;

/// A set of a row's registers, as bits: bit `n` is the register with number `n`.
pub type RegisterSet = u64;

/// The set that holds one register.
#[must_use]
pub const fn bit(register: u8) -> RegisterSet {
    1 << (register & 63)
}

/// The columns that events set, in the order of their register numbers.
///
/// Stored rows refer to registers by number: **append new columns, never remove or move one** (a test pins the
/// order).
#[derive(Debug)]
pub struct Registers {
    columns: &'static [&'static str],
    indexed: &'static [&'static str],
}

impl Registers {
    /// The registers of a table.
    ///
    /// # Panics
    /// When there are more than a [`RegisterSet`] holds, or the first one is not [`DELETED_AT`]. Meant for
    /// constants, where that does not compile.
    #[must_use]
    pub const fn new(columns: &'static [&'static str]) -> Self {
        assert!(columns.len() < 64, "a register set has 64 bits");
        assert!(is_same(columns[DELETED_AT as usize], "deleted_at"), "the first register is deleted_at");
        Self { columns, indexed: &[] }
    }

    /// Names the columns that are in an index, by themselves or by their sort keys; references and columns with a
    /// folded copy always are. A test compares it with the database.
    ///
    /// # Panics
    /// When there is no such column. Meant for constants, where that does not compile.
    #[must_use]
    pub const fn indexed(self, indexed: &'static [&'static str]) -> Self {
        let mut at = 0;
        while at < indexed.len() {
            let _ = self.number(indexed[at]);
            at += 1;
        }
        Self { indexed, ..self }
    }

    /// Whether the column is named as indexed.
    #[must_use]
    pub fn is_indexed(&self, column: &str) -> bool {
        self.indexed.contains(&column)
    }

    /// The names of the columns.
    #[must_use]
    pub const fn columns(&self) -> &'static [&'static str] {
        self.columns
    }

    /// The number of a column's register. Meant for constants, where a wrong name does not compile.
    ///
    /// # Panics
    /// When there is no such column.
    #[must_use]
    pub const fn number(&self, column: &str) -> u8 {
        let mut number = 0;
        while number < self.columns.len() {
            if is_same(self.columns[number], column) {
                #[expect(clippy::cast_possible_truncation, reason = "a table has fewer than 64 registers")]
                return number as u8;
            }
            number += 1;
        }
        panic!("the table has no such column")
    }
}

const fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}
