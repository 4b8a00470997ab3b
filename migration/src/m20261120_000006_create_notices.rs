//! What was changed and kept lately, for every process beside the one that wrote it.

use sea_orm_migration::prelude::*;

use crate::columns::{byte_order, key_column, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("change_notice")
                    .col(key_column(manager, "version").not_null().primary_key())
                    .col(text("changed").not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("kept_notice")
                    .col(key_column(manager, "number").not_null().primary_key())
                    .col(text("origin").not_null())
                    .col(text("ids").not_null())
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["change_notice", "kept_notice"]).await?;
        // Where they begin: readers always find the notice that they saw last.
        let connection = manager.get_connection();
        connection.execute_unprepared("insert into change_notice values (0, '')").await?;
        connection.execute_unprepared("insert into kept_notice values (0, '', '')").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("kept_notice").to_owned()).await?;
        manager.drop_table(Table::drop().table("change_notice").to_owned()).await
    }
}
