//! Creates promoters with profiles and balances, and their promotions.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::columns::{byte_order, folded, index, mirrored_v1, reference, sort_key};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut promoter = promoter(manager);
        // Promoters and promotions refer to each other. `SQLite` accepts a reference to a table that does not exist
        // yet; on `PostgreSQL` it is added afterwards.
        let circular = reference("promoter", "default_promotion_id", "promotion");
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        if sqlite {
            promoter.foreign_key(&mut circular.clone());
        }
        manager.create_table(promoter).await?;
        manager
            .create_table(
                mirrored_v1(manager, "profile", "promoter_id")
                    .col(big_integer_null("profile_id"))
                    .col(text_null("first_name"))
                    .col(folded("first_name"))
                    .col(text_null("last_name"))
                    .col(folded("last_name"))
                    .col(text_null("website"))
                    .col(text_null("company_name"))
                    .col(folded("company_name"))
                    .col(text_null("phone_number"))
                    .col(text_null("address"))
                    .col(text_null("vat_id"))
                    .col(text_null("country"))
                    .col(text_null("paypal_email"))
                    .col(text_null("avatar_url"))
                    .col(text_null("description"))
                    .col(text_null("social_accounts"))
                    .col(text_null("company_number"))
                    .foreign_key(&mut reference("profile", "promoter_id", "promoter"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                mirrored_v1(manager, "promotion", "id")
                    .col(big_integer_null("promoter_id"))
                    .col(big_integer_null("campaign_id"))
                    .col(text_null("status"))
                    .col(text_null("state"))
                    .col(text_null("ref_id"))
                    .col(folded("ref_id"))
                    .col(text_null("promo_code"))
                    .col(text_null("customer_promo_code"))
                    .col(big_integer_null("target_reached_at"))
                    .col(text_null("referral_link"))
                    .col(boolean_null("hidden"))
                    .col(big_integer_null("visitors_count"))
                    .col(sort_key(manager, "visitors_count"))
                    .col(big_integer_null("leads_count"))
                    .col(sort_key(manager, "leads_count"))
                    .col(big_integer_null("customers_count"))
                    .col(sort_key(manager, "customers_count"))
                    .col(big_integer_null("active_customers_count"))
                    .col(sort_key(manager, "active_customers_count"))
                    .col(big_integer_null("sales_count"))
                    .col(sort_key(manager, "sales_count"))
                    .col(big_integer_null("refunds_count"))
                    .col(big_integer_null("cancellations_count"))
                    .col(big_integer_null("sales_total"))
                    .col(sort_key(manager, "sales_total"))
                    .col(big_integer_null("refunds_total"))
                    .col(big_integer_null("current_offer_id"))
                    .col(big_integer_null("current_referral_reward_id"))
                    .col(big_integer_null("current_promotion_reward_id"))
                    .col(big_integer_null("current_target_reward_id"))
                    .col(big_integer_null("created_at"))
                    .col(text_null("direct_url"))
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
                    .col(text("id").primary_key())
                    .col(big_integer("promoter_id"))
                    .col(text("kind"))
                    .col(text("unit"))
                    .col(big_integer("amount"))
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
    mirrored_v1(manager, "promoter", "id")
        .col(text_null("status"))
        .col(text_null("email"))
        .col(folded("email"))
        .col(text_null("cust_id"))
        .col(text_null("pref"))
        .col(text_null("default_ref_id"))
        .col(text_null("note"))
        .col(text_null("w8_form_url"))
        .col(text_null("w9_form_url"))
        .col(big_integer_null("joined_at"))
        .col(sort_key(manager, "joined_at"))
        .col(big_integer_null("parent_promoter_id"))
        .col(big_integer_null("default_promotion_id"))
        .col(text_null("earned_balance"))
        .col(text_null("current_balance"))
        .col(text_null("paid_balance"))
        .col(text_null("pending_balance"))
        .col(text_null("name"))
        .col(big_integer_null("archived_at"))
        .col(big_integer_null("last_login_at"))
        .col(text_null("custom_fields"))
        .foreign_key(&mut reference("promoter", "parent_promoter_id", "promoter"))
        .to_owned()
}
