use entity::{commission, commission::Column as C, payout, webhook_event};

use super::{
    enums,
    fields::{FRAUD, NOTE, WORD, decimal, enumerated, flag_of, mirrored, number, text, time},
};
use crate::read::model::{EntityType, OwnRows, Visibility};

pub fn declared() -> EntityType {
    let commission = EntityType::new::<commission::Entity>(
        "Commission",
        ("commission", "commissions"),
        C::Id,
        "A commission: what a promoter earned by one sale, refund or grant. FirstPromoter's v1 webhooks call it a reward.",
    )
    .first_promoter_id("FirstPromoter's id of the commission.")
    .with(enumerated(C::Status, &enums::COMMISSION_STATUS, "Whether the commission was approved."))
    .with(decimal(C::Amount, "The amount, in `unit`: minor units (cents) for money, otherwise a count or a percentage. Negative for a refund.").measured_in("unit").orderable())
    .with(enumerated(C::Unit, &enums::UNIT, "Unit of the amount."))
    .with(number(C::SaleAmount, "Amount of the sale in minor units of the account's currency (cents). Negative for a refund.").orderable())
    .with(
        text(C::SaleEventId, "Id of the sale at the billing provider. Commissions of several tiers, or parts of a split, share it.")
            .open("the id of a sale, no person's"),
    )
    .with(number(C::Tier, "1 for the promoter who referred the customer, 2 and above for the promoters who recruited that one."))
    .with(text(C::SplitType, "How the commission was split, as FirstPromoter writes it. Only webhooks v1 tell it.").open(WORD))
    .with(time(C::CreatedAt, "When the commission was created.").orderable())
    .with(enumerated(C::CommissionType, &enums::COMMISSION_TYPE, "Whether it was earned by a sale or granted. Only webhooks v2 tell it."))
    .with(number(C::OriginalSaleAmount, "Amount of the sale in minor units of `originalSaleCurrency`, before conversion. Only webhooks v2 tell it.").measured_in("originalSaleCurrency"))
    .with(text(C::OriginalSaleCurrency, "Currency in which the customer paid (ISO 4217). Null if it is the account's, and where only webhooks v1 have told of the commission.").open(WORD))
    .with(
        text(C::PlanId, "Id of the purchased plan at the billing provider. Only webhooks v2 tell it.").open("the company's product"),
    )
    .with(flag_of("v2", C::IsPaid, "Whether the commission was paid."))
    .with(flag_of("v2", C::IsSplit, "Whether it is one part of a commission that is split between promotions."))
    .with(
        flag_of("v2", C::IsSelfReferral, "Whether FirstPromoter takes the promoter for the customer.").seen_by(Visibility::Staff, FRAUD),
    )
    .with(
        enumerated(C::Suspicion, &enums::SUSPICION, "Result of FirstPromoter's fraud check. Only webhooks v2 tell it.").seen_by(Visibility::Staff, FRAUD),
    )
    .with(text(C::InternalNote, "Internal note of the programme's staff.").staff_contact(NOTE))
    .with(
        text(C::ExternalNote, "Note of the programme's staff for the promoter.").contact("free text to a person"),
    )
    .with(time(C::StatusUpdatedAt, "When the commission was last approved or denied. Only webhooks v2 tell it."))
    .to_one("lead", commission::Relation::Lead, "The customer whose sale it was. Null for a grant, and for a promoter of a higher tier.")
    .to_one("promoter", commission::Relation::Promoter, "The promoter who earned it.")
    .to_one("promotion", commission::Relation::Promotion, "The enrolment through which it was earned.")
    .to_one("reward", commission::Relation::Reward, "The reward, that is the rule, by which it was earned. Only webhooks v2 tell it.")
    .through::<commission::Entity, payout::Entity>(
        "payouts",
        "The payouts that include the commission.",
    )
    .mirrored_pairs()
    .through::<commission::Entity, webhook_event::Entity>(
        "events",
        "The webhook events that mention the commission. For admins.",
    )
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(commission, C::DeletedAt, C::UpdatedAt)
}
