//! Reading what may be of no use: whatever is left out, or kept with a loss, is warned of.
//!
//! A warning says where something stands, of what kind it is, and what is wrong with it. It never holds the value.

use std::fmt::Display;

use super::value::ValueType;
use crate::{
    json::Json,
    projection::{merge::Cell, updates::EventUpdates},
};

/// The units that a warning may name; others are the sender's own words.
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
/// Units are part of a key; the longest known one has 12 characters.
const UNIT_BYTES: usize = 100;

/// What stands there.
#[must_use]
pub fn type_name(json: &Json<'_>) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::Text(_) => "text",
        Json::List(_) => "list",
        Json::Object(_) | Json::TooDeep => "object",
    }
}

/// Reads a value that stands at this path, such as `lead.email`; `None` if it is of no use.
pub fn value(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    value_type: ValueType,
    json: &Json<'_>,
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

/// Warns of the amounts of a balance map that get no row.
fn balances(updates: &mut EventUpdates, path: impl Display + Copy, json: &Json<'_>) {
    let Json::Object(units) = json else { return };
    for (unit, json) in units {
        let named = UNITS.iter().find(|known| *known == unit).unwrap_or(&"*");
        if is_unit(unit) {
            value(updates, format!("{path}.{named}").as_str(), ValueType::Decimal, json);
        } else {
            updates.warn(format_args!("{path}.{named}"), "the unit's name is too long");
        }
    }
}

/// Whether a balance can be kept under this unit.
#[must_use]
pub fn is_unit(unit: &str) -> bool {
    unit.len() <= UNIT_BYTES
}

/// An id that stands at this path.
pub fn id(updates: &mut EventUpdates, path: impl Display + Copy, json: &Json<'_>) -> Option<i64> {
    if let Some(Cell::Int(id)) = value(updates, path, ValueType::Id, json) { Some(id) } else { None }
}

/// An object that stands at this path, if there is one. Null is none, and so is what is missing.
pub fn object<'r, 'j>(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    json: Option<&'r Json<'j>>,
) -> Option<&'r Json<'j>> {
    match json {
        None | Some(Json::Null) => None,
        Some(Json::Object(_)) => json,
        Some(other) => {
            updates.warn(path, format_args!("{} is not an object", type_name(other)));
            None
        }
    }
}

/// The elements of a list that stands at this path; none of null, or if it is missing.
pub fn list<'r, 'j>(
    updates: &mut EventUpdates,
    path: impl Display + Copy,
    json: Option<&'r Json<'j>>,
) -> &'r [Json<'j>] {
    match json {
        None | Some(Json::Null) => &[],
        Some(Json::List(elements)) => elements,
        Some(other) => {
            updates.warn(path, format_args!("{} is not a list", type_name(other)));
            &[]
        }
    }
}
