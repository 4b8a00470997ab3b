//! Creates payouts, payout methods, payments batches, the commissions of payouts, and contract documents.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{byte_order, index, mirrored_v1, reference, sort_key};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored_v1(manager, "payout_method", "id")
                    .col(big_integer_null("promoter_id"))
                    .col(text_null("method"))
                    .col(big_integer_null("added_at"))
                    .col(boolean_null("is_disabled"))
                    .col(boolean_null("is_selected"))
                    .col(text_null("details"))
                    .foreign_key(&mut reference("payout_method", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "payments_batch", "id")
                    .col(text_null("status"))
                    .col(text_null("ext_reference"))
                    .col(text_null("ext_id"))
                    .col(big_integer_null("scheduled_at"))
                    .col(big_integer_null("processing_started_at"))
                    .col(big_integer_null("completed_at"))
                    .col(sort_key(manager, "completed_at"))
                    .col(big_integer_null("created_at"))
                    .col(big_integer_null("total"))
                    .col(sort_key(manager, "total"))
                    .col(big_integer_null("promoters_count"))
                    .col(boolean_null("is_payable"))
                    .col(boolean_null("is_retriable"))
                    .col(text_null("error"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "payout", "id")
                    .col(text_null("status"))
                    .col(big_integer_null("amount"))
                    .col(sort_key(manager, "amount"))
                    .col(text_null("unit"))
                    .col(big_integer_null("paid_at"))
                    .col(sort_key(manager, "paid_at"))
                    .col(big_integer_null("due_date"))
                    .col(sort_key(manager, "due_date"))
                    .col(boolean_null("has_issues"))
                    .col(big_integer_null("created_at"))
                    .col(sort_key(manager, "created_at"))
                    .col(big_integer_null("promoter_id"))
                    .col(big_integer_null("campaign_id"))
                    .col(big_integer_null("reward_id"))
                    .col(big_integer_null("payments_batch_id"))
                    .col(big_integer_null("payout_method_id"))
                    .col(big_integer_null("period_start"))
                    .col(big_integer_null("period_end"))
                    .col(big_integer_null("tax_rate"))
                    .col(big_integer_null("total_incl_tax"))
                    .col(big_integer_null("processing_started_at"))
                    .col(big_integer_null("failed_at"))
                    .col(text_null("error"))
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
                mirrored_v1(manager, "payout_commission", "id")
                    .col(big_integer_null("payout_id"))
                    .col(big_integer_null("commission_id"))
                    .foreign_key(&mut reference("payout_commission", "payout_id", "payout"))
                    .foreign_key(&mut reference("payout_commission", "commission_id", "commission"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "contract_document", "id")
                    .col(big_integer_null("promoter_id"))
                    .col(text_null("status"))
                    .col(big_integer_null("contract_id"))
                    .col(text_null("contract_name"))
                    .col(text_null("contract_version"))
                    .col(big_integer_null("signed_at"))
                    .col(sort_key(manager, "signed_at"))
                    .col(big_integer_null("created_at"))
                    .col(sort_key(manager, "created_at"))
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
