//! A list of texts as one parameter of a statement, so that its text does not depend on the length of the list.

use sea_orm::{DbBackend, Value};

/// The parameter: an array for `PostgreSQL`, a JSON array for `SQLite`.
#[must_use]
pub fn array_param(backend: DbBackend, texts: Vec<String>) -> Value {
    match backend {
        DbBackend::Sqlite => serde_json::Value::from(texts).to_string().into(),
        _ => texts.into(),
    }
}

/// `in (...)` over the parameter with this number; the column stands before it.
#[must_use]
pub fn in_array(backend: DbBackend, number: u8) -> String {
    match backend {
        DbBackend::Sqlite => format!("in (select value from json_each(${number}))"),
        _ => format!("= any(${number}::text[])"),
    }
}
