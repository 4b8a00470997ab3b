//! What the two databases' connections have in common here.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{Stream, StreamExt as _};
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, QueryResult, SqlxPostgresConnector, SqlxSqliteConnector, Statement, Value,
    Values,
    sqlx::{
        self,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqlitePoolOptions},
    },
};

use super::{postgres::Postgres, sqlite::Sqlite};
use crate::database::pooler::{self, Settings};

/// Makes connections.
#[derive(Clone)]
pub(in crate::database) struct Connector {
    options: Options,
    /// Milliseconds; zero for no end.
    statement_ms: Arc<AtomicU64>,
    /// Whether a connection pooler has refused our settings.
    plain: Arc<AtomicBool>,
}

#[derive(Clone)]
pub(in crate::database) enum Options {
    /// With what its connections ask for, besides what all that read do.
    Postgres(Box<PgConnectOptions>, Settings),
    Sqlite(Box<SqliteConnectOptions>),
}

/// A connection that reads.
pub(super) enum Connection {
    Postgres(Postgres),
    Sqlite(Sqlite),
}

/// Whether a row is wanted, and those behind it.
pub(super) type Wanted<'a> = &'a mut (dyn FnMut(&QueryResult) -> Result<bool, DbErr> + Send);

/// Gathers rows for as long as they are wanted.
pub(super) async fn gather<R>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    wanted: Wanted<'_>,
) -> Result<Option<Vec<QueryResult>>, sqlx::Error>
where
    QueryResult: From<R>,
{
    let mut gathered = Vec::new();
    while let Some(row) = rows.next().await {
        let row = QueryResult::from(row?);
        if !wanted(&row).map_err(|error| sqlx::Error::Decode(error.into()))? {
            return Ok(None);
        }
        gathered.push(row);
    }
    Ok(Some(gathered))
}

/// Statements that a connection keeps prepared.
pub(super) const KEPT_STATEMENTS: usize = 64;
/// Tables of a statement that is kept: what it takes grows with their square.
const KEPT_TABLES: usize = 10;
/// Bytes of the text of a statement that is kept.
const KEPT_BYTES: usize = 8 * 1024;

/// Whether a statement is worth its memory, as far as its text tells. Planning a large one takes milliseconds, and each would keep some
/// megabytes for as long as its connection lives.
pub(super) fn is_kept(sql: &str) -> bool {
    sql.len() <= KEPT_BYTES && sql.matches(" join ").count() + sql.matches(" from ").count() <= KEPT_TABLES
}

impl Connector {
    pub(in crate::database) fn new(options: Options) -> Self {
        Self { options, statement_ms: Arc::default(), plain: Arc::default() }
    }

    pub(super) fn backend(&self) -> DbBackend {
        match &self.options {
            Options::Postgres(..) => DbBackend::Postgres,
            Options::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    pub(super) fn end_statements_after(&self, time: Duration) {
        self.statement_ms.store(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// After what time a statement is ended; zero for never.
    pub(super) fn longest_statement(&self) -> Duration {
        Duration::from_millis(self.statement_ms.load(Ordering::Relaxed))
    }

    pub(super) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        match &self.options {
            Options::Postgres(options, besides) => {
                Ok(Connection::Postgres(self.connect_to_postgres(options, besides).await?))
            }
            Options::Sqlite(options) => Ok(Connection::Sqlite(Sqlite::connect(options).await?)),
        }
    }

    async fn connect_to_postgres(
        &self,
        options: &PgConnectOptions,
        besides: Settings,
    ) -> Result<Postgres, sqlx::Error> {
        if self.plain.load(Ordering::Relaxed) {
            return Postgres::connect(options).await;
        }
        let reading = pooler::reading(options, besides, self.statement_ms.load(Ordering::Relaxed));
        match Postgres::connect(&reading).await {
            Err(error) if pooler::refuses_settings(&error) => {
                self.plain.store(true, Ordering::Relaxed);
                pooler::tell_of_refusal();
                Postgres::connect(options).await
            }
            connected => connected,
        }
    }

    /// A pool of one connection.
    pub(super) fn pool(&self) -> DatabaseConnection {
        match &self.options {
            Options::Postgres(options, besides) => {
                let reading = pooler::reading(options, besides, 0);
                let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(reading);
                SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
            }
            Options::Sqlite(options) => {
                let pool = SqlitePoolOptions::new().max_connections(1).connect_lazy_with((**options).clone());
                SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
            }
        }
    }

    pub(super) fn postgres_options(&self) -> Option<&PgConnectOptions> {
        match &self.options {
            Options::Postgres(options, _) => Some(options),
            Options::Sqlite(_) => None,
        }
    }
}

impl Connection {
    /// The rows of a statement; none when one of them was not wanted, and the statement is not at its end.
    pub(super) async fn query(
        &mut self,
        statement: &Statement,
        wanted: Wanted<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        let values = statement.values.as_ref().map_or_else(|| Values(Vec::<Value>::new()), Values::clone);
        match self {
            Self::Postgres(connection) => connection.query(&statement.sql, values, wanted).await,
            Self::Sqlite(connection) => connection.query(&statement.sql, values, wanted).await,
        }
    }

    /// Whether it still works after having been idle for so long.
    pub(super) async fn is_alive(&mut self, idle_for: Duration) -> bool {
        match self {
            Self::Postgres(connection) => connection.is_alive(idle_for).await,
            Self::Sqlite(_) => true,
        }
    }

    /// Whether it can be used on after a statement failed.
    pub(super) fn survives_errors(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Cancels the statement at work; gives the connection back if it can be used on.
    pub(super) async fn cancelled(self, connector: &Connector) -> Option<Self> {
        match self {
            Self::Postgres(connection) => {
                connection.cancel(connector.postgres_options()?).await;
                None
            }
            Self::Sqlite(connection) => connection.cancelled().await.map(Self::Sqlite),
        }
    }

    pub(super) async fn close(self) {
        match self {
            Self::Postgres(connection) => connection.close().await,
            Self::Sqlite(connection) => connection.close().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_kept;

    #[test]
    fn a_statement_is_kept_unless_it_is_large() {
        let joins =
            |count: usize| format!("select t.id from lead t{}", " left join promoter j on j.id = t.id".repeat(count));
        assert!(is_kept("select 1") && is_kept(&joins(9)));
        assert!(!is_kept(&joins(10)));
        assert!(!is_kept(&format!("select {} from lead t", "t.email, ".repeat(1_000))));
    }
}
