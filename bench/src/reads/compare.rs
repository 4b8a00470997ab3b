//! Whether all servers give the same answers, before anything is measured.

use chrono::DateTime;
use serde_json::Value;

use super::{
    client,
    query::{Dialect, Query},
    rounds::Asked,
    target::Target,
};

/// Answers of a question that are compared.
const SAMPLES: usize = 20;

/// Compares answers of each target to those of the first; returns the mean length of each target's answers.
///
/// # Errors
/// When an answer has errors, or differs.
pub fn all<'t>(query: Query, targets: &[&'t Target]) -> anyhow::Result<Vec<Asked<'t>>> {
    let mut asked: Vec<_> = targets.iter().map(|target| Asked { query, target, answer_bytes: 0 }).collect();
    for index in 0..SAMPLES {
        let mut expected = None;
        for Asked { target, answer_bytes, .. } in &mut asked {
            let (found, bytes) = answer(target, query, index)?;
            *answer_bytes += bytes;
            anyhow::ensure!(!is_empty(&found), "{target} has nothing for {query}: {found}");
            let expected = expected.get_or_insert_with(|| found.clone());
            anyhow::ensure!(*expected == found, "{target} and {} differ for {query}\n{expected}\n{found}", targets[0]);
        }
    }
    for asked in &mut asked {
        asked.answer_bytes /= SAMPLES as u64;
    }
    eprintln!("{query}: {SAMPLES} answers of {} servers are equal", targets.len());
    Ok(asked)
}

fn answer(target: &Target, query: Query, index: usize) -> anyhow::Result<(Value, u64)> {
    let requests = target.requests(query)?;
    let (mut data, bytes) = client::data(target.address(), &requests[index % requests.len()])?;
    // Only Promograph has a field for the token's own promoter.
    if data["viewer"].is_object() {
        data = data["viewer"].take();
    }
    normalize(&mut data, target.dialect());
    Ok((data, bytes))
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
        "state" | "status" | "unit" | "leadState" => Some(text.to_lowercase().into()),
        "createdAt" | "joinedAt" | "start" => {
            stored().or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis().into()))
        }
        "amount" | "perOfSale" if dialect != Dialect::Postgraphile => ten_thousandths(text).map(Value::from),
        "firstPromoterId" | "leadsCount" | "customersCount" | "salesTotal" | "amount" | "perOfSale" | "referrals" => {
            stored()
        }
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
    fn decimals_are_compared_as_they_are_stored() {
        for (text, stored) in [("5", 50_000), ("12.5", 125_000), ("0.0001", 1), ("-1.05", -10_500)] {
            assert_eq!(ten_thousandths(text), Some(stored));
        }
    }

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
