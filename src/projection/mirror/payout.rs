//! A payout: what is owed to a promoter, money or a non-monetary fulfilment.

use entity::MirroredTable;

use super::{campaign, payments_batch, payout_method, promoter, reward};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            object::{FieldMapping, ObjectReader, field, referenced_id, renamed},
            v2_event::V2Event,
            value::ValueType::{Code, Decimal, Flag, Id, Text, Time},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "status",
    "amount",
    "unit",
    "paid_at",
    "due_date",
    "has_issues",
    "created_at",
    "promoter_id",
    "campaign_id",
    "reward_id",
    "payments_batch_id",
    "payout_method_id",
    "period_start",
    "period_end",
    "tax_rate",
    "total_incl_tax",
    "processing_started_at",
    "failed_at",
    "error",
])
.indexed(&["created_at", "paid_at"]);

static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "amount", Decimal),
    field(&REGISTERS, "unit", Code),
    field(&REGISTERS, "due_date", Time),
    field(&REGISTERS, "created_at", Time),
];
static V1_FIELDS: &[FieldMapping] =
    &[renamed(&REGISTERS, "date_paid", "paid_at", Time), field(&REGISTERS, "has_issues", Flag)];
static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "paid_at", Time),
    field(&REGISTERS, "period_start", Time),
    field(&REGISTERS, "period_end", Time),
    field(&REGISTERS, "tax_rate", Decimal),
    field(&REGISTERS, "total_incl_tax", Decimal),
    field(&REGISTERS, "processing_started_at", Time),
    field(&REGISTERS, "failed_at", Time),
    field(&REGISTERS, "error", Text),
];
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);
static V2_CAMPAIGN: FieldMapping = field(&REGISTERS, "campaign_id", Id);
static V2_METHOD: FieldMapping = field(&REGISTERS, "payout_method_id", Id);
static V2_BATCH: FieldMapping = field(&REGISTERS, "payments_batch_id", Id);
const PROMOTER: u8 = REGISTERS.number("promoter_id");
const CAMPAIGN: u8 = REGISTERS.number("campaign_id");
const REWARD: u8 = REGISTERS.number("reward_id");

/// A pending fulfilment: its id is a payout's, not a commission's. Sent again for the same fulfilment when it
/// changes.
pub fn v1_event(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    let mut payout = ObjectReader::with_id(updates, MirroredTable::Payout, data, Precedence::Updated)?;
    payout.clear_deleted_at();
    payout.fields(FIELDS);
    payout.fields(V1_FIELDS);
    payout.nested("reward", REWARD, reward::v1_nested);
    payout.nested("campaign", CAMPAIGN, campaign::v1_nested);
    payout.nested_id("promoter", PROMOTER);
    let id = payout.id;
    promoter::v1_beside(updates, data);
    Some(id)
}

/// A payout's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut payout = event.own_object(updates, MirroredTable::Payout, "payout")?;
    v2_object(&mut payout);
    Some(payout.id)
}

/// Reads a payout that is nested in another entity's event, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut payout = ObjectReader::with_id(updates, MirroredTable::Payout, json, Precedence::Snapshot)?;
    v2_object(&mut payout);
    Some(payout.id)
}

fn v2_object(payout: &mut ObjectReader<'_, '_>) {
    payout.fields(FIELDS);
    payout.fields(V2_FIELDS);
    payout.relation("promoter", &V2_PROMOTER, promoter::v2_nested);
    payout.relation("campaign", &V2_CAMPAIGN, campaign::v2_nested);
    payout.relation("payments_batch", &V2_BATCH, payments_batch::v2_nested);
    let json = payout.json();
    let promoter = referenced_id(payout.updates(), "payout", json, "promoter_id", "promoter");
    payout.relation("payout_method", &V2_METHOD, |updates, json| payout_method::v2_nested(updates, json, promoter));
}
