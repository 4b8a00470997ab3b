//! The schema's history: one file a step, up and down, the same on `SQLite` and on `PostgreSQL`.
//!
//! A step is frozen once released: it names its columns literally and imports nothing of the
//! entities, which move on.

pub use sea_orm_migration::{async_trait, prelude::*, schema};

pub mod columns;
mod m20261120_000001_create_events;
mod m20261120_000002_create_rules;
mod m20261120_000003_create_promoters;
mod m20261120_000004_create_sales;
mod m20261120_000005_create_payouts;
mod m20261120_000006_create_notices;
mod m20261120_000007_create_revocations;
mod m20261120_000008_index_changes;
mod m20261120_000009_keep_for_less;
mod m20261129_000010_keep_warnings;
mod m20261129_000011_count_in_ten_thousandths;
mod m20261129_000012_fold_anew;
mod m20261129_000013_hide_changes;
mod m20261129_000014_end_addresses;
mod m20261130_000015_name_field_clocks;
mod m20261130_000016_cover_leads;
mod m20261201_000017_cover_figures;
mod m20261201_000020_create_bi_views;
pub mod views;

/// All steps, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261120_000001_create_events::Migration),
            Box::new(m20261120_000002_create_rules::Migration),
            Box::new(m20261120_000003_create_promoters::Migration),
            Box::new(m20261120_000004_create_sales::Migration),
            Box::new(m20261120_000005_create_payouts::Migration),
            Box::new(m20261120_000006_create_notices::Migration),
            Box::new(m20261120_000007_create_revocations::Migration),
            Box::new(m20261120_000008_index_changes::Migration),
            Box::new(m20261120_000009_keep_for_less::Migration),
            Box::new(m20261129_000010_keep_warnings::Migration),
            Box::new(m20261129_000011_count_in_ten_thousandths::Migration),
            Box::new(m20261129_000012_fold_anew::Migration),
            Box::new(m20261129_000013_hide_changes::Migration),
            Box::new(m20261129_000014_end_addresses::Migration),
            Box::new(m20261130_000015_name_field_clocks::Migration),
            Box::new(m20261130_000016_cover_leads::Migration),
            Box::new(m20261201_000017_cover_figures::Migration),
            Box::new(m20261201_000020_create_bi_views::Migration),
        ]
    }
}
