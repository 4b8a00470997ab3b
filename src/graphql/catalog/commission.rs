use entity::{commission, commission::Column as C, commission_event, payout_commission};

use super::{decimal, enumerated, enums, flag, mirrored, number, text, time};
use crate::read::{
    model::{EntityType, Visibility},
    scope::OwnRows,
};

pub fn declared() -> EntityType {
    let commission = EntityType::new::<commission::Entity>(
        "Commission",
        ("commission", "commissions"),
        C::Id,
        "A commission: what one sale, refund or grant earned one promoter. FirstPromoter's v1 webhooks call it a reward.",
    )
    .first_promoter_id("FirstPromoter's id of the commission.")
    .with(enumerated(C::Status, &enums::COMMISSION_STATUS, "Whether it was approved."))
    .with(decimal(C::Amount, "How much, by `unit`: minor units for money, a count or a percentage otherwise; negative for a refund.").orderable())
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts."))
    .with(number(C::SaleAmount, "The sale, in minor units of the account's currency; negative for a refund.").orderable())
    .with(text(C::SaleEventId, "The sale's id at the billing provider. Several commissions can share it: tiers and splits."))
    .with(number(C::Tier, "1 for the promoter who referred the customer, 2 and more for those above."))
    .with(text(C::SplitType, "How the commission was split, as FirstPromoter writes it."))
    .with(time(C::CreatedAt, "When it was earned.").orderable())
    .with(enumerated(C::CommissionType, &enums::COMMISSION_TYPE, "What it was earned by."))
    .with(number(C::OriginalSaleAmount, "The sale in minor units of `originalSaleCurrency`, before conversion."))
    .with(text(C::OriginalSaleCurrency, "The currency in which the customer paid (ISO 4217)."))
    .with(text(C::PlanId, "Id of the plan that was bought, at the billing provider."))
    .with(flag(C::IsPaid, "Whether it was paid."))
    .with(flag(C::IsSplit, "Whether it is a part of a commission that several promotions share."))
    .with(flag(C::IsSelfReferral, "Whether the promoter seems to be the customer.").seen_by(Visibility::Staff))
    .with(enumerated(C::Suspicion, &enums::SUSPICION, "What the fraud check found.").seen_by(Visibility::Staff))
    .with(text(C::InternalNote, "Note of the programme's staff.").seen_by(Visibility::Staff))
    .with(text(C::ExternalNote, "Note of the programme's staff to the promoter."))
    .with(time(C::StatusUpdatedAt, "When it was approved or denied."))
    .to_one("lead", "Lead", C::LeadId, "Whose sale it was. Null for a grant, and hidden from a promoter of a higher tier.")
    .to_one("promoter", "Promoter", C::PromoterId, "Who earned it.")
    .to_one("promotion", "Promotion", C::PromotionId, "The enrolment through which it was earned.")
    .to_one("reward", "Reward", C::RewardId, "The rule by which it was earned.")
    .through::<payout_commission::Entity>(
        "payouts",
        "Payout",
        (payout_commission::Column::CommissionId, payout_commission::Column::PayoutId),
        "The payouts that pay it.",
    )
    .mirrored_pairs()
    .through::<commission_event::Entity>(
        "events",
        "WebhookEvent",
        (commission_event::Column::CommissionId, commission_event::Column::EventId),
        "The webhook events that told something of the commission. For admins.",
    )
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(commission, C::DeletedAt, C::UpdatedAt)
}
