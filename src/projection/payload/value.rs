//! Single values as the sender writes them: numbers in strings, several time formats, empty strings.

use std::borrow::Cow;

use crate::{
    json::{JsonValue, canonical},
    number::{is_number, scaled},
    projection::merge::Cell,
    time::parse_ms,
};

/// Decimals are stored in units of 1/10,000.
const DECIMAL_PLACES: usize = 4;
/// The length of indexed text: `PostgreSQL` limits an index entry to 2.7 kB.
const MAX_LINE_CHARS: usize = 600;

/// The type of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Trimmed text: codes, states, e-mail addresses. `""` is null.
    Code,
    /// Short text, not trimmed. `""` is null.
    Line,
    /// Text of any length, not trimmed. `""` is null.
    Text,
    /// A whole number; money in minor units.
    Integer,
    /// A decimal number, stored in 1/10,000.
    Decimal,
    /// A time, stored in milliseconds since 1970 UTC.
    Time,
    /// True or false.
    Flag,
    /// The id of another row.
    Id,
    /// An object or array, stored as canonical JSON text.
    Tree,
    /// A map from units to decimal numbers, stored as canonical JSON text.
    Balances,
}

impl ValueType {
    /// Parses a value.
    ///
    /// # Errors
    /// The problem, when the value is not usable: "is not a number".
    pub fn parse(self, json: &JsonValue<'_>) -> Result<Cell, &'static str> {
        if *json == JsonValue::Null {
            return Ok(Cell::Null);
        }
        match self {
            Self::Code => line(json, true),
            Self::Line => line(json, false),
            Self::Text => text(json).map(|text| filled(text.into_owned())),
            Self::Integer => whole(json),
            Self::Decimal => number(json, |text| scaled(text, DECIMAL_PLACES, false), |_| "is out of range"),
            Self::Time => match written(json).map(str::trim) {
                Some("") => Ok(Cell::Null),
                text => text.and_then(parse_ms).map(Cell::Int).ok_or("is not a time"),
            },
            Self::Flag => flag(json),
            Self::Id => match whole(json) {
                Ok(Cell::Int(..=0)) | Err(_) => Err("is not an id"),
                cell => cell,
            },
            Self::Tree | Self::Balances => match json {
                JsonValue::Object(_) => Ok(Cell::Text(canonical(json))),
                JsonValue::List(_) if self == Self::Tree => Ok(Cell::Text(canonical(json))),
                JsonValue::Text(text) if text.is_empty() => Ok(Cell::Null),
                _ => Err("is not an object"),
            },
        }
    }

    /// The loss, if a usable value is not stored exactly: "is rounded to 4 decimal places".
    #[must_use]
    pub fn loss(self, json: &JsonValue<'_>) -> Option<&'static str> {
        match self {
            Self::Code | Self::Line | Self::Text => {
                let lost = plain(json).is_some_and(|text| text.contains(char::REPLACEMENT_CHARACTER));
                lost.then_some("has characters that cannot be read or stored")
            }
            Self::Decimal => {
                let rounded = written(json).is_some_and(|text| scaled(text.trim(), DECIMAL_PLACES, true).is_none());
                (rounded && self.parse(json) != Ok(Cell::Null)).then_some("is rounded to 4 decimal places")
            }
            Self::Tree | Self::Balances => tree_loss(json),
            Self::Integer | Self::Time | Self::Flag | Self::Id => None,
        }
    }
}

fn tree_loss(json: &JsonValue<'_>) -> Option<&'static str> {
    match json {
        JsonValue::TooDeep => Some("is nested too deep, so that its inner part is left out"),
        JsonValue::Number(number) if !number.parse().is_ok_and(f64::is_finite) => {
            Some("has a number so large that it is kept as text")
        }
        JsonValue::Text(_) => ValueType::Text.loss(json),
        JsonValue::List(elements) => elements.iter().find_map(tree_loss),
        JsonValue::Object(fields) => fields.iter().find_map(|(key, value)| {
            let key = key.contains(char::REPLACEMENT_CHARACTER);
            if key { Some("has characters that cannot be read or stored") } else { tree_loss(value) }
        }),
        JsonValue::Null | JsonValue::Bool(_) | JsonValue::Number(_) => None,
    }
}

fn filled(text: String) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text) }
}

fn plain<'a>(json: &'a JsonValue<'_>) -> Option<&'a str> {
    if let JsonValue::Text(text) = json { Some(text) } else { None }
}

/// Text, or a number in its source form.
fn written<'a>(json: &'a JsonValue<'_>) -> Option<&'a str> {
    if let JsonValue::Number(number) = json { Some(number) } else { plain(json) }
}

/// Text; a number counts as its source form.
fn text<'a>(json: &'a JsonValue<'_>) -> Result<Cow<'a, str>, &'static str> {
    written(json).map(Cow::Borrowed).ok_or("is not text")
}

fn line(json: &JsonValue<'_>, trim: bool) -> Result<Cell, &'static str> {
    let text = text(json)?;
    let text = if trim { text.trim() } else { &text };
    // Counting characters is seldom needed: there are at most as many as bytes.
    if text.len() > MAX_LINE_CHARS && text.chars().count() > MAX_LINE_CHARS {
        return Err("is longer than 600 characters");
    }
    Ok(filled(text.to_owned()))
}

/// A whole number that fits 64 bits, also written as `12.0` or `1.2e1`.
fn whole(json: &JsonValue<'_>) -> Result<Cell, &'static str> {
    number(
        json,
        |text| text.parse().ok().or_else(|| scaled(text, 0, true)),
        |text| {
            if scaled(text, 0, false).is_some() { "is not a whole number" } else { "is out of range" }
        },
    )
}

/// A number; `problem` says why a valid one cannot be stored.
fn number(
    json: &JsonValue<'_>,
    read: impl FnOnce(&str) -> Option<i64>,
    problem: impl FnOnce(&str) -> &'static str,
) -> Result<Cell, &'static str> {
    let text = written(json).ok_or("is not a number")?.trim();
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    read(text).map(Cell::Int).ok_or_else(|| if is_number(text) { problem(text) } else { "is not a number" })
}

fn flag(json: &JsonValue<'_>) -> Result<Cell, &'static str> {
    let word = match json {
        JsonValue::Bool(value) => return Ok(Cell::Bool(*value)),
        JsonValue::Number(number) => number,
        JsonValue::Text(text) => text.trim(),
        _ => "",
    };
    match word {
        "true" | "1" => Ok(Cell::Bool(true)),
        "false" | "0" => Ok(Cell::Bool(false)),
        "" if plain(json).is_some() => Ok(Cell::Null),
        _ => Err("is not true or false"),
    }
}

#[cfg(test)]
mod tests;
