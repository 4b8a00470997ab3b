//! Read connections of both databases, and how they are made.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    DatabaseConnection, DbBackend, QueryResult, SqlxPostgresConnector, SqlxSqliteConnector, Values,
    sqlx::{
        self,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqlitePoolOptions},
    },
};

use super::{
    postgres::PostgresReader,
    query::{ReadStatement, RowPredicate, query},
    sqlite::SqliteReader,
};
use crate::database::pooler::{self, Settings};

/// Makes read connections.
#[derive(Clone)]
pub(in crate::database) struct Connector {
    options: ConnectorOptions,
    /// Milliseconds; zero for none.
    statement_timeout_ms: Arc<AtomicU64>,
    /// Whether a connection pooler has refused our settings.
    settings_refused: Arc<AtomicBool>,
}

#[derive(Clone)]
pub(in crate::database) enum ConnectorOptions {
    /// With the settings of its connections, beside those of all read connections.
    Postgres(Box<PgConnectOptions>, Settings),
    Sqlite(Box<SqliteConnectOptions>),
}

/// A read connection.
pub(super) enum ReadConnection {
    Postgres(PostgresReader),
    Sqlite(SqliteReader),
}

impl Connector {
    pub(in crate::database) fn new(options: ConnectorOptions) -> Self {
        Self { options, statement_timeout_ms: Arc::default(), settings_refused: Arc::default() }
    }

    pub(super) fn backend(&self) -> DbBackend {
        match &self.options {
            ConnectorOptions::Postgres(..) => DbBackend::Postgres,
            ConnectorOptions::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    pub(super) fn set_statement_timeout(&self, time: Duration) {
        self.statement_timeout_ms.store(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// After what time the database ends a statement; zero for never.
    pub(super) fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms.load(Ordering::Relaxed))
    }

    pub(super) async fn connect(&self) -> Result<ReadConnection, sqlx::Error> {
        match &self.options {
            ConnectorOptions::Postgres(options, settings) => {
                Ok(ReadConnection::Postgres(self.connect_to_postgres(options, settings).await?))
            }
            ConnectorOptions::Sqlite(options) => Ok(ReadConnection::Sqlite(SqliteReader::connect(options).await?)),
        }
    }

    async fn connect_to_postgres(
        &self,
        options: &PgConnectOptions,
        settings: Settings,
    ) -> Result<PostgresReader, sqlx::Error> {
        if self.settings_refused.load(Ordering::Relaxed) {
            return PostgresReader::connect(options).await;
        }
        let reading = pooler::read_options(options, settings, self.statement_timeout_ms.load(Ordering::Relaxed));
        match PostgresReader::connect(&reading).await {
            Err(error) if pooler::refuses_settings(&error) => {
                self.settings_refused.store(true, Ordering::Relaxed);
                pooler::warn_of_refused_settings();
                PostgresReader::connect(options).await
            }
            connected => connected,
        }
    }

    /// A pool of one connection.
    pub(super) fn single_connection(&self) -> DatabaseConnection {
        match &self.options {
            ConnectorOptions::Postgres(options, settings) => {
                let reading = pooler::read_options(options, settings, 0);
                let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(reading);
                SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
            }
            ConnectorOptions::Sqlite(options) => {
                let pool = SqlitePoolOptions::new().max_connections(1).connect_lazy_with((**options).clone());
                SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
            }
        }
    }
}

impl ReadConnection {
    /// The rows of a statement; none when one of them was not wanted, and the statement has not come to its end.
    pub(super) async fn query(
        &mut self,
        statement: &ReadStatement,
        values: Values,
        wanted: RowPredicate<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        match self {
            Self::Postgres(reader) => reader.query(statement, values, wanted).await,
            Self::Sqlite(reader) => query(&mut reader.connection, statement, values, wanted).await,
        }
    }

    /// Whether it still works after this idle time.
    pub(super) async fn is_alive(&mut self, idle_for: Duration) -> bool {
        match self {
            Self::Postgres(connection) => connection.is_alive(idle_for).await,
            Self::Sqlite(_) => true,
        }
    }

    /// Whether it can be used again after a statement failed.
    pub(super) fn survives_errors(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Cancels the running statement; gives the connection back if it can be used again.
    pub(super) async fn cancel(self, connector: &Connector) -> Option<Self> {
        match (self, &connector.options) {
            (Self::Postgres(connection), ConnectorOptions::Postgres(options, _)) => {
                connection.cancel(options).await;
                None
            }
            (Self::Sqlite(connection), _) => connection.cancel().await.map(Self::Sqlite),
            (Self::Postgres(_), ConnectorOptions::Sqlite(_)) => None,
        }
    }

    pub(super) async fn close(self) {
        match self {
            Self::Postgres(connection) => connection.close().await,
            Self::Sqlite(connection) => connection.close().await,
        }
    }
}
