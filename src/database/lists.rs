//! A list of texts as one parameter of a statement, whose text then does not depend on how many they are.

use sea_orm::{DbBackend, Value};

/// The parameter: an array for `PostgreSQL`, JSON for `SQLite`.
#[must_use]
pub fn parameter(backend: DbBackend, texts: Vec<String>) -> Value {
    match backend {
        DbBackend::Sqlite => serde_json::Value::from(texts).to_string().into(),
        _ => texts.into(),
    }
}

/// Whether a column, written before this, is one of the list that is the parameter with this number.
#[must_use]
pub fn among(backend: DbBackend, number: u8) -> String {
    match backend {
        DbBackend::Sqlite => format!("in (select value from json_each(${number}))"),
        _ => format!("= any(${number}::text[])"),
    }
}
