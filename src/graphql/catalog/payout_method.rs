use entity::{payout_method, payout_method::Column as C};

use super::{enumerated, enums, flag, json, mirrored, time};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let method = EntityType::new::<payout_method::Entity>(
        "PayoutMethod",
        ("payoutMethod", "payoutMethods"),
        C::Id,
        "A payout method: where a promoter wants to be paid.",
    )
    .first_promoter_id("FirstPromoter's id of the payout method.")
    .with(enumerated(C::Method, &enums::PAYOUT_METHOD_KIND, "By which service."))
    .with(time(C::AddedAt, "When the promoter added it."))
    .with(flag(C::IsDisabled, "Whether it must not be used."))
    .with(flag(C::IsSelected, "Whether the promoter is paid by it, when it was last told."))
    .with(
        json(C::Details, "Bank account, wallet or address, as FirstPromoter writes them: an object.")
            .contact("bank account and address"),
    )
    .to_one("promoter", payout_method::Relation::Promoter, "Who is paid by it.")
    .to_many("payouts", payout_method::Relation::Payouts, "The payouts that go by it.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(method, C::DeletedAt, C::UpdatedAt)
}
