//! Statements that are run one after the other, each over rows of its own, and what they came to.

use futures_util::TryStreamExt as _;
use sea_orm::sqlx::{
    self, Either, Executor as _, PgConnection, Postgres, Row as _, SqliteConnection,
    postgres::{PgArguments, PgRow},
    sqlite::SqliteRow,
};

use super::{
    grid::{Values, json},
    sql::Sql,
};
use crate::{
    projection::{
        merge::{Cell, Row},
        tables::{Kind, Spec},
        told::Told,
    },
    value_times::ValueTimes,
};

/// A statement and the rows that it takes, column by column.
pub type Step = (&'static Sql, Vec<Values>);

/// What a statement came to.
pub struct Done {
    /// How many rows it changed.
    pub changed: u64,
    rows: Rows,
}

enum Rows {
    Postgres(Vec<PgRow>),
    Sqlite(Vec<SqliteRow>),
}

/// A stored row: key, registers, and when a value last changed.
pub struct Stored {
    /// The key.
    pub id: i64,
    /// Registers and their clocks.
    pub row: Row,
    /// When a value last changed.
    pub updated_at: i64,
    /// When which of them.
    pub value_times: ValueTimes,
}

/// Reads one cell from a row of either driver.
macro_rules! cell {
    ($row:expr, $at:expr, $kind:expr) => {
        match $kind {
            Kind::Int => $row.try_get::<Option<i64>, usize>($at)?.map_or(Cell::Null, Cell::Int),
            Kind::Text => $row.try_get::<Option<String>, usize>($at)?.map_or(Cell::Null, Cell::Text),
            Kind::Bool => $row.try_get::<Option<bool>, usize>($at)?.map_or(Cell::Null, Cell::Bool),
        }
    };
}
pub(super) use cell;

/// Reads one stored row from a row of either driver.
macro_rules! stored {
    ($row:expr, $spec:expr) => {{
        let (row, columns) = ($row, $spec.columns);
        let mut cells = Vec::with_capacity(columns.len());
        for (at, column) in (1..).zip(columns) {
            cells.push(cell!(row, at, column.kind));
        }
        let told: &str = row.try_get(columns.len() + 1)?;
        let told = Told::parse(told).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let updated_at = row.try_get(columns.len() + 2)?;
        let value_times: Option<&str> = row.try_get(columns.len() + 3)?;
        let value_times = ValueTimes::parse(value_times.unwrap_or_default(), updated_at);
        Ok(Stored { id: row.try_get(0)?, row: Row { cells, told }, updated_at, value_times })
    }};
}

impl Done {
    /// The keys that it gave.
    pub fn keys(&self) -> Result<Vec<i64>, sqlx::Error> {
        match &self.rows {
            Rows::Postgres(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
            Rows::Sqlite(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
        }
    }

    /// The rows of a table that it gave.
    pub fn stored(&self, spec: &Spec) -> Result<Vec<Stored>, sqlx::Error> {
        match &self.rows {
            Rows::Postgres(rows) => rows.iter().map(|row| stored!(row, spec)).collect(),
            Rows::Sqlite(rows) => rows.iter().map(|row| stored!(row, spec)).collect(),
        }
    }
}

/// Runs the statements on a connection of either driver.
macro_rules! run {
    ($connection:expr, $steps:expr, $rows:path, $query:expr) => {{
        let mut all = Vec::with_capacity($steps.len());
        for (sql, columns) in $steps {
            let (mut changed, mut rows) = (0, Vec::new());
            let mut results = $connection.fetch_many($query(sql, columns));
            while let Some(result) = results.try_next().await? {
                match result {
                    Either::Left(done) => changed += done.rows_affected(),
                    Either::Right(row) => rows.push(row),
                }
            }
            all.push(Done { changed, rows: $rows(rows) });
        }
        Ok(all)
    }};
}

pub async fn on_postgres(connection: &mut PgConnection, steps: Vec<Step>) -> Result<Vec<Done>, sqlx::Error> {
    run!(connection, steps, Rows::Postgres, bind)
}

pub async fn on_sqlite(connection: &mut SqliteConnection, steps: Vec<Step>) -> Result<Vec<Done>, sqlx::Error> {
    let query = |sql: &'static Sql, columns: Vec<Values>| sqlx::query(sql.sqlite.as_str()).bind(json(&columns));
    run!(connection, steps, Rows::Sqlite, query)
}

fn bind(sql: &'static Sql, columns: Vec<Values>) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    columns.into_iter().fold(sqlx::query(sql.postgres.as_str()), |query, column| match column {
        Values::Ints(values) => query.bind(values),
        Values::Texts(values) => query.bind(values),
        Values::Bools(values) => query.bind(values),
    })
}
