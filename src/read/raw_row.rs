//! A row as the driver received it, with one interface for both databases: values are read without copies.

use sea_orm::{
    DbErr, QueryResult,
    sqlx::{self, Row as _, ValueRef as _, postgres::PgRow, sqlite::SqliteRow},
};

/// One row.
#[derive(Clone, Copy)]
pub enum RawRow<'a> {
    /// `PostgreSQL`: values in its binary format.
    Postgres(&'a PgRow),
    /// `SQLite`.
    Sqlite(&'a SqliteRow),
}

impl<'a> RawRow<'a> {
    /// The row behind a result.
    ///
    /// # Errors
    /// When the result comes from neither database.
    pub fn of(result: &'a QueryResult) -> Result<Self, DbErr> {
        if let Some(row) = result.try_as_pg_row() {
            return Ok(Self::Postgres(row));
        }
        result.try_as_sqlite_row().map(Self::Sqlite).ok_or_else(|| DbErr::Type("a row of neither database".to_owned()))
    }

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Postgres(row) => row.len(),
            Self::Sqlite(row) => row.len(),
        }
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
        match self {
            Self::Postgres(row) => Ok(row.try_get_raw(index).map_err(|error| broken(&error))?.is_null()),
            Self::Sqlite(row) => Ok(row.try_get_raw(index).map_err(|error| broken(&error))?.is_null()),
        }
    }

    fn postgres(row: &'a PgRow, index: usize) -> Result<Option<&'a [u8]>, DbErr> {
        let value = row.try_get_raw(index).map_err(|error| broken(&error))?;
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
        match self {
            Self::Postgres(row) => match Self::postgres(row, index)? {
                None => Ok(None),
                Some(bytes) => match (<[u8; 8]>::try_from(bytes), <[u8; 4]>::try_from(bytes)) {
                    (Ok(bytes), _) => Ok(Some(i64::from_be_bytes(bytes))),
                    (_, Ok(bytes)) => Ok(Some(i64::from(i32::from_be_bytes(bytes)))),
                    _ => Err(DbErr::Type(format!("column {index} is not an integer"))),
                },
            },
            Self::Sqlite(row) => row.try_get_unchecked(index).map_err(|error| broken(&error)),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn bool(&self, index: usize) -> Result<Option<bool>, DbErr> {
        match self {
            Self::Postgres(row) => Ok(Self::postgres(row, index)?.map(|bytes| bytes == [1])),
            Self::Sqlite(row) => row.try_get_unchecked(index).map_err(|error| broken(&error)),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn text(&self, index: usize) -> Result<Option<&'a str>, DbErr> {
        match self {
            Self::Postgres(row) => Self::postgres(row, index)?
                .map(|bytes| std::str::from_utf8(bytes).map_err(|error| DbErr::Type(error.to_string())))
                .transpose(),
            Self::Sqlite(row) => row.try_get_unchecked(index).map_err(|error| broken(&error)),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// When the cell has another type.
    pub fn bytes(&self, index: usize) -> Result<Option<&'a [u8]>, DbErr> {
        match self {
            Self::Postgres(row) => Self::postgres(row, index),
            Self::Sqlite(row) => row.try_get_unchecked(index).map_err(|error| broken(&error)),
        }
    }
}

fn broken(error: &sqlx::Error) -> DbErr {
    DbErr::Type(error.to_string())
}
