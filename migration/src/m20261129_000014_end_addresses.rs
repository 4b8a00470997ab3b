//! Adds `address_token_cutoff`, which ends the tokens that name a deleted promoter by e-mail address or `cust_id`. It
//! outlasts the promoter's row.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::Statement};
use sha2::{Digest as _, Sha256};

use crate::columns::byte_order;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows in memory at a time.
const BATCH_SIZE: i64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("address_token_cutoff")
                    .col(text("address").primary_key())
                    .col(big_integer("ended_at"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["address_token_cutoff"]).await?;
        fill(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("address_token_cutoff").to_owned()).await
    }
}

/// Adds the promoters that are deleted already. Their `updated_at` is the time of the deletion, or later.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (connection, backend) = (manager.get_connection(), manager.get_database_backend());
    let select = format!(
        "select id, updated_at, email, cust_id from promoter where id > $1 and deleted_at is not null \
            order by id limit {BATCH_SIZE}"
    );
    let end = "insert into address_token_cutoff (address, ended_at) values ($1, $2) on conflict (address) \
        do update set ended_at = excluded.ended_at where excluded.ended_at > address_token_cutoff.ended_at";
    let mut after = i64::MIN;
    loop {
        let next = Statement::from_sql_and_values(backend, &select, [after.into()]);
        let rows = connection.query_all_raw(next).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get_by_index(0)?;
        for row in &rows {
            let ended_at: i64 = row.try_get_by_index(1)?;
            let email: Option<String> = row.try_get_by_index(2)?;
            let cust_id: Option<String> = row.try_get_by_index(3)?;
            let email = email.map(|address| format!("email {}", address.to_ascii_lowercase()));
            for text in email.into_iter().chain(cust_id.map(|id| format!("cust_id {id}"))) {
                let digest = format!("{:x}", Sha256::digest(text));
                let end = Statement::from_sql_and_values(backend, end, [digest.into(), ended_at.into()]);
                connection.execute_raw(end).await?;
            }
        }
    }
}
