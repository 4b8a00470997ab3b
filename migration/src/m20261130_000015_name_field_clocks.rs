//! Renames `told` to `field_clocks` in every mirrored table.

use sea_orm_migration::prelude::*;

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
        rename(manager, "told", "field_clocks").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rename(manager, "field_clocks", "told").await
    }
}

async fn rename(manager: &SchemaManager<'_>, from: &'static str, to: &'static str) -> Result<(), DbErr> {
    for table in MIRRORED {
        manager.alter_table(Table::alter().table(table).rename_column(from, to).to_owned()).await?;
    }
    Ok(())
}
