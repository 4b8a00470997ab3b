//! What is searched is folded by Unicode's rules instead of lower-cased, and the lease says by which rule:
//! a server that folds otherwise gets none, so it writes no rows beside one that knows this rule.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{Statement, TryGetable as _},
};

use crate::columns::bigint;

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
/// How many rows are in memory at a time.
const STEP: i64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = bigint("folding").not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("lease").add_column(column).to_owned()).await?;
        // The row is locked until the end: whoever applies events waits, and is refused then.
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
        manager.alter_table(Table::alter().table("lease").drop_column("folding").to_owned()).await?;
        let take = "update lease set owner = '', fencing_token = fencing_token + 1, expires_at = 0";
        manager.get_connection().execute_unprepared(take).await?;
        fold_anew(manager, str::to_lowercase).await
    }
}

/// Writes the rows whose text this rule folds differently than it is stored: few, as most text is ASCII.
async fn fold_anew(manager: &SchemaManager<'_>, rule: fn(&str) -> String) -> Result<(), DbErr> {
    let (connection, backend) = (manager.get_connection(), manager.get_database_backend());
    for (table, key, column) in FOLDED {
        let select = format!(
            "select {key}, {column}, {column}_folded from {table} where {key} > $1 and {column} is not null \
                order by {key} limit {STEP}"
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
