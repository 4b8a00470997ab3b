//! Sends a statement over a connection of either driver, and collects its rows.

use futures_util::StreamExt as _;
use sea_orm::{
    DbErr, QueryResult, Statement, Values,
    sqlx::{self, AssertSqlSafe, Database, Executor, IntoArguments, database::HasStatementCache},
};
use sea_query_sqlx::SqlxValues;

/// Whether to go on reading after this row.
pub(super) type RowPredicate<'a> = &'a mut (dyn FnMut(&QueryResult) -> Result<bool, DbErr> + Send);

/// Prepared statements that a connection caches.
pub(super) const STATEMENT_CACHE_SIZE: usize = 64;
/// Tables of a statement that is cached: its memory grows with their square.
const MAX_CACHED_TABLES: usize = 10;
/// Bytes of the text of a statement that is cached.
const MAX_CACHED_BYTES: usize = 8 * 1024;

/// The rows of a statement; none when one of them was not wanted, and the statement has not come to its end.
pub(super) async fn query<'c, D: Database + HasStatementCache>(
    connection: impl Executor<'c, Database = D>,
    statement: &'c Statement,
    wanted: RowPredicate<'_>,
) -> Result<Option<Vec<QueryResult>>, sqlx::Error>
where
    SqlxValues: IntoArguments<D>,
    QueryResult: From<D::Row>,
{
    let sql = statement.sql.as_str();
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)).persistent(is_cacheable(sql));
    let mut rows = query.fetch(connection);
    let mut collected = Vec::new();
    while let Some(row) = rows.next().await {
        let row = QueryResult::from(row?);
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
        assert!(is_cacheable("select 1") && is_cacheable(&joins(9)));
        assert!(!is_cacheable(&joins(10)));
        assert!(!is_cacheable(&format!("select {} from lead t", "t.email, ".repeat(1_000))));
    }
}
