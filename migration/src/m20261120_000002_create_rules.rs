//! Creates offers, rewards and the campaigns that use them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{byte_order, folded, index, mirrored_v1, reference};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored_v1(manager, "offer", "id")
                    .col(text_null("name"))
                    .col(folded("name"))
                    .col(big_integer_null("amount"))
                    .col(text_null("unit"))
                    .col(text_null("default_promo_code"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "reward", "id")
                    .col(text_null("name"))
                    .col(folded("name"))
                    .col(text_null("reward_type"))
                    .col(text_null("unit"))
                    .col(big_integer_null("amount"))
                    .col(big_integer_null("per_of_sale"))
                    .col(text_null("default_promo_code"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "campaign", "id")
                    .col(text_null("name"))
                    .col(folded("name"))
                    .col(text_null("landing_url"))
                    .col(text_null("description"))
                    .col(boolean_null("private"))
                    .col(text_null("color"))
                    .col(boolean_null("auto_approve_rewards"))
                    .col(boolean_null("auto_approve_promoters"))
                    .col(big_integer_null("offer_id"))
                    .col(big_integer_null("referral_reward_id"))
                    .col(big_integer_null("promotion_reward_id"))
                    .col(big_integer_null("target_reward_id"))
                    .foreign_key(&mut reference("campaign", "offer_id", "offer"))
                    .foreign_key(&mut reference("campaign", "referral_reward_id", "reward"))
                    .foreign_key(&mut reference("campaign", "promotion_reward_id", "reward"))
                    .foreign_key(&mut reference("campaign", "target_reward_id", "reward"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, &["offer", "reward", "campaign"]).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["campaign", "reward", "offer"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &[&str])] = &[
    ("offer", &["name_folded", "id"]),
    ("reward", &["name_folded", "id"]),
    ("campaign", &["offer_id", "id"]),
    ("campaign", &["referral_reward_id", "id"]),
    ("campaign", &["promotion_reward_id", "id"]),
    ("campaign", &["target_reward_id", "id"]),
    ("campaign", &["name_folded", "id"]),
];
