//! Stores amounts of commissions and balances in 1/10,000 of their unit, like all other amounts that have a unit.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // An amount that 64 bits cannot hold in 1/10,000 becomes null, as it does when a payload is parsed now.
        // The stored events still have it.
        let fits = format!("amount between -{MAX_AMOUNT} and {MAX_AMOUNT}");
        for sql in [
            format!("update commission set amount = case when {fits} then amount * 10000 end where amount is not null"),
            format!("delete from balance where not ({fits})"),
            "update balance set amount = amount * 10000".to_owned(),
        ] {
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // Truncates fractions: the earlier schema has whole numbers only.
        for table in ["commission", "balance"] {
            db.execute_unprepared(&format!("update {table} set amount = amount / 10000")).await?;
        }
        Ok(())
    }

    /// An interruption must not lead to amounts that are multiplied twice.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The largest amount that fits in 1/10,000.
const MAX_AMOUNT: i64 = i64::MAX / 10_000;
