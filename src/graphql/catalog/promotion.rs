use entity::{promotion, promotion::Column as C};

use super::{
    enums,
    fields::{NAMED, enumerated, flag_of, mirrored, number, text, time},
};
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
        text(C::RefId, "Referral id in the promoter's links. Promoter and staff can change it.")
            .contact(NAMED)
            .searchable()
            .orderable(),
    )
    .with(text(C::PromoCode, "Id of the coupon at the billing provider.").contact(NAMED))
    .with(text(C::CustomerPromoCode, "The code that customers enter.").contact(NAMED))
    .with(time(C::TargetReachedAt, "When the target of the target reward was reached. Null before."))
    .with(text(C::ReferralLink, "The referral link.").contact("holds the referral id"))
    .with(
        text(C::DirectUrl, "URL of the promoter's own page whose visitors are tracked without a referral link.")
            .contact("the promoter's own page"),
    )
    .with(flag_of("v1", C::Hidden, "Whether it is hidden in the promoter's dashboard."))
    .with(time(C::CreatedAt, "When the promoter was enrolled."))
    .with(number(C::VisitorsCount, "Number of visitors by the referral link.").orderable())
    .with(number(C::LeadsCount, "Number of leads.").orderable())
    .with(number(C::CustomersCount, "Number of customers.").orderable())
    .with(number(C::ActiveCustomersCount, "Number of customers who have not cancelled.").orderable())
    .with(number(C::SalesCount, "Number of sales.").orderable())
    .with(number(C::RefundsCount, "Number of refunds."))
    .with(number(C::CancellationsCount, "Number of cancellations."))
    .with(number(C::SalesTotal, "Sum of the sales in minor units of the account's currency (cents). Version 2 webhooks tell it less refunds.").orderable())
    .with(number(
        C::RefundsTotal,
        "Sum of the refunds in minor units of the account's currency (cents): zero or negative.",
    ))
    .to_one("promoter", promotion::Relation::Promoter, "The enrolled promoter.")
    .to_one("campaign", promotion::Relation::Campaign, "The campaign.")
    .to_one("currentOffer", promotion::Relation::CurrentOffer, "The present offer for referred customers.")
    .to_one("currentReferralReward", promotion::Relation::CurrentReferralReward, "The present reward for a referral.")
    .to_one("currentPromotionReward", promotion::Relation::CurrentPromotionReward, "The present reward for promoting.")
    .to_one(
        "currentTargetReward",
        promotion::Relation::CurrentTargetReward,
        "The present reward for reaching a target.",
    )
    .to_many("leads", promotion::Relation::Leads, "The leads that came through the promotion.")
    .to_many(
        "splitLeads",
        promotion::Relation::SplitLeads,
        "Leads of other promotions of which this one gets a share of the commissions.",
    )
    .to_many("commissions", promotion::Relation::Commissions, "The commissions that were earned through the promotion.")
    .natural_key(C::RefId)
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(promotion, C::DeletedAt, C::UpdatedAt)
}
