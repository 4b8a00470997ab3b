//! The commissions that a payout pays. The projection makes the key of both ids.

use sea_orm::entity::prelude::*;

/// One row of `payout_commission`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_commission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub payout_id: Option<i64>,
    pub commission_id: Option<i64>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Payout", from = "payout_id", to = "id")]
    pub payout: BelongsTo<Option<super::payout::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Commission", from = "commission_id", to = "id")]
    pub commission: BelongsTo<Option<super::commission::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
