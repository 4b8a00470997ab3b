//! A campaign: a variant of the affiliate programme with its own rewards and landing page.

use sea_orm::entity::prelude::*;

/// One row of `campaign`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: Option<String>,
    pub name_folded: String,
    pub landing_url: Option<String>,
    pub description: Option<String>,
    pub private: Option<bool>,
    pub color: Option<String>,
    pub auto_approve_rewards: Option<bool>,
    pub auto_approve_promoters: Option<bool>,
    pub offer_id: Option<i64>,
    pub referral_reward_id: Option<i64>,
    pub promotion_reward_id: Option<i64>,
    pub target_reward_id: Option<i64>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Offer", from = "offer_id", to = "id")]
    pub offer: BelongsTo<Option<super::offer::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "ReferralReward", from = "referral_reward_id", to = "id")]
    pub referral_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "PromotionReward", from = "promotion_reward_id", to = "id")]
    pub promotion_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "TargetReward", from = "target_reward_id", to = "id")]
    pub target_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(has_many, relation_enum = "Promotions", via_rel = "Campaign")]
    pub promotions: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many, relation_enum = "Payouts", via_rel = "Campaign")]
    pub payouts: HasMany<super::payout::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
