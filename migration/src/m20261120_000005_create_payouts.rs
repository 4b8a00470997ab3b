//! Payouts, how and in which batches they are paid, what they pay, and the contracts with promoters.

use sea_orm_migration::prelude::*;

use crate::columns::{bigint, boolean, byte_order, index, mirrored, reference, sort_key, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored(manager, "payout_method", "id")
                    .col(bigint("promoter_id"))
                    .col(text("method"))
                    .col(bigint("added_at"))
                    .col(boolean("is_disabled"))
                    .col(boolean("is_selected"))
                    .col(text("details"))
                    .foreign_key(&mut reference("payout_method", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "payments_batch", "id")
                    .col(text("status"))
                    .col(text("ext_reference"))
                    .col(text("ext_id"))
                    .col(bigint("scheduled_at"))
                    .col(bigint("processing_started_at"))
                    .col(bigint("completed_at"))
                    .col(sort_key("completed_at"))
                    .col(bigint("created_at"))
                    .col(bigint("total"))
                    .col(sort_key("total"))
                    .col(bigint("promoters_count"))
                    .col(boolean("is_payable"))
                    .col(boolean("is_retriable"))
                    .col(text("error"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "payout", "id")
                    .col(text("status"))
                    .col(bigint("amount"))
                    .col(sort_key("amount"))
                    .col(text("unit"))
                    .col(bigint("paid_at"))
                    .col(sort_key("paid_at"))
                    .col(bigint("due_date"))
                    .col(sort_key("due_date"))
                    .col(boolean("has_issues"))
                    .col(bigint("created_at"))
                    .col(sort_key("created_at"))
                    .col(bigint("promoter_id"))
                    .col(bigint("campaign_id"))
                    .col(bigint("reward_id"))
                    .col(bigint("payments_batch_id"))
                    .col(bigint("payout_method_id"))
                    .col(bigint("period_start"))
                    .col(bigint("period_end"))
                    .col(bigint("tax_rate"))
                    .col(bigint("total_incl_tax"))
                    .col(bigint("processing_started_at"))
                    .col(bigint("failed_at"))
                    .col(text("error"))
                    .foreign_key(&mut reference("payout", "promoter_id", "promoter"))
                    .foreign_key(&mut reference("payout", "campaign_id", "campaign"))
                    .foreign_key(&mut reference("payout", "reward_id", "reward"))
                    .foreign_key(&mut reference("payout", "payments_batch_id", "payments_batch"))
                    .foreign_key(&mut reference("payout", "payout_method_id", "payout_method"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "payout_commission", "id")
                    .col(bigint("payout_id"))
                    .col(bigint("commission_id"))
                    .foreign_key(&mut reference("payout_commission", "payout_id", "payout"))
                    .foreign_key(&mut reference("payout_commission", "commission_id", "commission"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "contract_document", "id")
                    .col(bigint("promoter_id"))
                    .col(text("status"))
                    .col(bigint("contract_id"))
                    .col(text("contract_name"))
                    .col(text("contract_version"))
                    .col(bigint("signed_at"))
                    .col(sort_key("signed_at"))
                    .col(bigint("created_at"))
                    .col(sort_key("created_at"))
                    .foreign_key(&mut reference("contract_document", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &TABLES).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const TABLES: [&str; 5] = ["payout_method", "payments_batch", "payout", "payout_commission", "contract_document"];

const INDEXES: &[(&str, &[&str])] = &[
    ("payout_method", &["promoter_id", "id"]),
    ("payments_batch", &["completed_at_sort", "id"]),
    ("payout", &["promoter_id", "created_at_sort", "id"]),
    ("payout", &["campaign_id", "created_at_sort", "id"]),
    ("payout", &["reward_id", "created_at_sort", "id"]),
    ("payout", &["payments_batch_id", "created_at_sort", "id"]),
    ("payout", &["payout_method_id", "created_at_sort", "id"]),
    ("payout", &["created_at_sort", "id"]),
    ("payout_commission", &["payout_id", "commission_id"]),
    ("payout_commission", &["commission_id", "payout_id"]),
    ("contract_document", &["promoter_id", "created_at_sort", "id"]),
    ("contract_document", &["created_at_sort", "id"]),
];
