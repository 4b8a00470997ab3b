//! Statements with their parameters, run one after the other, and their results.

use futures_util::TryStreamExt as _;
use sea_orm::sqlx::{
    self, Either, Executor as _, PgConnection, Postgres, Row as _, SqliteConnection,
    postgres::{PgArguments, PgRow},
    sqlite::SqliteRow,
};

use super::{
    column_batch::{ColumnBatch, json},
    sql::DialectSql,
};
use crate::{
    projection::{
        field_clocks::FieldClocks,
        merge::{Cell, RowState},
        mirror::{SqlType, TableSpec},
    },
    value_times::ValueTimes,
};

/// A statement and its input rows, column by column.
pub type BoundStatement = (&'static DialectSql, Vec<ColumnBatch>);

/// A statement's result.
pub struct StatementResult {
    /// The number of rows it changed.
    pub changed: u64,
    rows: DriverRows,
}

enum DriverRows {
    Postgres(Vec<PgRow>),
    Sqlite(Vec<SqliteRow>),
}

/// A stored row: key, registers, and when a value last changed.
pub struct StoredRow {
    /// The key.
    pub id: i64,
    /// Registers and their clocks.
    pub row: RowState,
    /// When a value last changed.
    pub updated_at: i64,
    /// When each value last changed.
    pub value_times: ValueTimes,
}

/// Reads one cell from a row of either driver.
macro_rules! cell {
    ($row:expr, $at:expr, $kind:expr) => {
        match $kind {
            SqlType::Int => $row.try_get::<Option<i64>, usize>($at)?.map_or(Cell::Null, Cell::Int),
            SqlType::Text => $row.try_get::<Option<String>, usize>($at)?.map_or(Cell::Null, Cell::Text),
            SqlType::Bool => $row.try_get::<Option<bool>, usize>($at)?.map_or(Cell::Null, Cell::Bool),
        }
    };
}
pub(super) use cell;

/// Reads one stored row from a row of either driver.
macro_rules! stored_row {
    ($row:expr, $spec:expr) => {{
        let (row, columns) = ($row, &$spec.registers);
        let mut cells = Vec::with_capacity(columns.len());
        for (at, column) in (1..).zip(columns) {
            cells.push(cell!(row, at, column.sql_type));
        }
        let field_clocks: &str = row.try_get(columns.len() + 1)?;
        let field_clocks = FieldClocks::parse(field_clocks).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let updated_at = row.try_get(columns.len() + 2)?;
        let value_times: Option<&str> = row.try_get(columns.len() + 3)?;
        let value_times = ValueTimes::parse(value_times.unwrap_or_default(), updated_at);
        Ok(StoredRow { id: row.try_get(0)?, row: RowState { cells, field_clocks }, updated_at, value_times })
    }};
}

impl StatementResult {
    /// The returned keys.
    pub fn keys(&self) -> Result<Vec<i64>, sqlx::Error> {
        match &self.rows {
            DriverRows::Postgres(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
            DriverRows::Sqlite(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
        }
    }

    /// The returned rows of a table.
    pub fn stored_rows(&self, spec: &TableSpec) -> Result<Vec<StoredRow>, sqlx::Error> {
        match &self.rows {
            DriverRows::Postgres(rows) => rows.iter().map(|row| stored_row!(row, spec)).collect(),
            DriverRows::Sqlite(rows) => rows.iter().map(|row| stored_row!(row, spec)).collect(),
        }
    }
}

/// Runs the statements on a connection of either driver.
macro_rules! run {
    ($connection:expr, $statements:expr, $rows:path, $query:expr) => {{
        let mut all = Vec::with_capacity($statements.len());
        for (sql, columns) in $statements {
            let (mut changed, mut rows) = (0, Vec::new());
            let mut results = $connection.fetch_many($query(sql, columns));
            while let Some(result) = results.try_next().await? {
                match result {
                    Either::Left(done) => changed += done.rows_affected(),
                    Either::Right(row) => rows.push(row),
                }
            }
            all.push(StatementResult { changed, rows: $rows(rows) });
        }
        Ok(all)
    }};
}

pub async fn on_postgres(
    connection: &mut PgConnection,
    statements: Vec<BoundStatement>,
) -> Result<Vec<StatementResult>, sqlx::Error> {
    run!(connection, statements, DriverRows::Postgres, bind)
}

pub async fn on_sqlite(
    connection: &mut SqliteConnection,
    statements: Vec<BoundStatement>,
) -> Result<Vec<StatementResult>, sqlx::Error> {
    let query =
        |sql: &'static DialectSql, columns: Vec<ColumnBatch>| sqlx::query(sql.sqlite.as_str()).bind(json(&columns));
    run!(connection, statements, DriverRows::Sqlite, query)
}

fn bind(sql: &'static DialectSql, columns: Vec<ColumnBatch>) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    columns.into_iter().fold(sqlx::query(sql.postgres.as_str()), |query, column| match column {
        ColumnBatch::Ints(values) => query.bind(values),
        ColumnBatch::Texts(values) => query.bind(values),
        ColumnBatch::Bools(values) => query.bind(values),
    })
}
