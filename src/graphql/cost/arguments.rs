//! Arguments that cost something, read as the planner reads them.

use async_graphql::{Positioned, parser::types::Field};

use crate::{
    graphql::{
        catalog::CATALOG,
        coerce::{self, Variables},
        error::GraphqlError,
        schema::{FieldDefinition, SCHEMA},
    },
    read::{
        filter::{self, FilterCost},
        model::EntityType,
        page,
        selection::ArgumentValue,
    },
};

/// The arguments of one field.
pub struct FieldArguments<'a> {
    definition: &'a FieldDefinition,
    field: Option<&'a Positioned<Field>>,
    variables: &'a Variables,
}

impl<'a> FieldArguments<'a> {
    /// Fields with one key have equal arguments, so the first one's count.
    pub fn of(definition: &'a FieldDefinition, fields: &[&'a Positioned<Field>], variables: &'a Variables) -> Self {
        Self { definition, field: fields.first().copied(), variables }
    }

    /// One of them; none if it is absent.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn argument(&self, name: &str) -> Result<Option<ArgumentValue>, GraphqlError> {
        let Some(field) = self.field else { return Ok(None) };
        coerce::argument(&SCHEMA, &self.definition.arguments, name, field, self.variables)
    }

    /// The rows of a page; the largest page if that cannot be told.
    pub fn rows(&self) -> u64 {
        let size = |name| match self.argument(name)? {
            Some(ArgumentValue::Int(size)) => Ok(Some(size)),
            _ => Ok(None),
        };
        let rows = size("first").and_then(|first| Ok::<_, GraphqlError>(page::rows(first, size("last")?)));
        u64::try_from(rows.unwrap_or(page::MAX_SIZE).min(page::MAX_SIZE)).unwrap_or(0)
    }

    /// What its filter does. One that cannot be read does nothing: it is refused.
    pub fn filter(&self, entity: &EntityType) -> FilterCost {
        match self.argument("filter") {
            Ok(Some(filter)) => filter::filter_cost(&CATALOG, entity, &filter),
            _ => FilterCost::default(),
        }
    }
}
