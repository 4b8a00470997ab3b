//! A reward: the configured rule by which promoters earn. What one sale earned is a `commission`.

use sea_orm::entity::prelude::*;

/// One row of `reward`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reward")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: Option<String>,
    pub name_folded: String,
    pub reward_type: Option<String>,
    pub unit: Option<String>,
    pub amount: Option<i64>,
    pub per_of_sale: Option<i64>,
    pub default_promo_code: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(has_many, relation_enum = "Payouts", via_rel = "Reward")]
    pub payouts: HasMany<super::payout::Entity>,
    #[sea_orm(has_many, relation_enum = "CampaignsAsReferralReward", via_rel = "ReferralReward")]
    pub campaigns_as_referral_reward: HasMany<super::campaign::Entity>,
    #[sea_orm(has_many, relation_enum = "CampaignsAsPromotionReward", via_rel = "PromotionReward")]
    pub campaigns_as_promotion_reward: HasMany<super::campaign::Entity>,
    #[sea_orm(has_many, relation_enum = "CampaignsAsTargetReward", via_rel = "TargetReward")]
    pub campaigns_as_target_reward: HasMany<super::campaign::Entity>,
    #[sea_orm(has_many, relation_enum = "PromotionsAsReferralReward", via_rel = "CurrentReferralReward")]
    pub promotions_as_referral_reward: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many, relation_enum = "PromotionsAsPromotionReward", via_rel = "CurrentPromotionReward")]
    pub promotions_as_promotion_reward: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many, relation_enum = "PromotionsAsTargetReward", via_rel = "CurrentTargetReward")]
    pub promotions_as_target_reward: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many, relation_enum = "Commissions", via_rel = "Reward")]
    pub commissions: HasMany<super::commission::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
