//! What an applied event told that was not understood stands by itself, and so does since when one waits for the
//! server's clock.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{bigint, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [text("warnings"), bigint("held_since")] {
            manager.alter_table(Table::alter().table("webhook_event").add_column(column).to_owned()).await?;
        }
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("alter table webhook_event alter column warnings type text collate \"C\"").await?;
        }
        for sql in [TO_WARNINGS, TO_NO_ERROR, INDEX_WARNINGS, INDEX_HELD] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["webhook_event_held_since_idx", "webhook_event_warnings_idx"] {
            manager.drop_index(Index::drop().name(index).table("webhook_event").to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(TO_ERROR).await?;
        for column in ["held_since", "warnings"] {
            manager.alter_table(Table::alter().table("webhook_event").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }

    /// The texts are rewritten once or not at all.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// They were one text in `error`, of our own words: `not told: lead.email: expected text; ...`.
const TO_WARNINGS: &str = r#"update webhook_event set
    warnings = '["' || replace(substr(error, 11), '; ', '","') || '"]'
    where status = 'applied' and error like 'not told: %' and error not like '%"%' and error not like '%\\%'"#;

const TO_NO_ERROR: &str = "update webhook_event set error = null where status = 'applied' and error is not null";

const TO_ERROR: &str = r#"update webhook_event set
    error = 'not told: ' || replace(substr(warnings, 3, length(warnings) - 4), '","', '; ')
    where status = 'applied' and warnings is not null"#;

/// Few events have warnings: they are found and counted without the others.
const INDEX_WARNINGS: &str = "create index webhook_event_warnings_idx on webhook_event (id) where warnings is not null";

const INDEX_HELD: &str =
    "create index webhook_event_held_since_idx on webhook_event (held_since, id) where held_since is not null";
