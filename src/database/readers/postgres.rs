//! A read connection to `PostgreSQL`.
//!
//! Each has an `application_name` of its own, by which another connection finds its statement and cancels it: the
//! driver reveals neither the process id nor the cancel key of a connection, and behind a pooler the process changes
//! while the name goes along (`PgBouncer` sets it anew with each transaction).

use std::time::Duration;

use sea_orm::{
    QueryResult, Values,
    sqlx::{self, AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions},
};
use tokio::time::timeout;
use uuid::Uuid;

use super::query::{ReadStatement, RowPredicate, STATEMENT_CACHE_SIZE, query};

/// A connection that was idle for longer is checked first: a firewall may have dropped it.
const MAX_UNCHECKED_IDLE: Duration = Duration::from_secs(30);
/// How long that check may take.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// How long cancelling may take; a database that does not answer in this time may be gone.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(3);
/// How long closing may take.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

pub(super) struct PostgresReader {
    pub(super) connection: PgConnection,
    name: String,
}

impl PostgresReader {
    pub(super) async fn connect(options: &PgConnectOptions) -> Result<Self, sqlx::Error> {
        let name = format!("promograph read {}", Uuid::now_v7().simple());
        let options = options.clone().application_name(&name).statement_cache_capacity(STATEMENT_CACHE_SIZE);
        Ok(Self { connection: PgConnection::connect_with(&options).await?, name })
    }

    pub(super) async fn query(
        &mut self,
        statement: &ReadStatement,
        values: Values,
        wanted: RowPredicate<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        if !statement.is_planned_for_values {
            return query(&mut self.connection, statement, values, wanted).await;
        }
        // Within a transaction, so that no other client of a pooler gets the settings. By default `PostgreSQL` takes a
        // page of an index to be four times as far as one of a table, and reads tables where an index holds all.
        let begin = "begin read only; set local plan_cache_mode = force_custom_plan; set local random_page_cost = 1.1";
        self.connection.execute(sqlx::raw_sql(begin)).await?;
        let rows = query(&mut self.connection, statement, values, wanted).await?;
        if rows.is_some() {
            self.connection.execute(sqlx::raw_sql("commit")).await?;
        }
        Ok(rows)
    }

    pub(super) async fn is_alive(&mut self, idle_for: Duration) -> bool {
        idle_for < MAX_UNCHECKED_IDLE || matches!(timeout(PING_TIMEOUT, self.connection.ping()).await, Ok(Ok(())))
    }

    /// Ends the statement and the connection: a cancellation that comes late would end the next one.
    pub(super) async fn cancel(self, options: &PgConnectOptions) {
        match timeout(CANCEL_TIMEOUT, cancel(options, &self.name)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot cancel a statement: its connection is closed"),
            Err(_) => tracing::warn!("cannot cancel a statement in time: its connection is closed"),
        }
        self.close().await;
    }

    pub(super) async fn close(self) {
        // The socket is closed whether the server receives the message or not.
        let _ = timeout(CLOSE_TIMEOUT, self.connection.close()).await;
    }
}

async fn cancel(options: &PgConnectOptions, name: &str) -> Result<(), sqlx::Error> {
    let mut other = PgConnection::connect_with(&options.clone().application_name("promograph cancel")).await?;
    // The name is our own letters and digits. As a simple query it needs no prepared statement.
    let sql = format!(
        "select pg_cancel_backend(pid) from pg_stat_activity where application_name = '{name}' and state = 'active'"
    );
    other.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    other.close().await
}
