//! Finds what changed since a time: for subscribers who missed something.

use sea_orm_migration::prelude::*;

use crate::columns::index;

/// Tables that can be subscribed to.
const TABLES: [&str; 4] = ["promoter", "lead", "commission", "payout"];

/// This step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.create_index(index(table, &["updated_at", "id"])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let name = format!("{table}_updated_at_id_idx");
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
