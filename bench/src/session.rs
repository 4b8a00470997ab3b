//! A session on PostgreSQL for the bench's own statements.

use futures_util::StreamExt as _;
use tokio::runtime::Runtime;
use tokio_postgres::{Config, NoTls, Row, types::ToSql};

/// A session, with the runtime that drives it.
pub struct Session {
    runtime: Runtime,
    client: tokio_postgres::Client,
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, connection) = runtime.block_on(config.connect(NoTls))?;
        runtime.spawn(connection);
        Ok(Self { runtime, client })
    }

    /// The rows of a statement.
    ///
    /// # Errors
    /// When it fails.
    pub fn rows(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> anyhow::Result<Vec<Row>> {
        Ok(self.runtime.block_on(self.client.query(sql, parameters))?)
    }

    /// Hands over the rows of a statement one by one, for more than should be in memory.
    ///
    /// # Errors
    /// When the statement or the function fails.
    pub fn each_row(&self, sql: &str, mut each: impl FnMut(&Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            let rows = self.client.query_raw(sql, std::iter::empty::<i64>()).await?;
            let mut rows = std::pin::pin!(rows);
            while let Some(row) = rows.next().await {
                each(&row?)?;
            }
            Ok(())
        })
    }
}
