//! A commission: what one sale earned one promoter. v1 calls it a reward that was created.

use entity::MirroredTable;

use super::{lead, promoter, promotion, reward};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            object::{FieldMapping, ObjectReader, field, renamed},
            v2_event::V2Event,
            value::ValueType::{Code, Decimal, Flag, Id, Integer, Text, Time},
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
    "sale_amount",
    "sale_event_id",
    "tier",
    "split_type",
    "created_at",
    "lead_id",
    "promoter_id",
    "promotion_id",
    "reward_id",
    "commission_type",
    "original_sale_amount",
    "original_sale_currency",
    "plan_id",
    "is_paid",
    "is_split",
    "is_self_referral",
    "suspicion",
    "internal_note",
    "external_note",
    "status_updated_at",
])
.indexed(&["sale_event_id", "created_at", "sale_amount", "tier"]);

/// `event_id` is the sale's id at the billing provider, not the webhook event's.
static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "amount", Decimal),
    field(&REGISTERS, "unit", Code),
    field(&REGISTERS, "created_at", Time),
    renamed(&REGISTERS, "event_id", "sale_event_id", Code),
];
static V1_FIELDS: &[FieldMapping] = &[
    renamed(&REGISTERS, "conversion_amount", "sale_amount", Integer),
    renamed(&REGISTERS, "tier_level", "tier", Integer),
    field(&REGISTERS, "split_type", Code),
];
static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "sale_amount", Integer),
    field(&REGISTERS, "tier", Integer),
    field(&REGISTERS, "commission_type", Code),
    field(&REGISTERS, "original_sale_amount", Integer),
    field(&REGISTERS, "original_sale_currency", Code),
    field(&REGISTERS, "plan_id", Code),
    field(&REGISTERS, "is_paid", Flag),
    field(&REGISTERS, "is_split", Flag),
    field(&REGISTERS, "is_self_referral", Flag),
    renamed(&REGISTERS, "fraud_check", "suspicion", Code),
    field(&REGISTERS, "internal_note", Text),
    field(&REGISTERS, "external_note", Text),
    field(&REGISTERS, "status_updated_at", Time),
];
static V2_LEAD: FieldMapping = renamed(&REGISTERS, "referral_id", "lead_id", Id);
static V2_REWARD: FieldMapping = field(&REGISTERS, "reward_id", Id);
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);
static V2_PROMOTION: FieldMapping = renamed(&REGISTERS, "promoter_campaign_id", "promotion_id", Id);
const LEAD: u8 = REGISTERS.number("lead_id");
const PROMOTER: u8 = REGISTERS.number("promoter_id");
const PROMOTION: u8 = REGISTERS.number("promotion_id");

/// A commission's own event.
pub fn v1_event(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    let mut commission = ObjectReader::with_id(updates, MirroredTable::Commission, data, Precedence::Created)?;
    commission.clear_deleted_at();
    commission.fields(FIELDS);
    commission.fields(V1_FIELDS);
    commission.nested("lead", LEAD, lead::v1_nested);
    commission.nested_id("promoter", PROMOTER);
    commission.nested_id("promotion", PROMOTION);
    let id = commission.id;
    promoter::v1_beside(updates, data);
    Some(id)
}

/// A commission's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut commission = event.own_object(updates, MirroredTable::Commission, "commission")?;
    v2_object(&mut commission);
    Some(commission.id)
}

/// Reads a commission that is nested in another entity's event, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut commission = ObjectReader::with_id(updates, MirroredTable::Commission, json, Precedence::Snapshot)?;
    v2_object(&mut commission);
    Some(commission.id)
}

fn v2_object(commission: &mut ObjectReader<'_, '_>) {
    commission.fields(FIELDS);
    commission.fields(V2_FIELDS);
    promotion::v2_owner(commission, &V2_PROMOTION, &V2_PROMOTER, true);
    commission.relation("referral", &V2_LEAD, lead::v2_nested);
    commission.relation("reward", &V2_REWARD, reward::v2_nested);
}
