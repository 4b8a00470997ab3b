//! The rule by which promoters earn: an object nested in promotions, campaigns and fulfilments.
//! (What a sale earned, which v1 calls a reward too, is a commission.)

use super::super::{
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Decimal, Line},
};
use crate::projection::{
    clock::Precedence,
    tables::{REWARD, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&REWARD, "name", Line),
    told_as(&REWARD, "type", "reward_type", Code),
    told(&REWARD, "unit", Code),
    told(&REWARD, "amount", Decimal),
    told(&REWARD, "per_of_sale", Decimal),
    told(&REWARD, "default_promo_code", Code),
];

/// Tells a reward rule, and gives its id.
pub fn tell(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut reward = Object::with_id(updates, Table::Reward, json, Precedence::Snapshot)?;
    reward.fields(FIELDS);
    Some(reward.id)
}
