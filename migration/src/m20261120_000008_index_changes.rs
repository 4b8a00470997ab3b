//! Finds what changed since a time: for subscribers who missed something.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_index, index};

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
            drop_index(manager, table, &["updated_at", "id"]).await?;
        }
        Ok(())
    }
}
