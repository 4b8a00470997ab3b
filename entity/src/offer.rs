//! An offer: what a referred customer gets, for example a discount.

use sea_orm::entity::prelude::*;

/// One row of `offer`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: Option<String>,
    pub name_folded: String,
    pub amount: Option<i64>,
    pub unit: Option<String>,
    pub default_promo_code: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(has_many, relation_enum = "Campaigns", via_rel = "Offer")]
    pub campaigns: HasMany<super::campaign::Entity>,
    #[sea_orm(has_many, relation_enum = "Promotions", via_rel = "CurrentOffer")]
    pub promotions: HasMany<super::promotion::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
