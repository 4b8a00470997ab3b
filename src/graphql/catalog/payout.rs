use entity::{commission, payout, payout::Column as C};

use super::{
    enums,
    fields::{PROVIDER, decimal, enumerated, flag_of, mirrored, text, time},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let payout = EntityType::new::<payout::Entity>(
        "Payout",
        ("payout", "payouts"),
        C::Id,
        "A payout: money, or a non-monetary reward, that a promoter was or will be paid.",
    )
    .first_promoter_id("FirstPromoter's id of the payout or fulfilment.")
    .with(enumerated(C::Status, &enums::PAYOUT_STATUS, "Progress of the payout."))
    .with(
        decimal(C::Amount, "The amount, in `unit`: minor units (cents) for money, otherwise a count or a percentage.")
            .measured_in("unit")
            .orderable(),
    )
    .with(enumerated(C::Unit, &enums::UNIT, "Unit of the amount."))
    .with(time(C::PaidAt, "When it was paid. Null before.").orderable())
    .with(time(C::DueDate, "When it is due. As FirstPromoter documents them, only webhooks v1 tell it.").orderable())
    .with(flag_of("v1", C::HasIssues, "Whether earlier attempts to pay it failed."))
    .with(time(C::CreatedAt, "When it was created.").orderable())
    .with(time(C::PeriodStart, "Start of the period for which it is paid."))
    .with(time(C::PeriodEnd, "End of the period for which it is paid."))
    .with(decimal(C::TaxRate, "Tax rate as FirstPromoter sends it."))
    .with(decimal(C::TotalInclTax, "The amount including tax, in `unit`.").measured_in("unit"))
    .with(time(C::ProcessingStartedAt, "When the payment started. Null before."))
    .with(time(C::FailedAt, "When the payment failed. Null if it did not."))
    .with(text(C::Error, "Why the payment failed. Null if it did not.").staff_contact(PROVIDER))
    .to_one("promoter", payout::Relation::Promoter, "The promoter who is paid.")
    .to_one("campaign", payout::Relation::Campaign, "The campaign for which it is paid.")
    .to_one("reward", payout::Relation::Reward, "The reward, that is the rule, for which it is paid.")
    .to_one("payoutMethod", payout::Relation::PayoutMethod, "The payout method by which it is paid.")
    .to_one("paymentsBatch", payout::Relation::PaymentsBatch, "The batch in which it is paid. Null for promoters.")
    .through::<payout::Entity, commission::Entity>("commissions", "The commissions that the payout includes.")
    .mirrored_pairs()
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(payout, C::DeletedAt, C::UpdatedAt)
}
