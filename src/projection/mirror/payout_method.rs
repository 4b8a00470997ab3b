//! A payout method: where a promoter wants to be paid. Only v2 has it, also nested in payouts and promoters.

use entity::MirroredTable;

use super::promoter;
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        merge::Cell,
        payload::{
            object::{FieldMapping, ObjectReader, field, renamed},
            v2_event::V2Event,
            value::ValueType::{Code, Flag, Id, Time, Tree},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers =
    Registers::new(&["deleted_at", "promoter_id", "method", "added_at", "is_disabled", "is_selected", "details"]);

static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "method", Code),
    renamed(&REGISTERS, "date_added", "added_at", Time),
    field(&REGISTERS, "is_disabled", Flag),
    field(&REGISTERS, "is_selected", Flag),
    field(&REGISTERS, "details", Tree),
];
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);

/// A payout method's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut method = event.own_object(updates, MirroredTable::PayoutMethod, "payout_method")?;
    v2_object(&mut method);
    Some(method.id)
}

/// Reads a payout method that is nested in another entity's event, and returns its id. Its promoter is the one around
/// it: the published payloads name none.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>, promoter: Option<i64>) -> Option<i64> {
    let mut method = ObjectReader::with_id(updates, MirroredTable::PayoutMethod, json, Precedence::Snapshot)?;
    v2_object(&mut method);
    if let Some(promoter) = promoter {
        method.set(V2_PROMOTER.register(), Cell::Int(promoter));
    }
    Some(method.id)
}

fn v2_object(method: &mut ObjectReader<'_, '_>) {
    method.fields(V2_FIELDS);
    method.relation("promoter", &V2_PROMOTER, promoter::v2_nested);
}
