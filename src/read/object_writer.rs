//! Writes JSON objects that are not rows of a table.

use serde_json::Value;

use super::{row_writer::close, selection::SelectedField};
use crate::{json::string::write_string, time::push_ms};

/// Writes an object; `field` writes the value of each field except `__typename`.
pub fn object(name: &str, selected: &[SelectedField], field: &mut dyn FnMut(&SelectedField, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut separator = b'{';
    for selected in selected {
        out.push(separator);
        separator = b',';
        write_string(&selected.key, &mut out);
        out.push(b':');
        if selected.name == "__typename" {
            write_string(name, &mut out);
        } else {
            field(selected, &mut out);
        }
    }
    close(separator, &mut out);
    out
}

/// Appends a JSON value.
pub fn value(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}

/// Appends a time in quotes, or null.
pub fn time(ms: Option<i64>, out: &mut Vec<u8>) {
    match ms {
        Some(ms) => {
            out.push(b'"');
            push_ms(ms, out);
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
}
