//! Adds `promoter_token_cutoff`, which ends the tokens of deleted promoters, and `value_times`: when which value of a
//! row changed. Both outlast a rebuild.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{add_columns, drop_columns, key_column};

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
                    .col(key_column(manager, "promoter_id"))
                    .col(big_integer("ended_at"))
                    .to_owned(),
            )
            .await?;
        let database = manager.get_connection();
        // `updated_at` of a deleted row is the time of its deletion, or later.
        let ended = "insert into promoter_token_cutoff (promoter_id, ended_at) \
            select id, updated_at from promoter where deleted_at is not null";
        database.execute_unprepared(ended).await?;
        for table in MIRRORED {
            add_columns(manager, table, [text_null("value_times")]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in MIRRORED {
            drop_columns(manager, table, &["value_times"]).await?;
        }
        manager.drop_table(Table::drop().table("promoter_token_cutoff").to_owned()).await
    }
}
