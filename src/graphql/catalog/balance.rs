use entity::{balance, balance::Column as C};

use super::{
    enums,
    fields::{decimal, enumerated},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    EntityType::new::<balance::Entity>(
        "Balance",
        ("balance", "balances"),
        C::Id,
        "A promoter's balance of one kind in one unit. Balances of zero are usually missing.",
    )
    .text_key()
    .not_mirrored()
    .versioned()
    .with(enumerated(C::Kind, &enums::BALANCE_KIND, "The kind of balance.").required())
    .raw_means("`kind` as this server stores it.")
    .with(enumerated(C::Unit, &enums::UNIT, "Unit of the amount.").required())
    .with(
        decimal(
            C::Amount,
            "The amount, in `unit`: minor units of the account's currency (cents) for money, otherwise a count or a \
             percentage. May be negative.",
        )
        .measured_in("unit")
        .orderable_as_it_is()
        .required(),
    )
    .to_one("promoter", balance::Relation::Promoter, "The promoter who has the balance.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"))
}
