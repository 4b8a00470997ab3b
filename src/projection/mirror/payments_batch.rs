//! A payments batch: payouts that are paid in one run. Only v2 has it.

use entity::MirroredTable;

use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            object::{FieldMapping, ObjectReader, field},
            v2_event::V2Event,
            value::ValueType::{Code, Decimal, Flag, Integer, Text, Time},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "status",
    "ext_reference",
    "ext_id",
    "scheduled_at",
    "processing_started_at",
    "completed_at",
    "created_at",
    "total",
    "promoters_count",
    "is_payable",
    "is_retriable",
    "error",
])
.indexed(&["completed_at"]);

static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "ext_reference", Code),
    field(&REGISTERS, "ext_id", Code),
    field(&REGISTERS, "scheduled_at", Time),
    field(&REGISTERS, "processing_started_at", Time),
    field(&REGISTERS, "completed_at", Time),
    field(&REGISTERS, "created_at", Time),
    field(&REGISTERS, "total", Decimal),
    field(&REGISTERS, "promoters_count", Integer),
    field(&REGISTERS, "is_payable", Flag),
    field(&REGISTERS, "is_retriable", Flag),
    field(&REGISTERS, "error", Text),
];

/// A payments batch's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut batch = event.own_object(updates, MirroredTable::PaymentsBatch, "payments_batch")?;
    batch.fields(V2_FIELDS);
    Some(batch.id)
}

/// Reads a payments batch that is nested in a payout, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut batch = ObjectReader::with_id(updates, MirroredTable::PaymentsBatch, json, Precedence::Snapshot)?;
    batch.fields(V2_FIELDS);
    Some(batch.id)
}
