use entity::{offer, offer::Column as C};

use super::{
    enums,
    fields::{PROGRAMME, decimal, enumerated, mirrored, text},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let offer = EntityType::new::<offer::Entity>(
        "Offer",
        ("offer", "offers"),
        C::Id,
        "An offer for referred customers, for example a discount.",
    )
    .first_promoter_id("FirstPromoter's id of the offer.")
    .with(text(C::Name, "Name of the offer.").open(PROGRAMME).searchable().orderable())
    .with(
        decimal(
            C::Amount,
            "The amount, in `unit`: minor units (cents) for money, percent for `DISCOUNT_PER`, otherwise a count.",
        )
        .measured_in("unit"),
    )
    .with(enumerated(C::Unit, &enums::UNIT, "Unit of the amount."))
    .with(
        text(C::DefaultPromoCode, "The code that customers enter, unless the promotion has its own.")
            .open("the programme's code, no promoter's"),
    )
    .to_many("campaigns", offer::Relation::Campaigns, "The campaigns with this offer.")
    .to_many("promotions", offer::Relation::Promotions, "The promotions that have this offer at present.")
    .own_rows(OwnRows::Where("{t}.id in (select own.current_offer_id from promotion own where own.promoter_id = {v})"));
    mirrored(offer, C::DeletedAt, C::UpdatedAt)
}
