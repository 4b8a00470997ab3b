//! A reward: the rule by which promoters earn. (What a sale earned, which v1 calls a reward too, is a commission.)
//! Nested in other objects, never an event's own.

use entity::MirroredTable;

use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            checked,
            object::{FieldMapping, ObjectReader, field, referenced_id, renamed},
            value::ValueType::{Code, Decimal, Line},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers =
    Registers::new(&["deleted_at", "name", "reward_type", "unit", "amount", "per_of_sale", "default_promo_code"]);

static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "name", Line),
    field(&REGISTERS, "unit", Code),
    field(&REGISTERS, "amount", Decimal),
    field(&REGISTERS, "per_of_sale", Decimal),
];
static V1_FIELDS: &[FieldMapping] =
    &[renamed(&REGISTERS, "type", "reward_type", Code), field(&REGISTERS, "default_promo_code", Code)];
static V2_FIELDS: &[FieldMapping] = &[renamed(&REGISTERS, "promoter_reward_type", "reward_type", Code)];

/// Reads a nested reward, and returns its id.
pub fn v1_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut reward = ObjectReader::with_id(updates, MirroredTable::Reward, json, Precedence::Snapshot)?;
    reward.fields(FIELDS);
    reward.fields(V1_FIELDS);
    Some(reward.id)
}

/// Reads a nested reward, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut reward = ObjectReader::with_id(updates, MirroredTable::Reward, json, Precedence::Snapshot)?;
    v2_fields(&mut reward);
    Some(reward.id)
}

/// Reads a promotion's list of rewards, where the id is beside each reward.
pub fn v2_listed(updates: &mut EventUpdates, key: &str, rewards: Option<&JsonValue<'_>>) {
    let path = format!("promotion.{key}");
    for entry in checked::list(updates, &path, rewards) {
        let Some(entry) = checked::object(updates, &path, Some(entry)) else { continue };
        match referenced_id(updates, &path, entry, "reward_id", "reward") {
            None => updates.warn(format_args!("{path}.reward_id"), "missing"),
            Some(id) => {
                if let Some(json) = checked::object(updates, format_args!("{path}.reward"), entry.get("reward")) {
                    let table = MirroredTable::Reward;
                    v2_fields(&mut ObjectReader::with_key(updates, table, id, json, Precedence::Snapshot));
                }
            }
        }
    }
}

fn v2_fields(reward: &mut ObjectReader<'_, '_>) {
    reward.fields(FIELDS);
    reward.fields(V2_FIELDS);
}
