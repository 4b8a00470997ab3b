//! The root fields, and the schema that follows from them and from the catalogue.
//!
//! A root field of queries is one file: an `impl` of [`QueryField`] with its type, arguments, caching, cost and
//! resolver, listed in [`QUERY_FIELDS`]. Every type of the catalogue adds two more ([`rows`]).

use std::sync::LazyLock;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition},
};
use indexmap::IndexMap;

mod field;
mod freshness;
mod lead_cohorts;
mod measures;
mod node;
mod nodes;
mod performance;
pub mod replay_events;
mod rows;
mod subscriptions;
mod viewer;

pub use field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
pub use subscriptions::SubscriptionField;

use super::{
    catalog::CATALOG,
    coerce::Variables,
    collect::{Collector, RootSelection},
    cost::{self, Cost, CostError, CostMeasure, Exceeded},
    schema::{self, QUERY_ROOT, SUBSCRIPTION_ROOT, Schema, TypeKind, root_type},
};
use crate::limits::RequestLimits;

/// The root fields of queries, those of the catalogue's types left out.
static QUERY_FIELDS: [&dyn QueryField; 7] = [
    &viewer::ViewerField,
    &freshness::FreshnessField,
    &node::NodeField,
    &nodes::NodesField,
    &performance::PerformanceField,
    &lead_cohorts::LeadCohortsField,
    &measures::MeasuresField,
];

/// All root fields of queries by name.
static ALL_QUERY_FIELDS: LazyLock<IndexMap<&'static str, &'static dyn QueryField>> = LazyLock::new(|| {
    let of_rows = CATALOG.iter().flat_map(|entity| {
        let fields: [&'static dyn QueryField; 2] =
            [Box::leak(Box::new(rows::RowField(entity))), Box::leak(Box::new(rows::ListField(entity)))];
        fields
    });
    QUERY_FIELDS.into_iter().chain(of_rows).map(|field| (field.name(), field)).collect()
});

/// The schema of the API.
pub static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let mut schema = schema::of_catalog(&CATALOG);
    for field in ALL_QUERY_FIELDS.values() {
        field.define_types(&mut schema);
    }
    let fields = ALL_QUERY_FIELDS.iter().map(|(name, field)| ((*name).to_owned(), field.definition())).collect();
    schema.add(QUERY_ROOT, "Reading.", TypeKind::Object(fields, false));
    replay_events::define(&mut schema);
    subscriptions::define(&mut schema);
    schema
});

/// The root field of queries with this name. Introspection's fields are not among them.
pub fn query_field(name: &str) -> Option<&'static dyn QueryField> {
    ALL_QUERY_FIELDS.get(name).copied()
}

/// Whether a response with this root field may be cached. A field that is not known may not.
pub fn caching(name: &str) -> Caching {
    match name {
        // The tag holds the schema's version.
        "__typename" | "__schema" | "__type" => Caching::Mirror,
        name => query_field(name).map_or(Caching::Never, QueryField::caching),
    }
}

/// Measures an operation of a document: its cost, and whether its response may be cached.
///
/// # Errors
/// The limit that is exceeded.
pub fn measure(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
    limits: &RequestLimits,
) -> Result<(Cost, Caching), CostError> {
    let root = root_type(operation.node.ty);
    let mut all = if root == QUERY_ROOT { Caching::Mirror } else { Caching::Never };
    let collector = Collector { schema: &SCHEMA, document, root, variables };
    let cost = cost::measure(collector, limits, operation, |measure, selection| {
        all = all.max(caching(selection.name));
        cost_of_field(measure, selection)
    })?;
    Ok((cost, if cost.versioned { all } else { Caching::Never }))
}

fn cost_of_field<'a>(measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
    match measure.root_type() {
        QUERY_ROOT => query_field(selection.name).map_or(Ok(0), |field| field.cost(measure, selection)),
        SUBSCRIPTION_ROOT => {
            SubscriptionField::find(selection.name).map_or(Ok(0), |field| field.cost(measure, selection))
        }
        // A mutation reads nothing back but what it did.
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new root field of queries is not cached until it is named here too.
    #[test]
    fn only_fields_that_follow_from_the_mirror_may_be_cached() {
        for (name, field) in ALL_QUERY_FIELDS.iter() {
            let expected = match *name {
                "node" | "nodes" | "performance" | "leadCohorts" | "measures" => Caching::Mirror,
                "viewer" => Caching::MirrorAndToken,
                name if CATALOG.root(name).is_some_and(|(entity, _)| entity.versioned) => Caching::Mirror,
                _ => Caching::Never,
            };
            assert_eq!(field.caching(), expected, "{name}");
        }
        assert_eq!(caching("unknown"), Caching::Never);
    }

    #[test]
    fn no_root_field_has_the_name_of_another() {
        assert_eq!(ALL_QUERY_FIELDS.len(), QUERY_FIELDS.len() + 2 * CATALOG.iter().count());
    }

    #[test]
    fn every_type_but_stored_events_is_of_the_mirror_s_version() {
        let unversioned = CATALOG.iter().filter(|entity| !entity.versioned).map(|entity| entity.name);
        assert_eq!(unversioned.collect::<Vec<_>>(), ["WebhookEvent"]);
    }
}
