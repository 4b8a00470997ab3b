//! The values of variables count as a document's tokens do.

use serde_json::{Map, Value};

use super::error::GraphqlError;
use crate::limits::{RequestLimits, TOKENS};

/// Refuses variables that hold more values than a document may have tokens: before their types are looked at.
///
/// # Errors
/// Names the limit.
pub fn check_variables(variables: &Map<String, Value>, limits: &RequestLimits) -> Result<(), GraphqlError> {
    let most = limits.tokens as u64;
    let mut open: Vec<&Value> = variables.values().collect();
    let mut values = 0_u64;
    while let Some(value) = open.pop() {
        values += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
        if values + open.len() as u64 > most {
            let actual = values + open.len() as u64;
            return Err(GraphqlError::over(TOKENS.exceeded(most, actual), "values in the variables or more"));
        }
    }
    Ok(())
}
