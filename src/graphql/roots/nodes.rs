//! `nodes`: several objects by their ids.

use std::collections::HashMap;

use futures_util::{FutureExt as _, future::BoxFuture};

use super::{
    field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext},
    node::is_hidden,
};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, field, input},
    },
    read::{
        Inputs, ObjectPlan, RootValue, RowLookup,
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

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let arguments = collector.arguments(selection)?;
        // The types are in the ids.
        let ids = match arguments.get("ids") {
            Some(ids @ ArgumentValue::List(items)) if !ids.has_slots() => items,
            _ => return Err(CompileError::NeedsValues),
        };
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
            if is_hidden(viewer, entity) {
                continue;
            }
            match by_type.iter_mut().find(|(known, _)| known.name == entity.name) {
                Some((_, keys)) if keys.contains(&key) => {}
                Some((_, keys)) => keys.push(key),
                None => by_type.push((entity, vec![key])),
            }
        }
        let plan = |(entity, keys): (&EntityType, Vec<RowKey>)| {
            let children = collector.below(selection, entity.name);
            let plan = reader.plan_rows(viewer, entity, RowLookup::Keys(keys), &children)?;
            Ok((entity.name, plan))
        };
        let plans = by_type.into_iter().map(plan).collect::<Result<_, ReadError>>()?;
        Ok(Box::new(CompiledNodes { wanted, plans }))
    }
}

#[derive(Debug)]
struct CompiledNodes {
    /// Type and key of each id.
    wanted: Vec<(&'static str, RowKey)>,
    /// The rows of each type.
    plans: Vec<(&'static str, ObjectPlan)>,
}

impl CompiledField for CompiledNodes {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.plans.iter().try_for_each(|(_, plan)| plan.level.check(inputs))
    }

    fn fails(&self) -> bool {
        self.plans.iter().any(|(_, plan)| plan.fails())
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        self.read(context).map(|read| read.map(Some)).boxed()
    }

    fn size(&self) -> usize {
        let text = |key: &RowKey| if let RowKey::Text(text) = key { text.len() } else { 0 };
        let wanted = self.wanted.iter().map(|wanted| size_of_val(wanted) + text(&wanted.1));
        let plans = self.plans.iter().map(|(_, plan)| plan.size());
        wanted.chain(plans).sum()
    }
}

impl CompiledNodes {
    async fn read(&self, ResolveContext { reader, inputs, .. }: ResolveContext<'_>) -> Result<RootValue, ReadError> {
        // A row whose id is given repeatedly is read once and written as often.
        let beside = reader.within_budget(reader.budget().for_part());
        let mut found: HashMap<(&str, RowKey), RootValue> = HashMap::new();
        for (name, plan) in &self.plans {
            let rows = beside.several(plan, inputs).await?;
            found.extend(rows.into_iter().map(|(key, json)| ((*name, key), json)));
        }
        let (mut out, mut failures) = (JsonWriter::new(reader.budget()), Vec::new());
        out.push(b'[');
        for (index, key) in self.wanted.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            match found.get(key) {
                Some(row) => {
                    out.extend_from_slice(&row.bytes);
                    failures.extend(row.failures.iter().map(|failure| failure.clone().below(index.into())));
                }
                None => out.extend_from_slice(b"null"),
            }
            out.check()?;
        }
        out.push(b']');
        Ok(RootValue { bytes: out.finish()?, failures })
    }
}
