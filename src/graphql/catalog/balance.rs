use entity::{balance, balance::Column as C};

use super::{decimal, enumerated, enums};
use crate::read::model::{EntityType, OwnRows};

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
    .raw_means("`kind` as this server stores it.")
    .with(enumerated(C::Unit, &enums::UNIT, "What the amount counts.").required())
    .with(
        decimal(
            C::Amount,
            "How much, by `unit`: minor units of the account's currency for money, a count or a percentage otherwise; \
             may be negative.",
        )
        .orderable_as_it_is()
        .required(),
    )
    .to_one("promoter", balance::Relation::Promoter, "Whose balance it is.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"))
}
