//! What waits is found without reading the events, and bodies are packed for less.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::index;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, &["status", "id"], &["status", "id", "next_attempt_at"]).await?;
        // A third of the usual compression's work; a server that was built without it keeps the usual.
        pack(manager, "lz4").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        pack(manager, "default").await?;
        replace(manager, &["status", "id", "next_attempt_at"], &["status", "id"]).await
    }
}

async fn replace(manager: &SchemaManager<'_>, old: &[&'static str], new: &[&'static str]) -> Result<(), DbErr> {
    manager.create_index(index("webhook_event", new)).await?;
    let old = index("webhook_event", old);
    let name = old.get_index_spec().get_name().unwrap_or_default().to_owned();
    manager.drop_index(Index::drop().name(name).table("webhook_event").to_owned()).await
}

/// Of bodies that are stored from now on.
async fn pack(manager: &SchemaManager<'_>, method: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let alter = format!("alter table webhook_event alter column body set compression {method}");
    let alter = format!("do $$ begin {alter}; exception when feature_not_supported then null; end $$");
    manager.get_connection().execute_unprepared(&alter).await.map(drop)
}
