//! A payout: a sum or a non-monetary fulfilment owed to a promoter.

use sea_orm::entity::prelude::*;

/// One row of `payout`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub status: Option<String>,
    pub amount: Option<i64>,
    pub unit: Option<String>,
    pub paid_at: Option<i64>,
    pub due_date: Option<i64>,
    pub has_issues: Option<bool>,
    pub created_at: Option<i64>,
    pub promoter_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub reward_id: Option<i64>,
    pub payments_batch_id: Option<i64>,
    pub payout_method_id: Option<i64>,
    pub period_start: Option<i64>,
    pub period_end: Option<i64>,
    pub tax_rate: Option<i64>,
    pub total_incl_tax: Option<i64>,
    pub processing_started_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub error: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Campaign", from = "campaign_id", to = "id")]
    pub campaign: BelongsTo<Option<super::campaign::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Reward", from = "reward_id", to = "id")]
    pub reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "PaymentsBatch", from = "payments_batch_id", to = "id")]
    pub payments_batch: BelongsTo<Option<super::payments_batch::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "PayoutMethod", from = "payout_method_id", to = "id")]
    pub payout_method: BelongsTo<Option<super::payout_method::Entity>>,
    #[sea_orm(has_many, via = "payout_commission")]
    pub commissions: HasMany<super::commission::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
