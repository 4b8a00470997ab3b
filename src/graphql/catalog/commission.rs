use entity::{commission, commission::Column as C, payout, webhook_event};

use super::{FRAUD, NOTE, WORD, decimal, enumerated, enums, flag, mirrored, number, text, time};
use crate::read::model::{EntityType, OwnRows, Visibility};

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
    .with(
        text(C::SaleEventId, "The sale's id at the billing provider. Several commissions can share it: tiers and splits.")
            .open("the id of a sale, no person's"),
    )
    .with(number(C::Tier, "1 for the promoter who referred the customer, 2 and more for those above."))
    .with(text(C::SplitType, "How the commission was split, as FirstPromoter writes it.").open(WORD))
    .with(time(C::CreatedAt, "When it was earned.").orderable())
    .with(enumerated(C::CommissionType, &enums::COMMISSION_TYPE, "What it was earned by."))
    .with(number(C::OriginalSaleAmount, "The sale in minor units of `originalSaleCurrency`, before conversion."))
    .with(text(C::OriginalSaleCurrency, "The currency in which the customer paid (ISO 4217).").open(WORD))
    .with(
        text(C::PlanId, "Id of the plan that was bought, at the billing provider.").open("the company's product"),
    )
    .with(flag(C::IsPaid, "Whether it was paid."))
    .with(flag(C::IsSplit, "Whether it is a part of a commission that several promotions share."))
    .with(
        flag(C::IsSelfReferral, "Whether the promoter seems to be the customer.").seen_by(Visibility::Staff, FRAUD),
    )
    .with(
        enumerated(C::Suspicion, &enums::SUSPICION, "What the fraud check found.").seen_by(Visibility::Staff, FRAUD),
    )
    .with(text(C::InternalNote, "Note of the programme's staff.").staff_contact(NOTE))
    .with(
        text(C::ExternalNote, "Note of the programme's staff to the promoter.").contact("free text to a person"),
    )
    .with(time(C::StatusUpdatedAt, "When it was approved or denied."))
    .to_one("lead", commission::Relation::Lead, "Whose sale it was. Null for a grant, and hidden from a promoter of a higher tier.")
    .to_one("promoter", commission::Relation::Promoter, "Who earned it.")
    .to_one("promotion", commission::Relation::Promotion, "The enrolment through which it was earned.")
    .to_one("reward", commission::Relation::Reward, "The rule by which it was earned.")
    .through::<commission::Entity, payout::Entity>(
        "payouts",
        "The payouts that pay it.",
    )
    .mirrored_pairs()
    .through::<commission::Entity, webhook_event::Entity>(
        "events",
        "The webhook events that told something of the commission. For admins.",
    )
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(commission, C::DeletedAt, C::UpdatedAt)
}
