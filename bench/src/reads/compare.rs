//! Whether all servers give the same answers, before anything is measured.

use chrono::DateTime;
use serde_json::Value;

use super::{
    client,
    query::{Dialect, Query},
    target::Target,
};

/// Answers of a question that are compared.
const SAMPLES: usize = 20;

/// Compares answers of each target to those of the first.
///
/// # Errors
/// When an answer has errors, or differs.
pub fn all(query: Query, targets: &[&Target]) -> anyhow::Result<()> {
    let Some((first, others)) = targets.split_first() else { return Ok(()) };
    for index in 0..SAMPLES {
        let expected = answer(first, query, index)?;
        anyhow::ensure!(!is_empty(&expected), "{first} has nothing for {query}: {expected}");
        for target in others {
            let found = answer(target, query, index)?;
            anyhow::ensure!(
                found == expected,
                "{target} and {first} differ for {query}\n{first}: {expected}\n{target}: {found}"
            );
        }
    }
    eprintln!("{query}: {SAMPLES} answers of {} targets are equal", targets.len());
    Ok(())
}

fn answer(target: &Target, query: Query, index: usize) -> anyhow::Result<Value> {
    let requests = target.requests(query)?;
    let mut data = client::data(target.address(), &requests[index % requests.len()])?;
    // Only Promograph has a field for the token's own promoter.
    if data["viewer"].is_object() {
        data = data["viewer"].take();
    }
    normalize(&mut data, target.dialect());
    Ok(data)
}

fn is_empty(data: &Value) -> bool {
    let root = data.as_object().and_then(|fields| fields.values().next());
    root.is_none_or(|root| root.is_null() || root["nodes"].as_array().is_some_and(Vec::is_empty))
}

/// Brings values into one form, by their key: Promograph answers times, decimals and enums where `PostGraphile` answers
/// the stored number or text, and each server has cursors of its own.
fn normalize(value: &mut Value, dialect: Dialect) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| normalize(item, dialect)),
        Value::Object(fields) => {
            fields.remove("endCursor");
            for (key, value) in fields {
                if let Some(normal) = value.as_str().and_then(|text| scalar(key, text, dialect)) {
                    *value = normal;
                }
                normalize(value, dialect);
            }
        }
        _ => {}
    }
}

fn scalar(key: &str, text: &str, dialect: Dialect) -> Option<Value> {
    let stored = || text.parse::<i64>().ok().map(Value::from);
    match key {
        "state" | "status" | "unit" => Some(text.to_lowercase().into()),
        "createdAt" | "joinedAt" => {
            stored().or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis().into()))
        }
        "amount" | "perOfSale" if dialect != Dialect::Postgraphile => ten_thousandths(text).map(Value::from),
        "firstPromoterId" | "leadsCount" | "customersCount" | "salesTotal" | "amount" | "perOfSale" => stored(),
        _ => None,
    }
}

/// A decimal as it is stored: in 1/10,000.
fn ten_thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<4}").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_of_both_dialects_have_one_form() {
        let mut ours = json!({ "promotion": { "firstPromoterId": 7, "state": "ACTIVE", "createdAt":
            "2024-11-01T00:00:00.001Z", "currentOffer": { "amount": "12.5" } }, "pageInfo": { "endCursor": "a" } });
        let mut theirs = json!({ "promotion": { "firstPromoterId": "7", "state": "active", "createdAt":
            "1730419200001", "currentOffer": { "amount": "125000" } }, "pageInfo": { "endCursor": "b" } });
        normalize(&mut ours, Dialect::Promograph);
        normalize(&mut theirs, Dialect::Postgraphile);
        assert_eq!(ours, theirs);
        assert_eq!(ours["promotion"]["createdAt"], 1_730_419_200_001_i64);
    }
}
