use entity::{payout, payout::Column as C};

use super::{decimal, enumerated, enums, flag, mirrored, time};
use crate::read::{model::EntityType, scope::OwnRows};

pub fn declared() -> EntityType {
    let payout = EntityType::new::<payout::Entity>(
        "Payout",
        ("payout", "payouts"),
        C::Id,
        "A payout: a sum of money, or a non-monetary fulfilment, owed or paid to a promoter.",
    )
    .first_promoter_id("FirstPromoter's id of the payout or fulfilment.")
    .with(enumerated(C::Status, &enums::PAYOUT_STATUS, "How far it is."))
    .with(decimal(C::Amount, "How much, by `unit`.").orderable())
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts."))
    .with(time(C::PaidAt, "When it was paid.").orderable())
    .with(time(C::DueDate, "When it is due.").orderable())
    .with(flag(C::HasIssues, "Whether earlier attempts to fulfil it failed."))
    .with(time(C::CreatedAt, "When it was created.").orderable())
    .to_one("promoter", "Promoter", C::PromoterId, "Who is paid.")
    .to_one("campaign", "Campaign", C::CampaignId, "For which campaign.")
    .to_one("reward", "Reward", C::RewardId, "The rule that is fulfilled.")
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(payout, C::DeletedAt, C::UpdatedAt)
}
