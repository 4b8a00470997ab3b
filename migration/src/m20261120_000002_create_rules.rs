//! Offers, rewards and the campaigns that use them.

use sea_orm_migration::prelude::*;

use crate::columns::{bigint, boolean, byte_order, folded, index, mirrored, reference, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                mirrored(manager, "offer", "id")
                    .col(text("name"))
                    .col(folded("name_folded"))
                    .col(bigint("amount"))
                    .col(text("unit"))
                    .col(text("default_promo_code"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "reward", "id")
                    .col(text("name"))
                    .col(folded("name_folded"))
                    .col(text("reward_type"))
                    .col(text("unit"))
                    .col(bigint("amount"))
                    .col(bigint("per_of_sale"))
                    .col(text("default_promo_code"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "campaign", "id")
                    .col(text("name"))
                    .col(folded("name_folded"))
                    .col(text("landing_url"))
                    .col(text("description"))
                    .col(boolean("private"))
                    .col(text("color"))
                    .col(boolean("auto_approve_rewards"))
                    .col(boolean("auto_approve_promoters"))
                    .col(bigint("offer_id"))
                    .col(bigint("referral_reward_id"))
                    .col(bigint("promotion_reward_id"))
                    .col(bigint("target_reward_id"))
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
