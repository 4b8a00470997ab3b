use entity::{payout_method, payout_method::Column as C};

use super::{
    enums,
    fields::{enumerated, flag, json, mirrored, time},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let method = EntityType::new::<payout_method::Entity>(
        "PayoutMethod",
        ("payoutMethod", "payoutMethods"),
        C::Id,
        "A payout method: the service and the account by which a promoter is paid.",
    )
    .first_promoter_id("FirstPromoter's id of the payout method.")
    .with(enumerated(C::Method, &enums::PAYOUT_METHOD_KIND, "The service."))
    .with(time(C::AddedAt, "When the promoter added it."))
    .with(flag(C::IsDisabled, "Whether the method is disabled."))
    .with(flag(
        C::IsSelected,
        "Whether it was the promoter's selected method according to the last webhook that said so.",
    ))
    .with(
        json(C::Details, "Bank account, wallet or address, as an object as FirstPromoter sends it.")
            .contact("bank account and address"),
    )
    .to_one("promoter", payout_method::Relation::Promoter, "The promoter who is paid by it.")
    .to_many("payouts", payout_method::Relation::Payouts, "The payouts that are paid by it.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(method, C::DeletedAt, C::UpdatedAt)
}
