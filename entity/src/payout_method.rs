//! A payout method: where a promoter wants to be paid.

use sea_orm::entity::prelude::*;

/// One row of `payout_method`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_method")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub promoter_id: Option<i64>,
    pub method: Option<String>,
    pub added_at: Option<i64>,
    pub is_disabled: Option<bool>,
    pub is_selected: Option<bool>,
    pub details: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
    #[sea_orm(has_many, relation_enum = "Payouts", via_rel = "PayoutMethod")]
    pub payouts: HasMany<super::payout::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
