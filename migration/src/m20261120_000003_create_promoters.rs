//! Promoters with profile and balances, and their promotions.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{bigint, boolean, byte_order, folded, index, mirrored, reference, sort_key, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut promoter = promoter(manager);
        // Promoters and promotions refer to each other. `SQLite` takes a reference to a table that
        // comes later; `PostgreSQL` wants it added afterwards.
        let circular = reference("promoter", "default_promotion_id", "promotion");
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        if sqlite {
            promoter.foreign_key(&mut circular.clone());
        }
        manager.create_table(promoter).await?;
        manager
            .create_table(
                mirrored(manager, "profile", "promoter_id")
                    .col(bigint("profile_id"))
                    .col(text("first_name"))
                    .col(folded("first_name_folded"))
                    .col(text("last_name"))
                    .col(folded("last_name_folded"))
                    .col(text("website"))
                    .col(text("company_name"))
                    .col(folded("company_name_folded"))
                    .col(text("phone_number"))
                    .col(text("address"))
                    .col(text("vat_id"))
                    .col(text("country"))
                    .col(text("paypal_email"))
                    .col(text("avatar_url"))
                    .col(text("description"))
                    .col(text("social_accounts"))
                    .col(text("company_number"))
                    .foreign_key(&mut reference("profile", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored(manager, "promotion", "id")
                    .col(bigint("promoter_id"))
                    .col(bigint("campaign_id"))
                    .col(text("status"))
                    .col(text("state"))
                    .col(text("ref_id"))
                    .col(folded("ref_id_folded"))
                    .col(text("promo_code"))
                    .col(text("customer_promo_code"))
                    .col(bigint("target_reached_at"))
                    .col(text("referral_link"))
                    .col(boolean("hidden"))
                    .col(bigint("visitors_count"))
                    .col(sort_key("visitors_count"))
                    .col(bigint("leads_count"))
                    .col(sort_key("leads_count"))
                    .col(bigint("customers_count"))
                    .col(sort_key("customers_count"))
                    .col(bigint("active_customers_count"))
                    .col(sort_key("active_customers_count"))
                    .col(bigint("sales_count"))
                    .col(sort_key("sales_count"))
                    .col(bigint("refunds_count"))
                    .col(bigint("cancellations_count"))
                    .col(bigint("sales_total"))
                    .col(sort_key("sales_total"))
                    .col(bigint("refunds_total"))
                    .col(bigint("current_offer_id"))
                    .col(bigint("current_referral_reward_id"))
                    .col(bigint("current_promotion_reward_id"))
                    .col(bigint("current_target_reward_id"))
                    .col(bigint("created_at"))
                    .col(text("direct_url"))
                    .foreign_key(&mut reference("promotion", "promoter_id", "promoter"))
                    .foreign_key(&mut reference("promotion", "campaign_id", "campaign"))
                    .foreign_key(&mut reference("promotion", "current_offer_id", "offer"))
                    .foreign_key(&mut reference("promotion", "current_referral_reward_id", "reward"))
                    .foreign_key(&mut reference("promotion", "current_promotion_reward_id", "reward"))
                    .foreign_key(&mut reference("promotion", "current_target_reward_id", "reward"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("balance")
                    .col(text("id").not_null().primary_key())
                    .col(bigint("promoter_id").not_null())
                    .col(text("kind").not_null())
                    .col(text("unit").not_null())
                    .col(bigint("amount").not_null())
                    .foreign_key(&mut reference("balance", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        if !sqlite {
            manager.create_foreign_key(circular).await?;
        }
        byte_order(manager, &["promoter", "profile", "promotion", "balance"]).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let release = "update promoter set default_promotion_id = null";
            manager.get_connection().execute_unprepared(release).await?;
        } else {
            let circular = ForeignKey::drop().name("promoter_default_promotion_id_fkey").table("promoter").to_owned();
            manager.drop_foreign_key(circular).await?;
        }
        for table in ["balance", "promotion", "profile", "promoter"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &[&str])] = &[
    ("promoter", &["parent_promoter_id", "joined_at_sort", "id"]),
    ("promoter", &["default_promotion_id", "joined_at_sort", "id"]),
    ("promoter", &["joined_at_sort", "id"]),
    ("promoter", &["email_folded", "id"]),
    ("promoter", &["email"]),
    ("promoter", &["cust_id"]),
    ("profile", &["first_name_folded", "promoter_id"]),
    ("profile", &["last_name_folded", "promoter_id"]),
    ("profile", &["company_name_folded", "promoter_id"]),
    ("promotion", &["promoter_id", "id"]),
    ("promotion", &["campaign_id", "id"]),
    ("promotion", &["current_offer_id", "id"]),
    ("promotion", &["current_referral_reward_id", "id"]),
    ("promotion", &["current_promotion_reward_id", "id"]),
    ("promotion", &["current_target_reward_id", "id"]),
    ("promotion", &["ref_id_folded", "id"]),
    ("promotion", &["ref_id"]),
    ("promotion", &["promo_code"]),
    ("balance", &["promoter_id", "id"]),
];

fn promoter(manager: &SchemaManager<'_>) -> TableCreateStatement {
    mirrored(manager, "promoter", "id")
        .col(text("status"))
        .col(text("email"))
        .col(folded("email_folded"))
        .col(text("cust_id"))
        .col(text("pref"))
        .col(text("default_ref_id"))
        .col(text("note"))
        .col(text("w8_form_url"))
        .col(text("w9_form_url"))
        .col(bigint("joined_at"))
        .col(sort_key("joined_at"))
        .col(bigint("parent_promoter_id"))
        .col(bigint("default_promotion_id"))
        .col(text("earned_balance"))
        .col(text("current_balance"))
        .col(text("paid_balance"))
        .col(text("pending_balance"))
        .col(text("name"))
        .col(bigint("archived_at"))
        .col(bigint("last_login_at"))
        .col(text("custom_fields"))
        .foreign_key(&mut reference("promoter", "parent_promoter_id", "promoter"))
        .to_owned()
}
