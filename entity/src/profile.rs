//! A promoter's profile: contact and company data, one row per promoter, keyed by the promoter.

use sea_orm::entity::prelude::*;

/// One row of `profile`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub promoter_id: i64,
    pub profile_id: Option<i64>,
    pub first_name: Option<String>,
    pub first_name_folded: String,
    pub last_name: Option<String>,
    pub last_name_folded: String,
    pub website: Option<String>,
    pub company_name: Option<String>,
    pub company_name_folded: String,
    pub phone_number: Option<String>,
    pub address: Option<String>,
    pub vat_id: Option<String>,
    pub country: Option<String>,
    pub paypal_email: Option<String>,
    pub avatar_url: Option<String>,
    pub description: Option<String>,
    pub social_accounts: Option<String>,
    pub company_number: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<super::promoter::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
