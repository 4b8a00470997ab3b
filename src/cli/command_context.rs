//! The settings that commands on stored data have in common, and opening the database by them.

use clap::Args;

use crate::{database::Database, settings::DatabaseArgs, telemetry::LogArgs};

/// The database and the log of a command.
#[derive(Args, Debug)]
pub struct CommandContext {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl CommandContext {
    /// Opens the database, which must exist: with a mistyped path these commands would otherwise create another one.
    pub async fn open(&self) -> anyhow::Result<Database> {
        super::start_log(&self.log);
        self.database.find()?;
        self.recognised(self.database.connect().await?).await
    }

    /// Opens the database without a connection pooler: temporary tables belong to a connection.
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
