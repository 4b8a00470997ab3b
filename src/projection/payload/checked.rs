//! Reads values that may be unusable: whatever is left out, or stored with a loss, gets a warning.
//!
//! A warning has the path, the JSON type and the problem, never the value.

use std::fmt::Display;

use super::value::ValueType;
use crate::{
    json::JsonValue,
    projection::{merge::Cell, updates::EventUpdates},
};

/// The units that a warning may name; others are the sender's own words, which may be personal data.
const UNITS: [&str; 9] = [
    "cash",
    "credits",
    "points",
    "free_months",
    "free_month",
    "mon_discount",
    "discount_mon",
    "discount_per",
    "discount",
];
/// Units are part of a primary key; the longest known one has 12 characters.
const MAX_UNIT_BYTES: usize = 100;

/// The JSON type of a value.
#[must_use]
pub fn type_name(json: &JsonValue<'_>) -> &'static str {
    match json {
        JsonValue::Null => "null",
        JsonValue::Bool(_) => "boolean",
        JsonValue::Number(_) => "number",
        JsonValue::Text(_) => "text",
        JsonValue::List(_) => "list",
        JsonValue::Object(_) | JsonValue::TooDeep => "object",
    }
}

/// Parses the value at this path, `lead.email` for instance; `None` if it is not usable.
pub fn value(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    value_type: ValueType,
    json: &JsonValue<'_>,
) -> Option<Cell> {
    let cell = match value_type.parse(json) {
        Ok(cell) => cell,
        Err(problem) => {
            updates.warn(path, format_args!("{} {problem}", type_name(json)));
            return None;
        }
    };
    if let Some(loss) = value_type.loss(json) {
        updates.warn(path, format_args!("{} {loss}", type_name(json)));
    }
    if value_type == ValueType::Balances {
        balances(updates, path, json);
    }
    Some(cell)
}

/// Warns about the amounts of a balance map that get no row.
fn balances(updates: &mut EventUpdates, path: impl Display + Copy, json: &JsonValue<'_>) {
    let JsonValue::Object(units) = json else { return };
    for (unit, json) in units {
        let named = UNITS.iter().find(|known| *known == unit).unwrap_or(&"*");
        if is_unit(unit) {
            value(updates, format!("{path}.{named}").as_str(), ValueType::Decimal, json);
        } else {
            updates.warn(format_args!("{path}.{named}"), "the unit's name is too long");
        }
    }
}

/// Whether a balance of this unit can be stored.
#[must_use]
pub fn is_unit(unit: &str) -> bool {
    unit.len() <= MAX_UNIT_BYTES
}

/// Parses the id at this path.
pub fn id(updates: &mut EventUpdates, path: impl Display + Copy, json: &JsonValue<'_>) -> Option<i64> {
    if let Some(Cell::Int(id)) = value(updates, path, ValueType::Id, json) { Some(id) } else { None }
}

/// The object at this path; none if it is null or missing.
pub fn object<'r, 'j>(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    json: Option<&'r JsonValue<'j>>,
) -> Option<&'r JsonValue<'j>> {
    match json {
        None | Some(JsonValue::Null) => None,
        Some(JsonValue::Object(_)) => json,
        Some(other) => {
            updates.warn(path, format_args!("{} is not an object", type_name(other)));
            None
        }
    }
}

/// The elements of the list at this path; none if it is null or missing.
pub fn list<'r, 'j>(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    json: Option<&'r JsonValue<'j>>,
) -> &'r [JsonValue<'j>] {
    match json {
        None | Some(JsonValue::Null) => &[],
        Some(JsonValue::List(elements)) => elements,
        Some(other) => {
            updates.warn(path, format_args!("{} is not a list", type_name(other)));
            &[]
        }
    }
}
