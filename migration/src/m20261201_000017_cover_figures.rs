//! Reads figures by indexes, on `PostgreSQL` from indexes alone: leads and commissions by each of their times, sales by their id.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, table, key, what else the index holds, and which rows.
struct Index {
    name: &'static str,
    on: &'static str,
    /// Before this step; empty if there was none.
    before: &'static str,
    key: &'static str,
    included: &'static str,
    rows: &'static str,
}

/// With a million leads and 600,000 commissions on `PostgreSQL` 220 MB instead of 66 MB.
const INDEXES: [Index; 6] = [
    Index {
        name: "lead_created_at_sort_id_idx",
        on: "lead",
        before: "created_at_sort, id",
        key: "created_at_sort, id",
        included: "promoter_id, promotion_id, state, customer_since, is_stub, deleted_at",
        rows: "",
    },
    Index {
        name: "lead_customer_since_sort_id_idx",
        on: "lead",
        before: "",
        key: "customer_since_sort, id",
        included: "promoter_id, promotion_id, state, customer_since, created_at, cancelled_at, is_stub, deleted_at",
        rows: " where customer_since is not null",
    },
    Index {
        name: "lead_cancelled_at_sort_id_idx",
        on: "lead",
        before: "",
        key: "cancelled_at_sort, id",
        included: "promoter_id, promotion_id, state, customer_since, cancelled_at, is_stub, deleted_at",
        rows: " where cancelled_at is not null",
    },
    Index {
        name: "commission_created_at_sort_id_idx",
        on: "commission",
        before: "created_at_sort, id",
        key: "created_at_sort, id",
        included: "promoter_id, promotion_id, lead_id, status, unit, amount, is_stub, deleted_at",
        rows: "",
    },
    // The commissions of one sale in the order in which they stand for it.
    Index {
        name: "commission_sale_event_id_idx",
        on: "commission",
        before: "sale_event_id",
        key: "sale_event_id, (sale_amount < 0), (coalesce(tier, 1)), id",
        included: "is_stub, deleted_at",
        rows: "",
    },
    Index {
        name: "payout_paid_at_sort_id_idx",
        on: "payout",
        before: "",
        key: "paid_at_sort, id",
        included: "",
        rows: "",
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for Index { name, on, key, included, rows, .. } in INDEXES {
            // `SQLite` has no included columns, and more columns of the key would be written with every change.
            let columns = match (manager.get_database_backend(), included) {
                (DbBackend::Sqlite, _) | (_, "") => format!("({key})"),
                (_, included) => format!("({key}) include ({included})"),
            };
            replace(manager, name, &format!("create index {name} on {on} {columns}{rows}")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for Index { name, on, before, .. } in INDEXES {
            let create =
                if before.is_empty() { String::new() } else { format!("create index {name} on {on} ({before})") };
            replace(manager, name, &create).await?;
        }
        Ok(())
    }
}

async fn replace(manager: &SchemaManager<'_>, name: &str, create: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared(&format!("drop index if exists {name}")).await?;
    if !create.is_empty() {
        connection.execute_unprepared(create).await?;
    }
    Ok(())
}
