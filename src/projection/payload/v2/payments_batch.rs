//! A payment run.

use super::{
    super::{
        field::{Field, Object, told},
        json::Json,
        value::Shape::{Code, Decimal, Flag, Integer, Text, Time},
    },
    Event, Own,
};
use crate::projection::{
    clock::Precedence,
    tables::{PAYMENTS_BATCH, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&PAYMENTS_BATCH, "status", Code),
    told(&PAYMENTS_BATCH, "ext_reference", Code),
    told(&PAYMENTS_BATCH, "ext_id", Code),
    told(&PAYMENTS_BATCH, "scheduled_at", Time),
    told(&PAYMENTS_BATCH, "processing_started_at", Time),
    told(&PAYMENTS_BATCH, "completed_at", Time),
    told(&PAYMENTS_BATCH, "created_at", Time),
    told(&PAYMENTS_BATCH, "total", Decimal),
    told(&PAYMENTS_BATCH, "promoters_count", Integer),
    told(&PAYMENTS_BATCH, "is_payable", Flag),
    told(&PAYMENTS_BATCH, "is_retriable", Flag),
    told(&PAYMENTS_BATCH, "error", Text),
];

/// A payment run's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut batch = event.own(updates, Table::PaymentsBatch, "payments_batch")?;
    batch.fields(FIELDS);
    Some(batch.id)
}

/// Tells a payment run that is nested in a payout, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut batch = Object::with_id(updates, Table::PaymentsBatch, json, Precedence::Snapshot)?;
    batch.fields(FIELDS);
    Some(batch.id)
}
