//! Tokens of an identity provider that are not taken any more.

use sea_orm_migration::prelude::*;

use crate::columns::{bigint, byte_order, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("revocation")
                    .col(text("id").not_null().primary_key())
                    .col(bigint("revoked_at").not_null())
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["revocation"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("revocation").to_owned()).await
    }
}
