//! An answer as JSON, and how the values of columns are written.

use std::fmt;

use chrono::{DateTime, SecondsFormat};
use promograph::read::model::{EnumType, FieldKind};

use super::dataset::Cell;

/// A JSON value whose objects keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// JSON as the database stores it.
    Raw(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(flag) => write!(out, "{flag}"),
            Self::Int(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(&quoted(text)),
            Self::Raw(json) => out.write_str(json),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(ToString::to_string).collect();
                write!(out, "[{}]", items.join(","))
            }
            Self::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
                write!(out, "{{{}}}", fields.join(","))
            }
        }
    }
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

impl Json {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The value of a column of this kind. Ids are not written here: they need their type.
    pub fn cell(cell: &Cell, kind: FieldKind) -> Self {
        match (cell, kind) {
            (Cell::Null, _) => Self::Null,
            (Cell::Int(ms), FieldKind::Time) => Self::Text(time(*ms)),
            (Cell::Int(value), FieldKind::Decimal) => Self::Text(decimal(*value)),
            (Cell::Int(number), _) => Self::Int(*number),
            (Cell::Bool(flag), _) => Self::Bool(*flag),
            (Cell::Text(raw), FieldKind::Enum(values)) => Self::text(enum_value(values, raw)),
            (Cell::Text(json), FieldKind::Json | FieldKind::Texts) => Self::Raw(json.clone()),
            (Cell::Text(text), _) => Self::text(text),
            (Cell::Bytes(bytes), _) => Self::text(String::from_utf8_lossy(bytes)),
        }
    }
}

/// The enum value of a raw text.
pub fn enum_value(values: &EnumType, raw: &str) -> &'static str {
    for value in values.values {
        if value.raw.contains(&raw) {
            return value.name;
        }
    }
    "OTHER"
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub fn time(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).expect("a time that the calendar knows");
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// 1/10,000 as a decimal number without needless zeros.
pub fn decimal(value: impl Into<i128>) -> String {
    let value = value.into();
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:05}", value.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - 4);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// An e-mail address that shows its first letter and its domain.
pub fn masked(email: &str) -> String {
    let first: String = email.chars().take_while(|letter| *letter != '@').take(1).collect();
    match email.rfind('@') {
        Some(at) if at + 1 < email.len() => format!("{first}***{}", &email[at..]),
        _ => format!("{first}***"),
    }
}
