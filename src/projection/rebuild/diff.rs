//! The rows that differ between the tables and their shadows: one temporary table of keys for each table.

use sea_orm::{ConnectionTrait as _, Statement};

use super::shadow_tables::ShadowTables;
use crate::projection::{mirror::SqlType, store::TableContent};

/// Keys in one step.
pub const STEP_ROWS: i64 = 500;

/// Finds the rows of a table that differ in any column, or exist on one side only.
pub async fn find(shadow: &ShadowTables, content: &TableContent) -> anyhow::Result<()> {
    let TableContent { name, columns, .. } = content;
    let (key, kind) = columns[0];
    let (own, live, differing) = (shadow.own(name), format!("{}.\"{name}\"", shadow.live), diff_table(name));
    let kind = match (kind, shadow.db.is_sqlite()) {
        (SqlType::Text, true) => "text",
        (SqlType::Text, false) => "text collate \"C\"",
        (_, true) => "integer",
        (_, false) => "bigint",
    };
    shadow.run(&format!("create temp table {differing} (key {kind} not null primary key)")).await?;
    if !shadow.db.is_sqlite() {
        shadow.run(&format!("analyze {own}")).await?;
    }
    let others: Vec<_> =
        columns[1..].iter().map(|(column, _)| format!("l.\"{column}\" is distinct from s.\"{column}\"")).collect();
    let others = others.join(" or ");
    shadow
        .run(&format!(
            "insert into {differing} select l.\"{key}\" from {live} l left join {own} s on s.\"{key}\" = l.\"{key}\" \
                where s.\"{key}\" is null or {others}"
        ))
        .await?;
    shadow
        .run(&format!(
            "insert into {differing} select s.\"{key}\" from {own} s left join {live} l on l.\"{key}\" = s.\"{key}\" \
                where l.\"{key}\" is null"
        ))
        .await?;
    Ok(())
}

/// Counts the rows of a table that differ.
pub async fn count(shadow: &ShadowTables, name: &str) -> anyhow::Result<u64> {
    let sql = format!("select count(*) from {}", diff_table(name));
    let row = shadow.db.write.query_one_raw(Statement::from_string(shadow.db.backend, sql)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

/// The keys of the next rows that differ.
pub async fn next<K>(shadow: &ShadowTables, name: &str, after: Option<K>) -> anyhow::Result<Vec<K>>
where
    K: sea_orm::TryGetable + Into<sea_orm::Value>,
{
    let differing = diff_table(name);
    let (condition, values) = match after {
        Some(after) => ("where key > $2", vec![STEP_ROWS.into(), after.into()]),
        None => ("", vec![STEP_ROWS.into()]),
    };
    let sql = format!("select key from {differing} {condition} order by key limit $1");
    let statement = Statement::from_sql_and_values(shadow.db.backend, sql, values);
    let rows = shadow.db.write.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// Takes rows out of the difference, so that they are not written.
pub async fn exclude(shadow: &ShadowTables, name: &str, keys: &[i64]) -> anyhow::Result<()> {
    for keys in keys.chunks(100) {
        let list = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        shadow.run(&format!("delete from {} where key in ({list})", diff_table(name))).await?;
    }
    Ok(())
}

/// The temporary table of the keys that differ.
pub fn diff_table(name: &str) -> String {
    format!("\"differing_{name}\"")
}
