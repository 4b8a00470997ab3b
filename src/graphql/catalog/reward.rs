use entity::{reward, reward::Column as C};

use super::{PROGRAMME, WORD, decimal, enumerated, enums, mirrored, text};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let reward = EntityType::new::<reward::Entity>(
        "Reward",
        ("reward", "rewards"),
        C::Id,
        "A reward: the configured rule by which promoters earn. What one sale earned is a `Commission`.",
    )
    .first_promoter_id("FirstPromoter's id of the reward.")
    .with(text(C::Name, "Name.").open(PROGRAMME).searchable().orderable())
    .with(
        text(C::RewardType, "What it is paid for, as FirstPromoter writes it: `per_referral`, `per_promotion`, ...")
            .open(WORD),
    )
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts."))
    .with(decimal(C::Amount, "How much, by `unit`; zero or null where `perOfSale` decides."))
    .with(decimal(C::PerOfSale, "Percentage of the sale."))
    .with(text(C::DefaultPromoCode, "The code that belongs to it.").open("the programme's code, no promoter's"))
    .to_many(
        "campaignsAsReferralReward",
        reward::Relation::CampaignsAsReferralReward,
        "The campaigns that pay it for a referral.",
    )
    .to_many(
        "campaignsAsPromotionReward",
        reward::Relation::CampaignsAsPromotionReward,
        "The campaigns that pay it for promoting.",
    )
    .to_many(
        "campaignsAsTargetReward",
        reward::Relation::CampaignsAsTargetReward,
        "The campaigns that pay it for a target.",
    )
    .to_many(
        "promotionsAsReferralReward",
        reward::Relation::PromotionsAsReferralReward,
        "The promotions that pay it for a referral now.",
    )
    .to_many(
        "promotionsAsPromotionReward",
        reward::Relation::PromotionsAsPromotionReward,
        "The promotions that pay it for promoting now.",
    )
    .to_many(
        "promotionsAsTargetReward",
        reward::Relation::PromotionsAsTargetReward,
        "The promotions that pay it for a target now.",
    )
    .to_many("payouts", reward::Relation::Payouts, "The fulfilments of it.")
    .to_many("commissions", reward::Relation::Commissions, "What was earned by it.")
    .own_rows(OwnRows::Where(
        "{t}.id in (select own.current_referral_reward_id from promotion own where own.promoter_id = {v} union all \
         select own.current_promotion_reward_id from promotion own where own.promoter_id = {v} union all select \
         own.current_target_reward_id from promotion own where own.promoter_id = {v} union all select own.reward_id \
         from payout own where own.promoter_id = {v} union all select own.reward_id from commission own where \
         own.promoter_id = {v})",
    ));
    mirrored(reward, C::DeletedAt, C::UpdatedAt)
}
