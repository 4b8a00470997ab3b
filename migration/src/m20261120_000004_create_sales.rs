//! Creates leads and commissions.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{byte_order, folded, index, mirrored_v1, reference, sort_key};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored_v1(manager, "lead", "id")
                    .col(big_integer_null("promoter_id"))
                    .col(big_integer_null("promotion_id"))
                    .col(text_null("state"))
                    .col(text_null("email"))
                    .col(folded("email"))
                    .col(text_null("uid"))
                    .col(text_null("username"))
                    .col(text_null("website"))
                    .col(text_null("first_name"))
                    .col(text_null("last_name"))
                    .col(big_integer_null("customer_since"))
                    .col(sort_key(manager, "customer_since"))
                    .col(big_integer_null("cancelled_at"))
                    .col(sort_key(manager, "cancelled_at"))
                    .col(text_null("plan_name"))
                    .col(text_null("suspicion"))
                    .col(big_integer_null("created_at"))
                    .col(sort_key(manager, "created_at"))
                    .col(big_integer_null("split_promotion_id"))
                    .col(big_integer_null("split_percentage_value"))
                    .col(text_null("custom_fields"))
                    .col(text_null("visitor_sub_id"))
                    .col(text_null("entry_source"))
                    .col(text_null("comment"))
                    .col(text_null("metadata"))
                    .col(boolean_null("is_expired"))
                    .foreign_key(&mut reference("lead", "promoter_id", "promoter"))
                    .foreign_key(&mut reference("lead", "promotion_id", "promotion"))
                    .foreign_key(&mut reference("lead", "split_promotion_id", "promotion"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "commission", "id")
                    .col(text_null("status"))
                    .col(big_integer_null("amount"))
                    .col(sort_key(manager, "amount"))
                    .col(text_null("unit"))
                    .col(big_integer_null("sale_amount"))
                    .col(sort_key(manager, "sale_amount"))
                    .col(text_null("sale_event_id"))
                    .col(big_integer_null("tier"))
                    .col(text_null("split_type"))
                    .col(big_integer_null("created_at"))
                    .col(sort_key(manager, "created_at"))
                    .col(big_integer_null("lead_id"))
                    .col(big_integer_null("promoter_id"))
                    .col(big_integer_null("promotion_id"))
                    .col(big_integer_null("reward_id"))
                    .col(text_null("commission_type"))
                    .col(big_integer_null("original_sale_amount"))
                    .col(text_null("original_sale_currency"))
                    .col(text_null("plan_id"))
                    .col(boolean_null("is_paid"))
                    .col(boolean_null("is_split"))
                    .col(boolean_null("is_self_referral"))
                    .col(text_null("suspicion"))
                    .col(text_null("internal_note"))
                    .col(text_null("external_note"))
                    .col(big_integer_null("status_updated_at"))
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
