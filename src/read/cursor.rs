//! Opaque cursors: the order that they belong to, and a row's position in it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    error::ReadError,
    order::{Order, Position},
    params::Param,
    selection::ArgumentValue,
};

/// Appends the cursor of a row, without quotes. `values` are the row's order terms as JSON.
pub fn encode_into(order: &Order, values: &[Value], out: &mut Vec<u8>) {
    let mut parts = Vec::with_capacity(values.len() + 1);
    parts.push(Value::from(order.name.as_str()));
    parts.extend_from_slice(values);
    out.extend_from_slice(URL_SAFE_NO_PAD.encode(Value::from(parts).to_string()).as_bytes());
}

/// The position that the cursor in an argument names in this order.
///
/// # Errors
/// When the cursor is malformed, or belongs to another order.
pub fn position(order: &Order, argument: &'static str, value: &ArgumentValue) -> Result<Position, ReadError> {
    let order = Arc::new(order.clone());
    let term = |index| {
        let order = Arc::clone(&order);
        Param::of(value, move |value| {
            let ArgumentValue::Text(cursor) = value else { return Err(malformed(argument)) };
            decode(&order, argument, cursor)?.into_iter().nth(index).ok_or_else(|| malformed(argument))
        })
    };
    (0..order.terms.len()).map(term).collect()
}

fn malformed(argument: &str) -> ReadError {
    ReadError::bad(format!("`{argument}` is not a cursor: expected one that this list returned"))
}

fn decode(order: &Order, argument: &str, cursor: &str) -> Result<Position, ReadError> {
    let malformed = || malformed(argument);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
    let Ok(Value::Array(parts)) = serde_json::from_slice(&bytes) else { return Err(malformed()) };
    let (Some(Value::String(name)), values) = (parts.first(), parts.get(1..).unwrap_or_default()) else {
        return Err(malformed());
    };
    if *name != order.name {
        return Err(ReadError::bad(format!(
            "`{argument}` is a cursor of another order: use it with the `orderBy` it was returned for"
        )));
    }
    if values.len() != order.terms.len() {
        return Err(malformed());
    }
    order
        .terms
        .iter()
        .zip(values)
        .map(|(term, value)| match value {
            Value::String(text) if term.text && !text.contains('\0') => Ok(Param::Text(text.clone())),
            Value::Number(number) if !term.text => number.as_i64().map(Param::Int).ok_or_else(malformed),
            _ => Err(malformed()),
        })
        .collect()
}
