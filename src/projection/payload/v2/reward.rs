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
    clock::Rank,
    facts::Facts,
    tables::{REWARD, Table},
};

static FIELDS: &[Field] = &[
    told(&REWARD, "name", Line),
    told_as(&REWARD, "promoter_reward_type", "reward_type", Code),
    told(&REWARD, "unit", Code),
    told(&REWARD, "amount", Decimal),
    told(&REWARD, "per_of_sale", Decimal),
];

/// Tells a reward rule, and gives its id.
pub fn nested(facts: &mut Facts, json: &Json<'_>) -> Option<i64> {
    let mut reward = Object::with_id(facts, Table::Reward, json, Rank::Snapshot)?;
    reward.fields(FIELDS);
    Some(reward.id)
}

/// Tells the rules of a list in a promotion, where the id stands beside each rule.
pub fn listed(facts: &mut Facts, key: &str, rules: Option<&Json<'_>>) {
    let place = format!("promotion.{key}");
    for entry in warning::list(facts, &place, rules) {
        let Some(entry) = warning::object(facts, &place, Some(entry)) else { continue };
        match named(facts, &place, entry, "reward_id", "reward") {
            None => facts.warn(format_args!("{place}.reward_id"), "missing"),
            Some(id) => {
                if let Some(json) = warning::object(facts, format_args!("{place}.reward"), entry.get("reward")) {
                    Object::keyed(facts, Table::Reward, id, json, Rank::Snapshot).fields(FIELDS);
                }
            }
        }
    }
}
