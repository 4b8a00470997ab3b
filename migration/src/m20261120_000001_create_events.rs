//! Creates the stored webhook events with their lineage (which rows an event changed), the leases and the issued tokens.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::columns::{byte_order, index};

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
                    .col(text("id").primary_key())
                    .col(text("protocol"))
                    .col(text("event_type"))
                    .col(text("event_id"))
                    .col(text("body_hash"))
                    .col(blob_null("body"))
                    .col(big_integer_null("occurred_at"))
                    .col(big_integer("received_at"))
                    .col(text("status"))
                    .col(text_null("error"))
                    .col(integer("attempts").default(0))
                    .col(big_integer("next_attempt_at").default(0))
                    .col(big_integer_null("applied_at"))
                    .col(integer("deliveries").default(1))
                    .col(big_integer("last_delivered_at"))
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
                    .col(text("name").primary_key())
                    .col(text("owner"))
                    .col(big_integer("fencing_token"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("api_token")
                    .col(text("id").primary_key())
                    .col(text_null("name"))
                    .col(text("role"))
                    .col(big_integer_null("promoter_id"))
                    .col(boolean("pii"))
                    .col(big_integer("issued_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("revoked_at"))
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

/// Lineage tables, and their columns with the row's key.
const LINEAGE: [(&str, &str); 3] =
    [("promoter_event", "promoter_id"), ("lead_event", "lead_id"), ("commission_event", "commission_id")];

/// A table of pairs of row and event: its primary key alone, which `SQLite` keeps as one index.
/// No foreign keys: events are never removed, and rows only by a rebuild.
fn pairs(manager: &SchemaManager<'_>, table: &'static str, row: &'static str) -> TableCreateStatement {
    let mut pairs = Table::create();
    pairs.table(table).col(big_integer(row)).col(text("event_id"));
    pairs.primary_key(Index::create().col(row).col("event_id"));
    if manager.get_database_backend() == DbBackend::Sqlite {
        pairs.extra("without rowid");
    }
    pairs
}
