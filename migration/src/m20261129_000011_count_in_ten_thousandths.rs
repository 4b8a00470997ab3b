//! Amounts of commissions and balances are kept in 1/10,000 of what their unit counts, like all other amounts
//! that have a unit.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // What 64 bits cannot hold in 1/10,000 is no amount of anybody's: it counts as not told, as it does
        // when it is read now. The events still hold it.
        let fits = format!("amount between -{MOST} and {MOST}");
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
        // Fractions are cut: whole numbers are all that the step before knows.
        for table in ["commission", "balance"] {
            db.execute_unprepared(&format!("update {table} set amount = amount / 10000")).await?;
        }
        Ok(())
    }

    /// Nothing may be multiplied twice, whatever interrupts it.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The largest amount that fits in 1/10,000.
const MOST: i64 = i64::MAX / 10_000;
