//! Fills the `*_folded` columns by Unicode case folding instead of lower-casing.
//!
//! The lease records the version of the rule: a server with another one gets no lease, so servers of two versions
//! never write rows by two rules.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{Statement, TryGetable as _},
};

use crate::columns::{add_columns, drop_columns};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, key, column.
const FOLDED: [(&str, &str, &str); 9] = [
    ("offer", "id", "name"),
    ("reward", "id", "name"),
    ("campaign", "id", "name"),
    ("promotion", "id", "ref_id"),
    ("promoter", "id", "email"),
    ("profile", "promoter_id", "first_name"),
    ("profile", "promoter_id", "last_name"),
    ("profile", "promoter_id", "company_name"),
    ("lead", "id", "email"),
];
/// Rows in memory at a time.
const BATCH_SIZE: i64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "lease", [big_integer("folding").default(0).take()]).await?;
        // Locks the lease row until the end of the step: a projector that renews it waits, and then loses the lease.
        let take = format!(
            "insert into lease (name, owner, fencing_token, expires_at, folding) \
                values ('projector', '', 1, 0, {version}) on conflict (name) do update set owner = '', \
                fencing_token = lease.fencing_token + 1, expires_at = 0, folding = {version}",
            version = folding::VERSION
        );
        manager.get_connection().execute_unprepared(&take).await?;
        fold_anew(manager, folding::fold).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "lease", &["folding"]).await?;
        let take = "update lease set owner = '', fencing_token = fencing_token + 1, expires_at = 0";
        manager.get_connection().execute_unprepared(take).await?;
        fold_anew(manager, str::to_lowercase).await
    }
}

/// Updates the rows whose stored folding differs from this rule's: few, as most text is ASCII.
async fn fold_anew(manager: &SchemaManager<'_>, rule: fn(&str) -> String) -> Result<(), DbErr> {
    let (connection, backend) = (manager.get_connection(), manager.get_database_backend());
    for (table, key, column) in FOLDED {
        let select = format!(
            "select {key}, {column}, {column}_folded from {table} where {key} > $1 and {column} is not null \
                order by {key} limit {BATCH_SIZE}"
        );
        let update = format!("update {table} set {column}_folded = $2 where {key} = $1");
        let mut after = i64::MIN;
        loop {
            let next = Statement::from_sql_and_values(backend, &select, [after.into()]);
            let rows = connection.query_all_raw(next).await?;
            let Some(last) = rows.last() else { break };
            after = i64::try_get_by_index(last, 0)?;
            for row in &rows {
                let id: i64 = row.try_get_by_index(0)?;
                let (text, stored): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
                let folded = rule(&text);
                if folded != stored {
                    let update = Statement::from_sql_and_values(backend, &update, [id.into(), folded.into()]);
                    connection.execute_raw(update).await?;
                }
            }
        }
    }
    Ok(())
}
