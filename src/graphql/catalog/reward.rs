use entity::{reward, reward::Column as C};

use super::{
    enums,
    fields::{PROGRAMME, WORD, decimal, enumerated, mirrored, text},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let reward = EntityType::new::<reward::Entity>(
        "Reward",
        ("reward", "rewards"),
        C::Id,
        "A reward: a rule by which promoters earn. What a promoter earned by one sale is a `Commission`.",
    )
    .first_promoter_id("FirstPromoter's id of the reward.")
    .with(text(C::Name, "Name of the reward.").open(PROGRAMME).searchable().orderable())
    .with(
        text(C::RewardType, "What the reward is paid for, as FirstPromoter sends it: `per_referral`, `per_promotion`, ...")
            .open(WORD),
    )
    .with(enumerated(C::Unit, &enums::UNIT, "Unit of the amount."))
    .with(decimal(C::Amount, "The amount, in `unit`: minor units (cents) for money, otherwise a count or a percentage. Zero or null if `perOfSale` applies instead.").measured_in("unit"))
    .with(decimal(C::PerOfSale, "Percentage of the sale. Null if `amount` applies instead."))
    .with(text(C::DefaultPromoCode, "Promo code of the reward.").open("the programme's code, no promoter's"))
    .to_many(
        "campaignsAsReferralReward",
        reward::Relation::CampaignsAsReferralReward,
        "The campaigns that pay the reward for a referral.",
    )
    .to_many(
        "campaignsAsPromotionReward",
        reward::Relation::CampaignsAsPromotionReward,
        "The campaigns that pay the reward for promoting.",
    )
    .to_many(
        "campaignsAsTargetReward",
        reward::Relation::CampaignsAsTargetReward,
        "The campaigns that pay the reward for a target.",
    )
    .to_many(
        "promotionsAsReferralReward",
        reward::Relation::PromotionsAsReferralReward,
        "The promotions that pay the reward for a referral at present.",
    )
    .to_many(
        "promotionsAsPromotionReward",
        reward::Relation::PromotionsAsPromotionReward,
        "The promotions that pay the reward for promoting at present.",
    )
    .to_many(
        "promotionsAsTargetReward",
        reward::Relation::PromotionsAsTargetReward,
        "The promotions that pay the reward for a target at present.",
    )
    .to_many("payouts", reward::Relation::Payouts, "The payouts for the reward.")
    .to_many("commissions", reward::Relation::Commissions, "The commissions that were earned by the reward.")
    .own_rows(OwnRows::Where(
        "{t}.id in (select own.current_referral_reward_id from promotion own where own.promoter_id = {v} union all \
         select own.current_promotion_reward_id from promotion own where own.promoter_id = {v} union all select \
         own.current_target_reward_id from promotion own where own.promoter_id = {v} union all select own.reward_id \
         from payout own where own.promoter_id = {v} union all select own.reward_id from commission own where \
         own.promoter_id = {v})",
    ));
    mirrored(reward, C::DeletedAt, C::UpdatedAt)
}
