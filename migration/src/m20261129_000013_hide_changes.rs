//! What ends a promoter's tokens, and when which values of a row changed: both outlast a rebuild.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{bigint, key_column};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const MIRRORED: [&str; 13] = [
    "campaign",
    "commission",
    "contract_document",
    "lead",
    "offer",
    "payments_batch",
    "payout",
    "payout_commission",
    "payout_method",
    "profile",
    "promoter",
    "promotion",
    "reward",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("promoter_token_cutoff")
                    .col(key_column(manager, "promoter_id").not_null().primary_key())
                    .col(bigint("ended_at").not_null())
                    .to_owned(),
            )
            .await?;
        let database = manager.get_connection();
        // A deleted row was written when its deletion was applied, or later.
        let ended = "insert into promoter_token_cutoff (promoter_id, ended_at) \
            select id, updated_at from promoter where deleted_at is not null";
        database.execute_unprepared(ended).await?;
        let order = if manager.get_database_backend() == DbBackend::Postgres { "collate \"C\"" } else { "" };
        for table in MIRRORED {
            let add = format!("alter table {table} add column value_times text {order}");
            database.execute_unprepared(&add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in MIRRORED {
            let drop = format!("alter table {table} drop column value_times");
            manager.get_connection().execute_unprepared(&drop).await?;
        }
        manager.drop_table(Table::drop().table("promoter_token_cutoff").to_owned()).await
    }
}
