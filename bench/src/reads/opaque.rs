//! Cursors and ids, which are opaque: asked of the server that they are sent to.

use serde_json::{Map, Value};

use super::{
    client,
    query::{Dialect, Opaque, Parameters, Query, Request},
    target::Target,
};

/// Cursors that one request asks for.
const BATCH_SIZE: usize = 20;

/// The opaque texts of these parameters.
///
/// # Errors
/// When the server does not return them.
pub fn texts(target: &Target, query: Query, asked: &[Parameters]) -> anyhow::Result<Vec<Opaque>> {
    let ids: Vec<_> = asked.iter().map(|parameters| parameters.id).collect();
    let field = match (query, target.dialect()) {
        (Query::Q2, Dialect::Promograph) => "promoters(first: 1, filter: { firstPromoterId: { eq: $id } })",
        (Query::Q3, Dialect::Promograph) => "leads(first: 1, filter: { firstPromoterId: { eq: $id } })",
        (Query::Q2, Dialect::Postgraphile) => {
            "allPromoters(first: 1, condition: { rowId: $id }, orderBy: [JOINED_AT_SORT_DESC, ROW_ID_DESC])"
        }
        (Query::Q3, Dialect::Postgraphile) => {
            "allLeads(first: 1, condition: { rowId: $id }, orderBy: [CREATED_AT_SORT_DESC, ROW_ID_DESC])"
        }
        (Query::List | Query::Q4, Dialect::Promograph) => {
            return each(target, &ids, "campaign(firstPromoterId: $id) { id }", |found| found["id"].as_str());
        }
        (Query::Own | Query::OwnYear, _) => {
            let tokens = ids.iter().map(|id| target.promoter_token(*id));
            return tokens.map(|token| Ok(Opaque { token: Some(token?), ..Opaque::default() })).collect();
        }
        _ => return Ok(vec![Opaque::default(); asked.len()]),
    };
    each(target, &ids, &format!("{field} {{ edges {{ cursor }} }}"), |found| found["edges"][0]["cursor"].as_str())
}

/// Asks for a field of every id, with one document for all requests so that servers plan it once.
fn each(
    target: &Target,
    ids: &[i64],
    field: &str,
    text: impl Fn(&Value) -> Option<&str>,
) -> anyhow::Result<Vec<Opaque>> {
    let numbers = 0..BATCH_SIZE;
    let variables: Vec<_> = numbers.clone().map(|number| format!("$id{number}: BigInt!")).collect();
    let fields: Vec<_> =
        numbers.map(|number| format!("a{number}: {}", field.replace("$id", &format!("$id{number}")))).collect();
    let document = format!("query Opaque({}) {{ {} }}", variables.join(", "), fields.join(" "));
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH_SIZE) {
        let id_at = |number: usize| *batch.get(number).unwrap_or(&batch[0]);
        let variables: Map<_, _> = (0..BATCH_SIZE)
            .map(|number| {
                let id = id_at(number);
                let stringly = target.dialect() == Dialect::Postgraphile;
                (format!("id{number}"), if stringly { id.to_string().into() } else { id.into() })
            })
            .collect();
        let body = serde_json::json!({ "query": document, "variables": variables }).to_string();
        let request = Request { path: "/graphql".to_owned(), token: target.token().to_owned(), body };
        let (data, _) = client::data(target.address(), &request)?;
        for number in 0..batch.len() {
            let text = text(&data[&format!("a{number}")]);
            let text = text.ok_or_else(|| anyhow::anyhow!("{target} has no row {}: {data}", batch[number]))?;
            found.push(Opaque { text: text.to_owned(), token: None });
        }
    }
    Ok(found)
}
