//! The kept webhook events, which rows they told, the leases and the issued tokens.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

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
        for (table, row) in LINEAGE {
            manager.create_table(pairs(manager, table, row)).await?;
        }
        byte_order(manager, &["webhook_event", "lease", "api_token"]).await?;
        byte_order(manager, &LINEAGE.map(|(table, _)| table)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _) in LINEAGE {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for table in ["api_token", "lease", "webhook_event"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Which events told a row: tables, and their columns with the row's key.
const LINEAGE: [(&str, &str); 3] =
    [("promoter_event", "promoter_id"), ("lead_event", "lead_id"), ("commission_event", "commission_id")];

/// A table of pairs of a row and an event. Nothing but its key: `SQLite` keeps it as one index.
/// No foreign keys: events are never removed, and rows only by a rebuild.
fn pairs(manager: &SchemaManager<'_>, table: &'static str, row: &'static str) -> TableCreateStatement {
    let mut pairs = Table::create();
    pairs.table(table).col(bigint(row).not_null()).col(text("event_id").not_null());
    pairs.primary_key(Index::create().col(row).col("event_id"));
    if manager.get_database_backend() == DbBackend::Sqlite {
        pairs.extra("without rowid");
    }
    pairs
}
