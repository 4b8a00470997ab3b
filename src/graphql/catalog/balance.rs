use entity::{balance, balance::Column as C};

use super::{enumerated, enums, number};
use crate::read::{model::EntityType, scope::OwnRows};

pub fn declared() -> EntityType {
    EntityType::new::<balance::Entity>(
        "Balance",
        ("balance", "balances"),
        C::Id,
        "One unit of one of a promoter's balances. A unit that is zero is usually missing.",
    )
    .text_key()
    .not_mirrored()
    .with(enumerated(C::Kind, &enums::BALANCE_KIND, "Which balance.").required())
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts.").required())
    .with(
        number(C::Amount, "Minor units of the account's currency for money, a plain count otherwise; may be negative.")
            .orderable_as_it_is()
            .required(),
    )
    .to_one("promoter", balance::Relation::Promoter, "Whose balance it is.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"))
}
