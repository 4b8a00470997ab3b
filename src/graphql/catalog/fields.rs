//! Declaring fields: by kind of value, each with its visibility.

use sea_orm::IdenStatic;

use crate::{
    projection::clock::UNKNOWN_TIME_MS,
    read::model::{EntityField, EntityType, EnumType, FieldKind, Visibility},
};

// Reasons for the visibility of a field that several fields share.
pub const PROGRAMME: &str = "the programme's own words, on no person";
pub const WORD: &str = "a word of a list that the sender has";
pub const NAMED: &str = "often made of the promoter's name, and chosen by the promoter";
pub const NOTE: &str = "free text of the staff on a person, not meant for that person";
pub const FRAUD: &str = "a finding of the fraud check, not meant for the promoter";
pub const PROVIDER: &str = "a payment provider's words, which may name who is paid and the account";

/// A field that can hold any text. It cannot be added to a type before its visibility is declared.
pub struct Unjudged(pub EntityField);

impl Unjudged {
    /// Its values never identify a person.
    pub fn open(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::Open, reason)
    }

    /// Its values may identify a person.
    pub fn contact(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::Contact, reason)
    }

    /// It is an e-mail address.
    pub fn contact_email(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::ContactEmail, reason)
    }

    /// It is written for the staff, and may identify a person.
    pub fn staff_contact(self, reason: &'static str) -> EntityField {
        self.0.seen_by(Visibility::StaffContact, reason)
    }
}

/// A text.
pub fn text(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Text, description))
}

/// A 64-bit integer.
pub fn number(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::BigInt, description)
}

/// A 32-bit integer.
pub fn small_number(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Int, description)
}

/// A decimal number.
pub fn decimal(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Decimal, description)
}

/// A boolean.
pub fn flag(column: impl IdenStatic, description: &str) -> EntityField {
    let null = "Null if no webhook has told it, which `{ eq: false }` does not find.";
    EntityField::new(column.as_str(), FieldKind::Bool, &format!("{description} {null}"))
}

/// A boolean that only this version of the webhooks tells, `v1` or `v2`.
pub fn flag_of(version: &str, column: impl IdenStatic, description: &str) -> EntityField {
    let null = "tell it: otherwise it is null, which `{ eq: false }` does not find.";
    let description = format!("{description} Only webhooks {version} {null}");
    EntityField::new(column.as_str(), FieldKind::Bool, &description)
}

/// A point in time.
pub fn time(column: impl IdenStatic, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Time, description)
}

/// JSON.
pub fn json(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Json, description))
}

/// A list of texts.
pub fn texts(column: impl IdenStatic, description: &str) -> Unjudged {
    Unjudged(EntityField::new(column.as_str(), FieldKind::Texts, description))
}

/// An enum, with the original text beside it.
pub fn enumerated(column: impl IdenStatic, kind: &'static EnumType, description: &str) -> EntityField {
    EntityField::new(column.as_str(), FieldKind::Enum(kind), description)
}

/// A column of every mirrored table that never changes, so that it reveals no hidden change.
pub const FIRST_SEEN_AT: &str = "first_seen_at";

/// The fields of every mirrored type.
pub fn mirrored(entity: EntityType, deleted_at: impl IdenStatic, updated_at: impl IdenStatic) -> EntityType {
    let deleted = "When FirstPromoter deleted the row; if it sent no usable time, when this mirror first received the row. \
                   Null while the row exists. Lists omit deleted rows unless `includeDeleted` is true.";
    entity.versioned().with(time(deleted_at, deleted).shown_instead_of(UNKNOWN_TIME_MS, FIRST_SEEN_AT)).with(
        time(
            updated_at,
            "When this mirror last changed the row; not FirstPromoter's own time. Null for promoters, because fields \
                 that they do not see change it too.",
        )
        .seen_by(Visibility::Staff, "it moves with fields that promoters do not see"),
    )
}
