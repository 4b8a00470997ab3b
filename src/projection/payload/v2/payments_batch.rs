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
    clock::Rank,
    facts::Facts,
    tables::{PAYMENTS_BATCH, Table},
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
pub fn event(facts: &mut Facts, event: &Event<'_, '_>) -> Own {
    let mut batch = event.own(facts, Table::PaymentsBatch, "payments_batch")?;
    batch.fields(FIELDS);
    Some(batch.id)
}

/// Tells a payment run that is nested in a payout, and gives its id.
pub fn nested(facts: &mut Facts, json: &Json<'_>) -> Option<i64> {
    let mut batch = Object::with_id(facts, Table::PaymentsBatch, json, Rank::Snapshot)?;
    batch.fields(FIELDS);
    Some(batch.id)
}
