//! What commands that work on the stored data have in common: which database, what is logged, and
//! opening it.

use clap::Args;

use crate::{database::Database, settings::DatabaseArgs, telemetry::LogArgs};

/// The settings of such a command.
#[derive(Args, Debug)]
pub struct Store {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Store {
    /// Opens it. These commands make no database: whoever mistypes its place is told so.
    pub async fn open(&self) -> anyhow::Result<Database> {
        super::start_log(&self.log);
        self.database.find()?;
        self.recognised(self.database.connect().await?).await
    }

    /// Opens it past a connection pooler: temporary tables belong to a connection.
    pub async fn open_directly(&self) -> anyhow::Result<Database> {
        super::start_log(&self.log);
        self.database.find()?;
        self.recognised(self.database.connect_for_migration().await?).await
    }

    async fn recognised(&self, db: Database) -> anyhow::Result<Database> {
        self.database.recognise(&db).await?;
        Ok(db)
    }
}
