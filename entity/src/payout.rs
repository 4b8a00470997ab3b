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
    pub is_stub: bool,
    pub told: String,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Campaign", from = "campaign_id", to = "id")]
    pub campaign: BelongsTo<Option<super::campaign::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Reward", from = "reward_id", to = "id")]
    pub reward: BelongsTo<Option<super::reward::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
