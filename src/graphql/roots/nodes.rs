//! `nodes`: several objects by their ids.

use std::collections::HashMap;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::json;

use super::{
    field::{Caching, QueryField, ResolveContext, RootError},
    node::is_hidden,
};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        resolved::Resolved,
        schema::{FieldDefinition, field, input},
    },
    read::{
        RootValue,
        error::ReadError,
        global_id::{self, RowKey},
        model::EntityType,
        response_budget::JsonWriter,
        selection::ArgumentValue,
    },
};

/// The most ids that it takes.
const MAX_IDS: usize = 200;

/// `nodes`.
pub struct NodesField;

impl QueryField for NodesField {
    fn name(&self) -> &'static str {
        "nodes"
    }

    fn definition(&self) -> FieldDefinition {
        let ids = input("ids", "[ID!]!", "The ids of objects of any type, at most 200.");
        field("[Node]", "Objects by their ids, in the order of the ids. Null for an id that leads to no object.", [ids])
    }

    fn caching(&self) -> Caching {
        Caching::Mirror
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        match measure.argument(selection, "ids") {
            Some(ArgumentValue::List(ids)) => measure.nodes(&ids, &selection.fields),
            _ => Ok(0),
        }
    }

    fn resolve<'a>(
        &'a self,
        context: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>> {
        resolve(context, selection).boxed()
    }
}

async fn resolve(context: &ResolveContext<'_>, selection: &RootSelection<'_>) -> Result<Resolved, RootError> {
    let ResolveContext { session, reader, collector, .. } = context;
    let arguments = collector.arguments(selection)?;
    let Some(ArgumentValue::List(ids)) = arguments.get("ids") else { return Ok(Resolved::null()) };
    if ids.len() > MAX_IDS {
        let message = format!("`ids` has {} ids: at most {MAX_IDS} are allowed", ids.len());
        return Err(ReadError::over(message, "ids", MAX_IDS as u64, ids.len() as u64).into());
    }
    let mut wanted = Vec::with_capacity(ids.len());
    let mut by_type: Vec<(&EntityType, Vec<RowKey>)> = Vec::new();
    for id in ids {
        let ArgumentValue::Text(text) = id else { continue };
        let (entity, key) = global_id::decode(reader.catalog(), text)?;
        wanted.push((entity.name, key.clone()));
        if is_hidden(session, entity) {
            continue;
        }
        match by_type.iter_mut().find(|(known, _)| known.name == entity.name) {
            Some((_, keys)) if keys.contains(&key) => {}
            Some((_, keys)) => keys.push(key),
            None => by_type.push((entity, vec![key])),
        }
    }
    // A row whose id is given repeatedly is read once and written as often.
    let beside = reader.within_budget(reader.budget().for_part());
    let mut found: HashMap<(&str, RowKey), RootValue> = HashMap::new();
    for (entity, keys) in by_type {
        let children = collector.below(selection, entity.name);
        let rows = beside.several(session.viewer, entity, keys, &children).await?;
        found.extend(rows.into_iter().map(|(key, json)| ((entity.name, key), json)));
    }
    let (mut out, mut errors) = (JsonWriter::new(reader.budget()), Vec::new());
    out.push(b'[');
    for (index, key) in wanted.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let object = Resolved::read_or_null(found.get(key).cloned(), &[json!(selection.key), json!(index)]);
        out.extend_from_slice(&object.json);
        out.check()?;
        errors.extend(object.errors);
    }
    out.push(b']');
    Ok(Resolved { json: out.finish()?, errors })
}
