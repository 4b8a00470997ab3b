//! The model of a GraphQL schema, and the types that follow from the catalogue.
//!
//! Validation, collection, coercion and costs use it; async-graphql's registry (introspection, SDL) is filled from it.
//! The root fields and the complete schema are in `roots`.

mod aggregates;
mod entities;
mod filters;
mod introspection;
mod model;
mod scalar_types;
mod scalars;

pub use entities::connection_arguments;
pub use model::{
    FieldDefinition, InputDefinition, MUTATION_ROOT, NamedInput, QUERY_ROOT, SUBSCRIPTION_ROOT, Schema, TypeDefinition,
    TypeKind, expected_enum, field, input, named_type, object, root_type, with_default,
};
pub use scalars::{Scalar, ScalarInput, ScalarValue};

use crate::read::model::Catalog;

/// The types of the catalogue, without the root types.
pub fn of_catalog(catalog: &'static Catalog) -> Schema {
    let mut schema = Schema::with_introspection(introspection::introspection());
    scalar_types::define(&mut schema);
    filters::define_shared(&mut schema);
    aggregates::define_shared(&mut schema);
    entities::define_page_info(&mut schema);
    for entity in catalog.iter() {
        entities::define(&mut schema, catalog, entity);
        filters::define(&mut schema, entity);
        aggregates::define(&mut schema, entity);
    }
    schema
}
