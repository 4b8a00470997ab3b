//! The catalogue: every type that the API reads, declared once.
//!
//! Schema types, filters, orders, statements and visibility all follow from these declarations.

use std::sync::LazyLock;

use sea_orm::IdenStatic;

use crate::{
    projection::clock::UNKNOWN_TIME_MS,
    read::model::{Catalog, EntityField, EntityType, EnumType, FieldKind, Visibility},
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

// Why a text is seen by those who see it, where several fields have the same reason.
const PROGRAMME: &str = "the programme's own words, on no person";
const WORD: &str = "a word of a list that the sender has";
const NAMED: &str = "often made of the promoter's name, and chosen by the promoter";
const NOTE: &str = "free text of the staff on a person, not meant for that person";
const FRAUD: &str = "a finding of the fraud check, not meant for the promoter";
const PROVIDER: &str = "a payment provider's words, which may name who is paid and the account";

/// A field that can hold any text. It is none until somebody has judged what may stand in it.
struct Unjudged(EntityField);

impl Unjudged {
    /// It names no person, whatever stands in it.
    fn open(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::Open, reason)
    }

    /// It may name a person, or lead to one.
    fn contact(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::Contact, reason)
    }

    /// It is an e-mail address.
    fn contact_email(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::ContactEmail, reason)
    }

    /// It is written for the staff, and may name a person.
    fn staff_contact(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::StaffContact, reason)
    }
}

fn text(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Text, description))
}

fn number(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::BigInt, description)
}

fn small_number(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Int, description)
}

fn decimal(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Decimal, description)
}

fn flag(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Bool, description)
}

fn time(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Time, description)
}

fn json(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Json, description))
}

fn texts(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Texts, description))
}

fn enumerated(column: impl IdenStatic, kind: &'static EnumType, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Enum(kind), description)
}

/// The column of every mirrored table that never changes, so that it tells nothing of what is hidden.
const FIRST_SEEN_AT: &str = "first_seen_at";

/// What every mirrored row tells about itself.
fn mirrored(entity: EntityType, deleted_at: impl IdenStatic, updated_at: impl IdenStatic) -> EntityType {
    let deleted = "When FirstPromoter deleted it (if it said no time that can be used: when this mirror first heard of the \
                   row); null while it exists. Lists leave deleted rows out unless `includeDeleted` is true.";
    entity.with(time(deleted_at, deleted).shown_instead_of(UNKNOWN_TIME_MS, FIRST_SEEN_AT)).with(
        time(
            updated_at,
            "When this mirror last changed the row (not FirstPromoter's own time). Null for promoters, who do not see \
                 every field that may have changed.",
        )
        .seen_by(Visibility::Staff, "it moves with fields that promoters do not see"),
    )
}
