//! Single values as the sender writes them: numbers in strings, odd times, empty strings.

use std::borrow::Cow;

use crate::{
    json::{Json, canonical},
    number::{is_number, scaled},
    projection::merge::Cell,
    time::parse_ms,
};

/// Decimals are kept in units of 1/10,000.
const DECIMAL_PLACES: usize = 4;
/// Text that indexes hold may not be longer, in characters: `PostgreSQL` limits an index entry to 2.7 kB.
const LINE_CHARS: usize = 600;

/// How a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Text without spaces around it: codes, states, addresses of e-mail. `""` is null.
    Code,
    /// Short text as it stands. `""` is null.
    Line,
    /// Text of any length as it stands. `""` is null.
    Text,
    /// A whole number; of money the minor unit.
    Integer,
    /// A decimal number, kept in 1/10,000.
    Decimal,
    /// A time, kept in milliseconds since 1970 UTC.
    Time,
    /// True or false.
    Flag,
    /// The id of another row.
    Id,
    /// An object or array, kept as canonical JSON text.
    Tree,
    /// A map of units and decimal numbers, kept as canonical JSON text.
    Balances,
}

impl ValueType {
    /// Reads a value.
    ///
    /// # Errors
    /// What is wrong with it, when the value is of no use: "is not a number".
    pub fn parse(self, json: &Json<'_>) -> Result<Cell, &'static str> {
        if *json == Json::Null {
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
                Json::Object(_) => Ok(Cell::Text(canonical(json))),
                Json::List(_) if self == Self::Tree => Ok(Cell::Text(canonical(json))),
                Json::Text(text) if text.is_empty() => Ok(Cell::Null),
                _ => Err("is not an object"),
            },
        }
    }

    /// What is lost of a value that was read: "is rounded to 4 decimal places".
    #[must_use]
    pub fn loss(self, json: &Json<'_>) -> Option<&'static str> {
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

fn tree_loss(json: &Json<'_>) -> Option<&'static str> {
    match json {
        Json::TooDeep => Some("is nested too deep, so that its inner part is left out"),
        Json::Number(number) if !number.parse().is_ok_and(f64::is_finite) => {
            Some("has a number so large that it is kept as text")
        }
        Json::Text(_) => ValueType::Text.loss(json),
        Json::List(elements) => elements.iter().find_map(tree_loss),
        Json::Object(fields) => fields.iter().find_map(|(key, value)| {
            let key = key.contains(char::REPLACEMENT_CHARACTER);
            if key { Some("has characters that cannot be read or stored") } else { tree_loss(value) }
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) => None,
    }
}

fn filled(text: String) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text) }
}

fn plain<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    if let Json::Text(text) = json { Some(text) } else { None }
}

/// Text, or a number as it is written.
fn written<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    if let Json::Number(number) = json { Some(number) } else { plain(json) }
}

/// Text; a number counts as the text it is written as.
fn text<'a>(json: &'a Json<'_>) -> Result<Cow<'a, str>, &'static str> {
    written(json).map(Cow::Borrowed).ok_or("is not text")
}

fn line(json: &Json<'_>, trim: bool) -> Result<Cell, &'static str> {
    let text = text(json)?;
    let text = if trim { text.trim() } else { &text };
    // A character has at most four bytes: the exact count is seldom needed.
    if text.len() > LINE_CHARS && text.chars().count() > LINE_CHARS {
        return Err("is longer than 600 characters");
    }
    Ok(filled(text.to_owned()))
}

/// A whole number that fits 64 bits, also written as `12.0` or `1.2e1`.
fn whole(json: &Json<'_>) -> Result<Cell, &'static str> {
    number(
        json,
        |text| text.parse().ok().or_else(|| scaled(text, 0, true)),
        |text| {
            if scaled(text, 0, false).is_some() { "is not a whole number" } else { "is out of range" }
        },
    )
}

/// A number; if it cannot be kept, and is one, `problem` says why.
fn number(
    json: &Json<'_>,
    read: impl FnOnce(&str) -> Option<i64>,
    problem: impl FnOnce(&str) -> &'static str,
) -> Result<Cell, &'static str> {
    let text = written(json).ok_or("is not a number")?.trim();
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    read(text).map(Cell::Int).ok_or_else(|| if is_number(text) { problem(text) } else { "is not a number" })
}

fn flag(json: &Json<'_>) -> Result<Cell, &'static str> {
    let word = match json {
        Json::Bool(value) => return Ok(Cell::Bool(*value)),
        Json::Number(number) => number,
        Json::Text(text) => text.trim(),
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
