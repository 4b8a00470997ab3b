//! A promotion: one promoter's enrolment in one campaign, with its referral link, codes and counters.

use sea_orm::entity::prelude::*;

/// One row of `promotion`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub promoter_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub status: Option<String>,
    pub state: Option<String>,
    pub ref_id: Option<String>,
    pub ref_id_folded: String,
    pub promo_code: Option<String>,
    pub customer_promo_code: Option<String>,
    pub target_reached_at: Option<i64>,
    pub referral_link: Option<String>,
    pub hidden: Option<bool>,
    pub visitors_count: Option<i64>,
    pub leads_count: Option<i64>,
    pub customers_count: Option<i64>,
    pub active_customers_count: Option<i64>,
    pub sales_count: Option<i64>,
    pub refunds_count: Option<i64>,
    pub cancellations_count: Option<i64>,
    pub sales_total: Option<i64>,
    pub refunds_total: Option<i64>,
    pub current_offer_id: Option<i64>,
    pub current_referral_reward_id: Option<i64>,
    pub current_promotion_reward_id: Option<i64>,
    pub current_target_reward_id: Option<i64>,
    pub created_at: Option<i64>,
    pub direct_url: Option<String>,
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
    #[sea_orm(belongs_to, relation_enum = "CurrentOffer", from = "current_offer_id", to = "id")]
    pub current_offer: BelongsTo<Option<super::offer::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "CurrentReferralReward", from = "current_referral_reward_id", to = "id")]
    pub current_referral_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "CurrentPromotionReward", from = "current_promotion_reward_id", to = "id")]
    pub current_promotion_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "CurrentTargetReward", from = "current_target_reward_id", to = "id")]
    pub current_target_reward: BelongsTo<Option<super::reward::Entity>>,
    #[sea_orm(has_many, relation_enum = "Leads", via_rel = "Promotion")]
    pub leads: HasMany<super::lead::Entity>,
    #[sea_orm(has_many, relation_enum = "SplitLeads", via_rel = "SplitPromotion")]
    pub split_leads: HasMany<super::lead::Entity>,
    #[sea_orm(has_many, relation_enum = "Commissions", via_rel = "Promotion")]
    pub commissions: HasMany<super::commission::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
