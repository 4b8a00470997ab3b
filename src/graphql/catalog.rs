//! The catalogue: every type that the API reads, declared once.
//!
//! Schema types, filters, orders, statements and visibility all follow from these declarations.

use std::sync::LazyLock;

use sea_orm::IdenStatic;

use crate::{
    projection::clock::NO_TIME_MS,
    read::model::{Catalog, EntityType, EnumType, Field, Kind},
};

mod balance;
mod campaign;
mod commission;
mod contract_document;
mod enums;
mod lead;
mod offer;
mod payments_batch;
mod payout;
mod payout_method;
mod profile;
mod promoter;
mod promotion;
mod reward;
mod webhook_event;

/// The catalogue.
pub static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::new([
        promoter::declared(),
        profile::declared(),
        balance::declared(),
        campaign::declared(),
        promotion::declared(),
        offer::declared(),
        reward::declared(),
        lead::declared(),
        commission::declared(),
        payout::declared(),
        payout_method::declared(),
        payments_batch::declared(),
        contract_document::declared(),
        webhook_event::declared(),
    ])
});

fn text(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Text, description)
}

fn number(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::BigInt, description)
}

fn small_number(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Int, description)
}

fn decimal(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Decimal, description)
}

fn flag(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Bool, description)
}

fn time(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Time, description)
}

fn json(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Json, description)
}

fn texts(column: impl IdenStatic, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Texts, description)
}

fn enumerated(column: impl IdenStatic, kind: &'static EnumType, description: &str) -> Field {
    Field::new(column.as_str(), Kind::Enum(kind), description)
}

/// What every mirrored row tells about itself.
fn mirrored(entity: EntityType, deleted_at: impl IdenStatic, updated_at: impl IdenStatic) -> EntityType {
    let deleted = "When FirstPromoter deleted it (if it said no time that can be used: when this mirror last changed the \
                   row); null while it exists. Lists leave deleted rows out unless `includeDeleted` is true.";
    entity
        .with(time(deleted_at, deleted).shown_instead_of(NO_TIME_MS, updated_at.as_str()))
        .with(time(updated_at, "When this mirror last changed the row (not FirstPromoter's own time)."))
}
