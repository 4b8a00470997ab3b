//! The programme in memory: every row of every table, as the databases hold it.

use std::collections::BTreeMap;

mod columns;
mod made;

pub use made::make;
use promograph::read::model::{EntityType, Link};

use super::ids::{entity, types};

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
pub struct Programme {
    tables: BTreeMap<&'static str, Vec<Row>>,
}

impl Programme {
    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether the programme tells a field or a relation of this type.
    pub fn holds(&self, of: &EntityType, name: &str) -> bool {
        let column = match (of.field(name), of.relation(name)) {
            (Some(field), _) => field.column,
            (None, Some(relation)) => match relation.link {
                _ if !types().any(|entity| entity.name == relation.target) => return false,
                Link::ToOne { column } => column,
                Link::ToMany { column } => {
                    return self.rows(entity(relation.target).table).iter().all(|row| row.contains_key(column));
                }
                Link::Through { .. } => return false,
            },
            (None, None) => return true,
        };
        self.rows(of.table).iter().all(|row| row.contains_key(column))
    }

    /// The row whose column holds this key.
    pub fn find(&self, table: &str, column: &str, key: &Cell) -> Option<&Row> {
        self.rows(table).iter().find(|row| *key != Cell::Null && row[column] == *key)
    }
}
