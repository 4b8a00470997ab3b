use entity::{commission, payout, payout::Column as C};

use super::{PROVIDER, decimal, enumerated, enums, flag, mirrored, text, time};
use crate::read::model::{EntityType, OwnRows};

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
    .with(time(C::PeriodStart, "Start of the period that it pays."))
    .with(time(C::PeriodEnd, "End of the period that it pays."))
    .with(decimal(C::TaxRate, "Tax rate, as FirstPromoter writes it."))
    .with(decimal(C::TotalInclTax, "How much with tax, by `unit`."))
    .with(time(C::ProcessingStartedAt, "When paying began."))
    .with(time(C::FailedAt, "When paying failed."))
    .with(text(C::Error, "Why paying failed.").staff_contact(PROVIDER))
    .to_one("promoter", payout::Relation::Promoter, "Who is paid.")
    .to_one("campaign", payout::Relation::Campaign, "For which campaign.")
    .to_one("reward", payout::Relation::Reward, "The rule that is fulfilled.")
    .to_one("payoutMethod", payout::Relation::PayoutMethod, "Where it is paid to.")
    .to_one("paymentsBatch", payout::Relation::PaymentsBatch, "The batch that it is paid in. Hidden from promoters.")
    .through::<payout::Entity, commission::Entity>("commissions", "The commissions that it pays.")
    .mirrored_pairs()
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(payout, C::DeletedAt, C::UpdatedAt)
}
