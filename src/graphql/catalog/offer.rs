use entity::{offer, offer::Column as C};

use super::{PROGRAMME, decimal, enumerated, enums, mirrored, text};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let offer = EntityType::new::<offer::Entity>(
        "Offer",
        ("offer", "offers"),
        C::Id,
        "An offer: what a referred customer gets, for example a discount.",
    )
    .first_promoter_id("FirstPromoter's id of the offer.")
    .with(text(C::Name, "Name.").open(PROGRAMME).searchable().orderable())
    .with(decimal(
        C::Amount,
        "How much, by `unit`: minor units for money, percent for `DISCOUNT_PER`, a count otherwise.",
    ))
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts."))
    .with(
        text(C::DefaultPromoCode, "The code that customers type unless a promotion has its own.")
            .open("the programme's code, no promoter's"),
    )
    .to_many("campaigns", offer::Relation::Campaigns, "The campaigns that make this offer.")
    .to_many("promotions", offer::Relation::Promotions, "The promotions that make this offer now.")
    .own_rows(OwnRows::Where("{t}.id in (select own.current_offer_id from promotion own where own.promoter_id = {v})"));
    mirrored(offer, C::DeletedAt, C::UpdatedAt)
}
