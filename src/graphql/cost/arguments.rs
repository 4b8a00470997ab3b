//! Arguments that affect the cost, coerced as for the planner.

use async_graphql::{Positioned, parser::types::Field};

use crate::{
    graphql::{catalog::CATALOG, coerce, collect::Collector, error::GraphqlError, schema::FieldDefinition},
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
    collector: Collector<'a>,
}

impl<'a> FieldArguments<'a> {
    /// Fields with the same key have equal arguments, so those of the first are used.
    pub fn of(collector: Collector<'a>, definition: &'a FieldDefinition, fields: &[&'a Positioned<Field>]) -> Self {
        Self { definition, field: fields.first().copied(), collector }
    }

    /// One argument; none if it is absent.
    ///
    /// # Errors
    /// If it cannot be coerced.
    pub fn argument(&self, name: &str) -> Result<Option<ArgumentValue>, GraphqlError> {
        let Some(field) = self.field else { return Ok(None) };
        coerce::argument(self.collector.schema, &self.definition.arguments, name, field, self.collector.variables)
    }

    /// The number of rows of a page; the maximum if it cannot be determined.
    pub fn rows(&self) -> u64 {
        let size = |name| match self.argument(name)? {
            Some(ArgumentValue::Int(size)) => Ok(Some(size)),
            _ => Ok(None),
        };
        let rows = size("first").and_then(|first| Ok::<_, GraphqlError>(page::rows(first, size("last")?)));
        u64::try_from(rows.unwrap_or(page::MAX_SIZE).min(page::MAX_SIZE)).unwrap_or(0)
    }

    /// The work of an order by counts.
    pub fn order(&self, entity: &EntityType) -> FilterCost {
        match self.argument("orderBy") {
            Ok(Some(order)) => filter::order_cost(entity, &order),
            _ => FilterCost::default(),
        }
    }

    /// The work of the filter. An invalid filter does none: it is refused.
    pub fn filter(&self, entity: &EntityType) -> FilterCost {
        match self.argument("filter") {
            Ok(Some(filter)) => filter::filter_cost(&CATALOG, entity, &filter),
            _ => FilterCost::default(),
        }
    }
}
