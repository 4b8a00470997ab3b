//! An offer: what a referred customer gets. Nested in v1's promotions and campaigns; v2 has none.

use entity::MirroredTable;

use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            object::{FieldMapping, ObjectReader, field},
            value::ValueType::{Code, Decimal, Line},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&["deleted_at", "name", "amount", "unit", "default_promo_code"]);

static V1_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "name", Line),
    field(&REGISTERS, "amount", Decimal),
    field(&REGISTERS, "unit", Code),
    field(&REGISTERS, "default_promo_code", Code),
];

/// Reads a nested offer, and returns its id.
pub fn v1_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut offer = ObjectReader::with_id(updates, MirroredTable::Offer, json, Precedence::Snapshot)?;
    offer.fields(V1_FIELDS);
    Some(offer.id)
}
