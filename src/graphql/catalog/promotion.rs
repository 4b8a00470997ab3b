use entity::{promotion, promotion::Column as C};

use super::{NAMED, enumerated, enums, flag, mirrored, number, text, time};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let promotion = EntityType::new::<promotion::Entity>(
        "Promotion",
        ("promotion", "promotions"),
        C::Id,
        "A promotion: one promoter's enrolment in one campaign, with its referral link, codes and counters.",
    )
    .first_promoter_id("FirstPromoter's id of the promotion.")
    .with(enumerated(C::Status, &enums::PROMOTION_STATUS, "Whether the offer is running."))
    .with(enumerated(C::State, &enums::PROMOTION_STATE, "State of the enrolment."))
    .with(
        text(C::RefId, "The referral id in the promoter's links; promoter and staff can change it.")
            .contact(NAMED)
            .searchable()
            .orderable(),
    )
    .with(text(C::PromoCode, "The coupon's id at the billing provider.").contact(NAMED))
    .with(text(C::CustomerPromoCode, "The code that customers type.").contact(NAMED))
    .with(time(C::TargetReachedAt, "When the target of the target reward was reached."))
    .with(text(C::ReferralLink, "The referral link.").contact("holds the referral id"))
    .with(
        text(C::DirectUrl, "The page of the promoter's own whose visitors count without a link.")
            .contact("the promoter's own page"),
    )
    .with(flag(C::Hidden, "Whether it is hidden on the promoter's dashboard."))
    .with(time(C::CreatedAt, "When the promoter was enrolled."))
    .with(number(C::VisitorsCount, "Visitors that came by the link.").orderable())
    .with(number(C::LeadsCount, "Leads.").orderable())
    .with(number(C::CustomersCount, "Customers.").orderable())
    .with(number(C::ActiveCustomersCount, "Customers that have not cancelled.").orderable())
    .with(number(C::SalesCount, "Sales.").orderable())
    .with(number(C::RefundsCount, "Refunds."))
    .with(number(C::CancellationsCount, "Cancellations."))
    .with(number(C::SalesTotal, "Sum of the sales, in minor units of the account's currency.").orderable())
    .with(number(C::RefundsTotal, "Sum of the refunds, in minor units: zero or negative."))
    .to_one("promoter", promotion::Relation::Promoter, "Who promotes.")
    .to_one("campaign", promotion::Relation::Campaign, "What is promoted.")
    .to_one("currentOffer", promotion::Relation::CurrentOffer, "What referred customers get now.")
    .to_one(
        "currentReferralReward",
        promotion::Relation::CurrentReferralReward,
        "What the promoter earns for a referral now.",
    )
    .to_one(
        "currentPromotionReward",
        promotion::Relation::CurrentPromotionReward,
        "What the promoter earns for promoting now.",
    )
    .to_one(
        "currentTargetReward",
        promotion::Relation::CurrentTargetReward,
        "What the promoter earns for reaching the target now.",
    )
    .to_many("leads", promotion::Relation::Leads, "The people who were referred through it.")
    .to_many("splitLeads", promotion::Relation::SplitLeads, "The leads of others of which this promotion gets a part.")
    .to_many("commissions", promotion::Relation::Commissions, "What was earned through it.")
    .natural_key(C::RefId)
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(promotion, C::DeletedAt, C::UpdatedAt)
}
