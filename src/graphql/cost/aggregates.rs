//! The cost of `aggregate` and `groups`.

use async_graphql::{Positioned, parser::types::Field};

use super::{ASSUMED_ROWS, CostMeasure, FieldArguments, Measured, name_of, sum};
use crate::{
    graphql::schema::named_type,
    read::{DEFAULT_GROUPS, MAX_GROUPS, selection::ArgumentValue},
};

impl<'a> CostMeasure<'a> {
    /// An `aggregate`, or `groups`: the rows that are scanned, and the figures of each group.
    pub(super) fn aggregates(&mut self, connection: &str, fields: &[&'a Positioned<Field>]) -> Measured {
        let Some(definition) = self.collector.schema.field(connection, name_of(fields)) else { return Ok(0) };
        let arguments = FieldArguments::of(self.collector, definition, fields);
        let groups = match arguments.argument("first") {
            Ok(Some(ArgumentValue::Int(first))) => u64::try_from(first).unwrap_or(0).min(MAX_GROUPS as u64),
            _ if name_of(fields) == "groups" => DEFAULT_GROUPS.unsigned_abs(),
            _ => 1,
        };
        let figures = self.leaves(named_type(&definition.ty), fields)?.len() as u64;
        // The rows are read once more, for the first and the last time, and there are many intervals to look up.
        let scans = if let Ok(Some(ArgumentValue::Object(_))) = arguments.argument("interval") { 3 } else { 1 };
        Ok(sum(scans * ASSUMED_ROWS, groups.saturating_mul(figures)))
    }
}
