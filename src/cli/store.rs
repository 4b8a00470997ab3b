//! What commands that work on the stored data have in common: which database, what is logged, and
//! opening it with its schema up to date.

use clap::Args;

use crate::{
    database::{Database, history},
    settings::{DatabaseArgs, LogArgs},
    telemetry,
};

/// The settings of such a command.
#[derive(Args, Debug)]
pub struct Store {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Store {
    /// Opens it.
    pub async fn open(&self) -> anyhow::Result<Database> {
        telemetry::start(&self.log);
        migrated(self.database.connect().await?).await
    }

    /// Opens it past a connection pooler: temporary tables belong to a connection.
    pub async fn open_directly(&self) -> anyhow::Result<Database> {
        telemetry::start(&self.log);
        migrated(self.database.connect_for_migration().await?).await
    }
}

async fn migrated(db: Database) -> anyhow::Result<Database> {
    history::up(&db).await?;
    Ok(db)
}
