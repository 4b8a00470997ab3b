//! Leads and commissions.

use sea_orm_migration::prelude::*;

use crate::columns::{bigint, boolean, byte_order, folded, index, mirrored, reference, sort_key, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored(manager, "lead", "id")
                    .col(bigint("promoter_id"))
                    .col(bigint("promotion_id"))
                    .col(text("state"))
                    .col(text("email"))
                    .col(folded("email_folded"))
                    .col(text("uid"))
                    .col(text("username"))
                    .col(text("website"))
                    .col(text("first_name"))
                    .col(text("last_name"))
                    .col(bigint("customer_since"))
                    .col(sort_key("customer_since"))
                    .col(bigint("cancelled_at"))
                    .col(sort_key("cancelled_at"))
                    .col(text("plan_name"))
                    .col(text("suspicion"))
                    .col(bigint("created_at"))
                    .col(sort_key("created_at"))
                    .col(bigint("split_promotion_id"))
                    .col(bigint("split_percentage_value"))
                    .col(text("custom_fields"))
                    .col(text("visitor_sub_id"))
                    .col(text("entry_source"))
                    .col(text("comment"))
                    .col(text("metadata"))
                    .col(boolean("is_expired"))
                    .foreign_key(&mut reference("lead", "promoter_id", "promoter"))
                    .foreign_key(&mut reference("lead", "promotion_id", "promotion"))
                    .foreign_key(&mut reference("lead", "split_promotion_id", "promotion"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "commission", "id")
                    .col(text("status"))
                    .col(bigint("amount"))
                    .col(sort_key("amount"))
                    .col(text("unit"))
                    .col(bigint("sale_amount"))
                    .col(sort_key("sale_amount"))
                    .col(text("sale_event_id"))
                    .col(bigint("tier"))
                    .col(text("split_type"))
                    .col(bigint("created_at"))
                    .col(sort_key("created_at"))
                    .col(bigint("lead_id"))
                    .col(bigint("promoter_id"))
                    .col(bigint("promotion_id"))
                    .col(bigint("reward_id"))
                    .col(text("commission_type"))
                    .col(bigint("original_sale_amount"))
                    .col(text("original_sale_currency"))
                    .col(text("plan_id"))
                    .col(boolean("is_paid"))
                    .col(boolean("is_split"))
                    .col(boolean("is_self_referral"))
                    .col(text("suspicion"))
                    .col(text("internal_note"))
                    .col(text("external_note"))
                    .col(bigint("status_updated_at"))
                    .foreign_key(&mut reference("commission", "lead_id", "lead"))
                    .foreign_key(&mut reference("commission", "promoter_id", "promoter"))
                    .foreign_key(&mut reference("commission", "promotion_id", "promotion"))
                    .foreign_key(&mut reference("commission", "reward_id", "reward"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["lead", "commission"]).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["commission", "lead"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &[&str])] = &[
    ("lead", &["promoter_id", "created_at_sort", "id"]),
    ("lead", &["promotion_id", "created_at_sort", "id"]),
    ("lead", &["split_promotion_id", "created_at_sort", "id"]),
    ("lead", &["created_at_sort", "id"]),
    ("lead", &["email_folded", "id"]),
    ("lead", &["email"]),
    ("lead", &["uid"]),
    ("commission", &["lead_id", "created_at_sort", "id"]),
    ("commission", &["promoter_id", "created_at_sort", "id"]),
    ("commission", &["promotion_id", "created_at_sort", "id"]),
    ("commission", &["reward_id", "created_at_sort", "id"]),
    ("commission", &["created_at_sort", "id"]),
    ("commission", &["sale_event_id"]),
];
