//! Creates the notice tables: which rows changed and which events were stored lately, for the other processes.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{byte_order, key_column};

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
                    .col(key_column(manager, "version"))
                    .col(text("changed"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("kept_notice")
                    .col(key_column(manager, "number"))
                    .col(text("origin"))
                    .col(text("ids"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["change_notice", "kept_notice"]).await?;
        // The first notices: a reader always finds the last notice that it has seen.
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
