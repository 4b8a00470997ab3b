//! The rule by which promoters earn: nested in commissions, and listed in enrolments.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Line},
        warning,
    },
    named,
};
use crate::projection::{
    clock::Precedence,
    tables::{REWARD, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&REWARD, "name", Line),
    told_as(&REWARD, "promoter_reward_type", "reward_type", Code),
    told(&REWARD, "unit", Code),
    told(&REWARD, "amount", Decimal),
    told(&REWARD, "per_of_sale", Decimal),
];

/// Tells a reward rule, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut reward = Object::with_id(updates, Table::Reward, json, Precedence::Snapshot)?;
    reward.fields(FIELDS);
    Some(reward.id)
}

/// Tells the rules of a list in a promotion, where the id stands beside each rule.
pub fn listed(updates: &mut EventUpdates, key: &str, rules: Option<&Json<'_>>) {
    let place = format!("promotion.{key}");
    for entry in warning::list(updates, &place, rules) {
        let Some(entry) = warning::object(updates, &place, Some(entry)) else { continue };
        match named(updates, &place, entry, "reward_id", "reward") {
            None => updates.warn(format_args!("{place}.reward_id"), "missing"),
            Some(id) => {
                if let Some(json) = warning::object(updates, format_args!("{place}.reward"), entry.get("reward")) {
                    Object::keyed(updates, Table::Reward, id, json, Precedence::Snapshot).fields(FIELDS);
                }
            }
        }
    }
}
