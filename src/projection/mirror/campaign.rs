//! A campaign: a variant of the programme. Nested in other objects, never an event's own.

use entity::MirroredTable;

use super::{offer, reward};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        merge::Cell,
        payload::{
            object::{FieldMapping, ObjectReader, field, renamed},
            value::ValueType::{Code, Flag, Line, Text},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "name",
    "landing_url",
    "description",
    "private",
    "color",
    "auto_approve_rewards",
    "auto_approve_promoters",
    "offer_id",
    "referral_reward_id",
    "promotion_reward_id",
    "target_reward_id",
]);

/// The default webhook URL, which may contain our own token, is left out on purpose.
static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "name", Line),
    field(&REGISTERS, "landing_url", Text),
    field(&REGISTERS, "description", Text),
    field(&REGISTERS, "color", Code),
    field(&REGISTERS, "auto_approve_promoters", Flag),
];
static V1_FIELDS: &[FieldMapping] =
    &[field(&REGISTERS, "private", Flag), field(&REGISTERS, "auto_approve_rewards", Flag)];
static V2_FIELDS: &[FieldMapping] =
    &[renamed(&REGISTERS, "is_private", "private", Flag), field(&REGISTERS, "private", Flag)];
const NAME: u8 = REGISTERS.number("name");
const OFFER: u8 = REGISTERS.number("offer_id");
const REFERRAL_REWARD: u8 = REGISTERS.number("referral_reward_id");
const PROMOTION_REWARD: u8 = REGISTERS.number("promotion_reward_id");
const TARGET_REWARD: u8 = REGISTERS.number("target_reward_id");

/// Reads a nested campaign, and returns its id.
pub fn v1_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut campaign = ObjectReader::with_id(updates, MirroredTable::Campaign, json, Precedence::Snapshot)?;
    campaign.fields(FIELDS);
    campaign.fields(V1_FIELDS);
    campaign.nested("offer", OFFER, offer::v1_nested);
    campaign.nested("referral_reward", REFERRAL_REWARD, reward::v1_nested);
    campaign.nested("promotion_reward", PROMOTION_REWARD, reward::v1_nested);
    campaign.nested("target_reward", TARGET_REWARD, reward::v1_nested);
    Some(campaign.id)
}

/// Sets a campaign's name, from a promotion.
pub fn v1_name(updates: &mut EventUpdates, id: i64, name: String) {
    let mut campaign = updates.row(MirroredTable::Campaign, id, Precedence::Snapshot);
    updates.set(&mut campaign, NAME, Cell::Text(name));
}

/// Reads a nested campaign, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut campaign = ObjectReader::with_id(updates, MirroredTable::Campaign, json, Precedence::Snapshot)?;
    campaign.fields(FIELDS);
    campaign.fields(V2_FIELDS);
    Some(campaign.id)
}
