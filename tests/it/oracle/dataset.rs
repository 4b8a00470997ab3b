//! A dataset in memory: every row of every table, as the databases store it.

use std::collections::BTreeMap;

mod columns;
mod generate;

pub use generate::make;

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row: column to value.
pub type Row = BTreeMap<String, Cell>;

/// All rows by table.
#[derive(Debug, Default)]
pub struct Dataset {
    tables: BTreeMap<&'static str, Vec<Row>>,
}

impl Dataset {
    /// Sets the rows of a table.
    pub fn set(&mut self, table: &'static str, rows: Vec<Row>) {
        self.tables.insert(table, rows);
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// The row whose column holds this key.
    pub fn find(&self, table: &str, column: &str, key: &Cell) -> Option<&Row> {
        self.rows(table).iter().find(|row| *key != Cell::Null && row[column] == *key)
    }
}
