//! The kept webhook events, the leases and the issued tokens.

use sea_orm_migration::prelude::*;

use crate::columns::{bigint, boolean, byte_order, index, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhook_event")
                    .col(text("id").not_null().primary_key())
                    .col(text("protocol").not_null())
                    .col(text("event_type").not_null())
                    .col(text("event_id").not_null())
                    .col(text("body_hash").not_null())
                    .col(ColumnDef::new("body").blob())
                    .col(bigint("occurred_at"))
                    .col(bigint("received_at").not_null())
                    .col(text("status").not_null())
                    .col(text("error"))
                    .col(ColumnDef::new("attempts").integer().not_null().default(0))
                    .col(bigint("next_attempt_at").not_null().default(0))
                    .col(bigint("applied_at"))
                    .col(ColumnDef::new("deliveries").integer().not_null().default(1))
                    .col(bigint("last_delivered_at").not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                index("webhook_event", &["protocol", "event_type", "event_id", "body_hash"]).unique().to_owned(),
            )
            .await?;
        for columns in [&["status", "id"][..], &["received_at", "id"], &["event_type", "id"]] {
            manager.create_index(index("webhook_event", columns)).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("lease")
                    .col(text("name").not_null().primary_key())
                    .col(text("owner").not_null())
                    .col(bigint("fencing_token").not_null())
                    .col(bigint("expires_at").not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("api_token")
                    .col(text("id").not_null().primary_key())
                    .col(text("name"))
                    .col(text("role").not_null())
                    .col(bigint("promoter_id"))
                    .col(boolean("pii").not_null())
                    .col(bigint("issued_at").not_null())
                    .col(bigint("expires_at").not_null())
                    .col(bigint("revoked_at"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["webhook_event", "lease", "api_token"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["api_token", "lease", "webhook_event"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
