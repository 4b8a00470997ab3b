//! A connection to `PostgreSQL` that reads.
//!
//! Its `application_name` is its own. By that name its statement is found and cancelled, over another
//! connection: the driver tells neither the process nor the key of a connection, and behind a pooler
//! the process changes while the name goes along (`PgBouncer` sets it anew with each transaction).

use std::time::Duration;

use sea_orm::{
    QueryResult, Values,
    sqlx::{self, AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions},
};
use sea_query_sqlx::SqlxValues;
use tokio::time::timeout;
use uuid::Uuid;

use super::connection::{KEPT_STATEMENTS, Wanted, gather, is_kept};

/// Who was idle for longer may have been cut off by something on the way.
const FRESH: Duration = Duration::from_secs(30);
/// How long an idle connection may take to answer.
const PING: Duration = Duration::from_secs(2);
/// How long cancelling may take; a database that does not answer in this time may be gone.
const CANCEL: Duration = Duration::from_secs(3);
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);

pub(super) struct Postgres {
    connection: PgConnection,
    name: String,
}

impl Postgres {
    pub(super) async fn connect(options: &PgConnectOptions) -> Result<Self, sqlx::Error> {
        let name = format!("promograph read {}", Uuid::now_v7().simple());
        let options = options.clone().application_name(&name).statement_cache_capacity(KEPT_STATEMENTS);
        Ok(Self { connection: PgConnection::connect_with(&options).await?, name })
    }

    pub(super) async fn query(
        &mut self,
        sql: &str,
        values: Values,
        wanted: Wanted<'_>,
    ) -> Result<Option<Vec<QueryResult>>, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)).persistent(is_kept(sql));
        gather(query.fetch(&mut self.connection), wanted).await
    }

    pub(super) async fn is_alive(&mut self, idle_for: Duration) -> bool {
        idle_for < FRESH || matches!(timeout(PING, self.connection.ping()).await, Ok(Ok(())))
    }

    /// Ends the statement and the connection: a cancellation that comes late would end the next one.
    pub(super) async fn cancel(self, options: &PgConnectOptions) {
        match timeout(CANCEL, cancel(options, &self.name)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot cancel a statement: its connection is closed"),
            Err(_) => tracing::warn!("cannot cancel a statement in time: its connection is closed"),
        }
        self.close().await;
    }

    pub(super) async fn close(self) {
        // Whether it hears that or not, the socket is closed.
        let _ = timeout(GOODBYE, self.connection.close()).await;
    }
}

async fn cancel(options: &PgConnectOptions, name: &str) -> Result<(), sqlx::Error> {
    let mut other = PgConnection::connect_with(&options.clone().application_name("promograph cancel")).await?;
    // The name is ours, letters and digits. As a simple query it needs no prepared statement.
    let sql = format!(
        "select pg_cancel_backend(pid) from pg_stat_activity where application_name = '{name}' and state = 'active'"
    );
    other.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    other.close().await
}
