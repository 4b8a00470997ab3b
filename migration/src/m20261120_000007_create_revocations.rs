//! Creates the revocations of tokens that an identity provider issued.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::byte_order;

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
                    .col(text("id").primary_key())
                    .col(big_integer("revoked_at"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["revocation"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("revocation").to_owned()).await
    }
}
