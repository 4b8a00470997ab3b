//! A commission: what one sale, refund or grant earned one promoter (FirstPromoter v1 calls it a reward).

use sea_orm::entity::prelude::*;

/// One row of `commission`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub status: Option<String>,
    pub amount: Option<i64>,
    pub unit: Option<String>,
    pub sale_amount: Option<i64>,
    pub sale_event_id: Option<String>,
    pub tier: Option<i64>,
    pub split_type: Option<String>,
    pub created_at: Option<i64>,
    pub lead_id: Option<i64>,
    pub promoter_id: Option<i64>,
    pub promotion_id: Option<i64>,
    pub reward_id: Option<i64>,
    pub commission_type: Option<String>,
    pub original_sale_amount: Option<i64>,
    pub original_sale_currency: Option<String>,
    pub plan_id: Option<String>,
    pub is_paid: Option<bool>,
    pub is_split: Option<bool>,
    pub is_self_referral: Option<bool>,
    pub suspicion: Option<String>,
    pub internal_note: Option<String>,
    pub external_note: Option<String>,
    pub status_updated_at: Option<i64>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Lead", from = "lead_id", to = "id")]
    pub lead: BelongsTo<Option<super::lead::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Promotion", from = "promotion_id", to = "id")]
    pub promotion: BelongsTo<Option<super::promotion::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Reward", from = "reward_id", to = "id")]
    pub reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(has_many, via = "payout_commission")]
    pub payouts: HasMany<super::payout::Entity>,
    #[sea_orm(has_many, via = "commission_event")]
    pub events: HasMany<super::webhook_event::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
