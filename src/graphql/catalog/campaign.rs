use entity::{campaign, campaign::Column as C, promotion};

use super::fields::{PROGRAMME, flag, flag_of, mirrored, text};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let campaign = EntityType::new::<campaign::Entity>(
        "Campaign",
        ("campaign", "campaigns"),
        C::Id,
        "A campaign: a variant of the affiliate programme with its own rewards and landing page.",
    )
    .first_promoter_id("FirstPromoter's id of the campaign.")
    .with(text(C::Name, "Name of the campaign.").open(PROGRAMME).searchable().orderable())
    .with(text(C::LandingUrl, "URL of the page that referral links lead to.").open("the company's own page"))
    .with(text(C::Description, "Description for promoters.").open(PROGRAMME))
    .with(flag(C::Private, "Whether promoters can join by invitation only."))
    .with(text(C::Color, "Colour in FirstPromoter's dashboard, as hexadecimal RGB.").open("a colour"))
    .with(flag_of("v1", C::AutoApproveRewards, "Whether commissions are approved without an admin."))
    .with(flag(C::AutoApprovePromoters, "Whether promoters are accepted without an admin."))
    .to_one("offer", campaign::Relation::Offer, "The offer for referred customers.")
    .to_one("referralReward", campaign::Relation::ReferralReward, "The reward for a referral.")
    .to_one("promotionReward", campaign::Relation::PromotionReward, "The reward for promoting.")
    .to_one("targetReward", campaign::Relation::TargetReward, "The reward for reaching a target.")
    .to_many("promotions", campaign::Relation::Promotions, "The promoters' enrolments in the campaign.")
    .over(
        "leads",
        campaign::Relation::Promotions,
        promotion::Relation::Leads,
        "The leads that came through the campaign's promotions, also through deleted ones.",
    )
    .to_many("payouts", campaign::Relation::Payouts, "The payouts for the campaign.")
    .own_rows(OwnRows::Where(
        "{t}.id in (select own.campaign_id from promotion own where own.promoter_id = {v} union all select \
         own.campaign_id from payout own where own.promoter_id = {v})",
    ));
    mirrored(campaign, C::DeletedAt, C::UpdatedAt)
}
