//! Sends a statement over a connection of either driver, and collects its rows.

use std::sync::Arc;

use futures_util::StreamExt as _;
use sea_orm::{
    DbErr, QueryResult, Values,
    sqlx::{self, AssertSqlSafe, Database, Either, Executor, IntoArguments, database::HasStatementCache},
};
use sea_query_sqlx::SqlxValues;

/// Whether to go on reading after this row.
pub(super) type RowPredicate<'a> = &'a mut (dyn FnMut(&QueryResult) -> Result<bool, DbErr> + Send);

/// Prepared statements that a connection caches.
pub(super) const STATEMENT_CACHE_SIZE: usize = 64;
/// Tables of a statement that is cached: its memory grows with their square. For a promoter a list with three relations
/// has 15, and takes 0.3 MB in `PostgreSQL`.
const MAX_CACHED_TABLES: usize = 20;
/// Bytes of the text of a statement that is cached.
const MAX_CACHED_BYTES: usize = 8 * 1024;

/// The text of a statement that reads. Plans share it among requests.
#[derive(Clone, Debug)]
pub struct ReadStatement {
    text: Arc<str>,
    is_cacheable: bool,
    pub(super) is_planned_for_values: bool,
}

impl From<String> for ReadStatement {
    fn from(text: String) -> Self {
        Self { is_cacheable: is_cacheable(&text), text: text.into(), is_planned_for_values: false }
    }
}

impl ReadStatement {
    /// Lets `PostgreSQL` plan it for the values of each request: for a statement that reads so many rows that planning is
    /// little, and which of them depends on the values.
    #[must_use]
    pub fn planned_for_values(self) -> Self {
        Self { is_planned_for_values: true, ..self }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The rows of a statement; none when one of them was not wanted, and the statement has not come to its end.
pub(super) async fn query<'c, D: Database + HasStatementCache>(
    connection: impl Executor<'c, Database = D>,
    statement: &ReadStatement,
    values: Values,
    wanted: RowPredicate<'_>,
) -> Result<Option<Vec<QueryResult>>, sqlx::Error>
where
    SqlxValues: IntoArguments<D>,
    QueryResult: From<D::Row>,
{
    // The driver wants the text of a statement to be known as safe: values are never part of ours.
    let text = AssertSqlSafe(Arc::clone(&statement.text));
    let query = sqlx::query_with(text, SqlxValues(values)).persistent(statement.is_cacheable);
    let mut rows = connection.fetch_many(query);
    let mut collected = Vec::new();
    while let Some(received) = rows.next().await {
        let Either::Right(row) = received? else { continue };
        let row = QueryResult::from(row);
        if !wanted(&row).map_err(|error| sqlx::Error::Decode(error.into()))? {
            return Ok(None);
        }
        collected.push(row);
    }
    Ok(Some(collected))
}

/// Whether a statement is worth its memory, as far as its text tells. Planning a large one takes milliseconds, and
/// each would keep some megabytes for as long as its connection lives.
fn is_cacheable(sql: &str) -> bool {
    sql.len() <= MAX_CACHED_BYTES && sql.matches(" join ").count() + sql.matches(" from ").count() <= MAX_CACHED_TABLES
}

#[cfg(test)]
mod tests {
    use super::is_cacheable;

    #[test]
    fn a_statement_is_cached_unless_it_is_large() {
        let joins =
            |count: usize| format!("select t.id from lead t{}", " left join promoter j on j.id = t.id".repeat(count));
        assert!(is_cacheable("select 1") && is_cacheable(&joins(19)));
        assert!(!is_cacheable(&joins(20)));
        assert!(!is_cacheable(&format!("select {} from lead t", "t.email, ".repeat(1_000))));
    }
}
