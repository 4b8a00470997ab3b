//! A row as the driver received it, with one interface for both databases: values are read without copies.

use sea_orm::{
    DbErr, QueryResult,
    sqlx::{self, Row as _, ValueRef as _, postgres::PgRow, sqlite::SqliteRow},
};

/// One row, or the end of one: a statement may read a row with those of a list below it.
#[derive(Clone, Copy)]
pub struct RawRow<'a> {
    row: DriverRow<'a>,
    /// The first cell.
    start: usize,
}

#[derive(Clone, Copy)]
enum DriverRow<'a> {
    /// Values in `PostgreSQL`'s binary format.
    Postgres(&'a PgRow),
    Sqlite(&'a SqliteRow),
}

impl<'a> RawRow<'a> {
    /// The row behind a result.
    ///
    /// # Errors
    /// When the result comes from neither database.
    pub fn of(result: &'a QueryResult) -> Result<Self, DbErr> {
        Self::from(result, 0)
    }

    /// The row behind a result, from a cell on.
    ///
    /// # Errors
    /// When the result comes from neither database.
    pub fn from(result: &'a QueryResult, start: usize) -> Result<Self, DbErr> {
        if let Some(row) = result.try_as_pg_row() {
            return Ok(Self { row: DriverRow::Postgres(row), start });
        }
        let row = result.try_as_sqlite_row().map(DriverRow::Sqlite);
        row.map(|row| Self { row, start }).ok_or_else(|| DbErr::Type("a row of neither database".to_owned()))
    }

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        let cells = match self.row {
            DriverRow::Postgres(row) => row.len(),
            DriverRow::Sqlite(row) => row.len(),
        };
        cells.saturating_sub(self.start)
    }

    /// Its approximate size in bytes; only these columns have values of variable length.
    ///
    /// # Errors
    /// When there is no such cell.
    pub fn size(&self, long: &[usize]) -> Result<usize, DbErr> {
        let short = self.len() * size_of::<i64>();
        long.iter().try_fold(short, |size, index| Ok(size + self.bytes(*index)?.map_or(0, <[u8]>::len)))
    }

    /// Whether a cell is null.
    ///
    /// # Errors
    /// When there is no such cell.
    pub fn is_null(&self, index: usize) -> Result<bool, DbErr> {
        match self.row {
            DriverRow::Postgres(row) => {
                Ok(row.try_get_raw(self.start + index).map_err(|error| broken(&error))?.is_null())
            }
            DriverRow::Sqlite(row) => {
                Ok(row.try_get_raw(self.start + index).map_err(|error| broken(&error))?.is_null())
            }
        }
    }

    fn postgres(&self, row: &'a PgRow, index: usize) -> Result<Option<&'a [u8]>, DbErr> {
        let value = row.try_get_raw(self.start + index).map_err(|error| broken(&error))?;
        if value.is_null() {
            return Ok(None);
        }
        value.as_bytes().map(Some).map_err(|error| DbErr::Type(error.to_string()))
    }

    /// An integer.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn int(&self, index: usize) -> Result<Option<i64>, DbErr> {
        match self.row {
            DriverRow::Postgres(row) => match self.postgres(row, index)? {
                None => Ok(None),
                Some(bytes) => match (<[u8; 8]>::try_from(bytes), <[u8; 4]>::try_from(bytes)) {
                    (Ok(bytes), _) => Ok(Some(i64::from_be_bytes(bytes))),
                    (_, Ok(bytes)) => Ok(Some(i64::from(i32::from_be_bytes(bytes)))),
                    _ => Err(DbErr::Type(format!("column {index} is not an integer"))),
                },
            },
            DriverRow::Sqlite(row) => row.try_get_unchecked(self.start + index).map_err(|error| broken(&error)),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn bool(&self, index: usize) -> Result<Option<bool>, DbErr> {
        match self.row {
            DriverRow::Postgres(row) => Ok(self.postgres(row, index)?.map(|bytes| bytes == [1])),
            DriverRow::Sqlite(row) => row.try_get_unchecked(self.start + index).map_err(|error| broken(&error)),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn text(&self, index: usize) -> Result<Option<&'a str>, DbErr> {
        match self.row {
            DriverRow::Postgres(row) => self
                .postgres(row, index)?
                .map(|bytes| std::str::from_utf8(bytes).map_err(|error| DbErr::Type(error.to_string())))
                .transpose(),
            DriverRow::Sqlite(row) => row.try_get_unchecked(self.start + index).map_err(|error| broken(&error)),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn bytes(&self, index: usize) -> Result<Option<&'a [u8]>, DbErr> {
        match self.row {
            DriverRow::Postgres(row) => self.postgres(row, index),
            DriverRow::Sqlite(row) => row.try_get_unchecked(self.start + index).map_err(|error| broken(&error)),
        }
    }
}

fn broken(error: &sqlx::Error) -> DbErr {
    DbErr::Type(error.to_string())
}
