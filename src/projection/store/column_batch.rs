//! The parameters of a statement over many rows, column by column: arrays for `PostgreSQL`, one JSON text for
//! `SQLite`. Either way the statement's text does not depend on the number of rows.

use std::fmt::Write as _;

use crate::{
    json::string::push_string,
    projection::{merge::Cell, mirror::SqlType},
};

/// The values of one column, one per row.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnBatch {
    /// Integers.
    Ints(Vec<Option<i64>>),
    /// Text.
    Texts(Vec<Option<String>>),
    /// True or false.
    Bools(Vec<Option<bool>>),
}

impl ColumnBatch {
    /// An empty column.
    pub fn with_capacity(sql_type: SqlType, rows: usize) -> Self {
        match sql_type {
            SqlType::Int => Self::Ints(Vec::with_capacity(rows)),
            SqlType::Text => Self::Texts(Vec::with_capacity(rows)),
            SqlType::Bool => Self::Bools(Vec::with_capacity(rows)),
        }
    }

    /// Appends a row's cell; one of another type becomes null.
    pub fn push(&mut self, cell: &Cell) {
        match (self, cell) {
            (Self::Ints(column), Cell::Int(value)) => column.push(Some(*value)),
            (Self::Ints(column), _) => column.push(None),
            (Self::Texts(column), Cell::Text(value)) => column.push(Some(value.clone())),
            (Self::Texts(column), _) => column.push(None),
            (Self::Bools(column), Cell::Bool(value)) => column.push(Some(*value)),
            (Self::Bools(column), _) => column.push(None),
        }
    }

    /// Integers, none of them null.
    pub fn ints(values: impl IntoIterator<Item = i64>) -> Self {
        Self::Ints(values.into_iter().map(Some).collect())
    }

    /// Texts, none of them null.
    pub fn texts(values: impl IntoIterator<Item = String>) -> Self {
        Self::Texts(values.into_iter().map(Some).collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::Ints(column) => column.len(),
            Self::Texts(column) => column.len(),
            Self::Bools(column) => column.len(),
        }
    }

    fn write(&self, row: usize, json: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Ints(column) => column.get(row).copied().flatten().map(|value| write!(json, "{value}")),
            Self::Bools(column) => column.get(row).copied().flatten().map(|value| write!(json, "{value}")),
            Self::Texts(column) => column.get(row).and_then(Option::as_deref).map(|value| {
                push_string(value, json);
                Ok(())
            }),
        }
        .unwrap_or_else(|| {
            json.push_str("null");
            Ok(())
        });
    }
}

/// A JSON array of rows, each an array of its cells.
pub fn json(columns: &[ColumnBatch]) -> String {
    let rows = columns.first().map_or(0, ColumnBatch::len);
    let mut json = String::with_capacity(rows * columns.len() * 8);
    for row in 0..rows {
        json.push_str(if row == 0 { "[[" } else { ",[" });
        for (position, column) in columns.iter().enumerate() {
            if position > 0 {
                json.push(',');
            }
            column.write(row, &mut json);
        }
        json.push(']');
    }
    json.push_str(if rows == 0 { "[]" } else { "]" });
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_json_arrays() {
        let mut flags = ColumnBatch::with_capacity(SqlType::Bool, 2);
        flags.push(&Cell::Bool(true));
        flags.push(&Cell::Text("no flag".into()));
        let columns =
            [ColumnBatch::ints([1, i64::MIN]), ColumnBatch::Texts(vec![Some("a\"\u{1}é".into()), None]), flags];
        let text = json(&columns);
        assert_eq!(text, "[[1,\"a\\\"\\u0001é\",true],[-9223372036854775808,null,null]]");
        assert_eq!(json(&[ColumnBatch::ints([])]), "[]");
    }
}
