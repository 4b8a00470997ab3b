//! Adds `webhook_event.warnings`, which stood in `error` before, and `held_since`: since when an event waits for the
//! server's clock to reach its time.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{add_columns, drop_columns, drop_index};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "webhook_event", [text_null("warnings"), big_integer_null("held_since")]).await?;
        for sql in [TO_WARNINGS, TO_NO_ERROR, INDEX_WARNINGS, INDEX_HELD] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["held_since", "warnings"] {
            drop_index(manager, "webhook_event", &[column]).await?;
        }
        manager.get_connection().execute_unprepared(TO_ERROR).await?;
        drop_columns(manager, "webhook_event", &["warnings", "held_since"]).await
    }

    /// `TO_WARNINGS` must not run twice.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Warnings were one text in `error`, written by this server: `not told: lead.email: expected text; ...`.
const TO_WARNINGS: &str = r#"update webhook_event set
    warnings = '["' || replace(substr(error, 11), '; ', '","') || '"]'
    where status = 'applied' and error like 'not told: %' and error not like '%"%' and error not like '%\\%'"#;

const TO_NO_ERROR: &str = "update webhook_event set error = null where status = 'applied' and error is not null";

const TO_ERROR: &str = r#"update webhook_event set
    error = 'not told: ' || replace(substr(warnings, 3, length(warnings) - 4), '","', '; ')
    where status = 'applied' and warnings is not null"#;

/// Few events have warnings: a partial index finds and counts them.
const INDEX_WARNINGS: &str = "create index webhook_event_warnings_idx on webhook_event (id) where warnings is not null";

const INDEX_HELD: &str =
    "create index webhook_event_held_since_idx on webhook_event (held_since, id) where held_since is not null";
