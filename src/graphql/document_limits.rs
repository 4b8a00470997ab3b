//! Limits on the form of a document, checked in one pass before anything else walks it. The cost of execution: `cost`.
//!
//! Every fragment is measured once, however often it is spread: the pass is linear while the measured numbers may grow
//! exponentially.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};

use super::{
    error::GraphqlError,
    schema::{Schema, named_type, root_type},
};
use crate::limits::{self, RequestLimits};
use serde_json::{Map, Value};

mod introspection;

/// The measured numbers of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Measure {
    depth: u64,
    aliases: u64,
    directives: u64,
    fields: u64,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.fields = self.fields.saturating_add(other.fields);
    }
}

/// Measures every operation of the document and refuses it over a limit. Returns the rough number of fields that
/// introspection returns.
///
/// # Errors
/// The exceeded limit.
pub fn check(schema: &Schema, limits: &RequestLimits, document: &ExecutableDocument) -> Result<u64, GraphqlError> {
    let introspection = introspection::check(schema.size(), document)?;
    // In the document's order, so that the same document always gets the same error.
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| operation.pos);
    for operation in operations {
        let root = root_type(operation.node.ty);
        let mut pass = Pass { schema, document, fragments: HashMap::new(), visited: 0 };
        let mut measure = pass.set(root, &operation.node.selection_set.node);
        measure.directives = measure.directives.saturating_add(count(&operation.node.directives));
        for (rule, maximum, actual, what) in [
            (limits::DEPTH, limits.depth, measure.depth, "nested fields"),
            (limits::ALIASES, limits.aliases, measure.aliases, "aliases"),
            (limits::ROOT_FIELDS, limits.root_fields, measure.fields, "root fields"),
            (limits::DIRECTIVES, limits.directives, measure.directives, "directives"),
        ] {
            let maximum = maximum as u64;
            if actual > maximum {
                return Err(GraphqlError::over(rule.exceeded(maximum, actual), what).at(operation.pos));
            }
        }
    }
    Ok(introspection)
}

/// Refuses variables with more values than a document may have tokens, before they are coerced.
///
/// # Errors
/// The exceeded limit.
pub fn check_variables(variables: &Map<String, Value>, limits: &RequestLimits) -> Result<(), GraphqlError> {
    let most = limits.tokens as u64;
    let mut open: Vec<&Value> = variables.values().collect();
    let mut values = 0_u64;
    while let Some(value) = open.pop() {
        values += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
        if values + open.len() as u64 > most {
            let actual = values + open.len() as u64;
            return Err(GraphqlError::over(limits::TOKENS.exceeded(most, actual), "values in the variables or more"));
        }
    }
    Ok(())
}

fn count(directives: &[Positioned<Directive>]) -> u64 {
    directives.len() as u64
}

struct Pass<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, Measure>,
    /// Number of visited selections.
    visited: usize,
}

impl<'a> Pass<'a> {
    fn set(&mut self, parent: &str, set: &'a SelectionSet) -> Measure {
        let mut sum = Measure::default();
        for selection in &set.items {
            self.visited += 1;
            sum.directives = sum.directives.saturating_add(count(selection.node.directives()));
            match &selection.node {
                Selection::Field(field) => sum.add(self.field(parent, &field.node)),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    sum.add(self.set(condition.unwrap_or(parent), &inline.node.selection_set.node));
                }
                Selection::FragmentSpread(spread) => sum.add(self.fragment(spread.node.fragment_name.node.as_str())),
            }
        }
        sum
    }

    fn fragment(&mut self, name: &'a str) -> Measure {
        if let Some(measure) = self.fragments.get(name) {
            return *measure;
        }
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Measure::default() };
        // A fragment that spreads itself counts as empty inside itself. Validation refuses it later.
        self.fragments.insert(name.as_str(), Measure::default());
        let condition = fragment.node.type_condition.node.on.node.as_str();
        let mut measure = self.set(condition, &fragment.node.selection_set.node);
        measure.directives = measure.directives.saturating_add(count(&fragment.node.directives));
        self.fragments.insert(name.as_str(), measure);
        measure
    }

    fn field(&mut self, parent: &str, field: &'a Field) -> Measure {
        let name = field.name.node.as_str();
        if parent == "Query" && matches!(name, "__schema" | "__type") {
            // Introspection has limits of its own.
            return Measure { fields: 1, ..Measure::default() };
        }
        let alias = u64::from(field.alias.is_some());
        let Some(definition) = self.schema.field(parent, name) else {
            return Measure { depth: 1, aliases: alias, fields: 1, ..Measure::default() };
        };
        let target = named_type(&definition.ty);
        let below = self.set(target, &field.selection_set.node);
        Measure {
            depth: below.depth.saturating_add(1),
            aliases: below.aliases.saturating_add(alias),
            directives: below.directives,
            fields: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::roots::SCHEMA;

    #[test]
    fn nested_fragments_are_looked_at_once_though_they_mean_millions_of_fields() {
        let fragments = (0..20).fold(String::new(), |text, level| {
            let next = if level < 19 { format!("...F{}", level + 1) } else { "id".to_owned() };
            format!("{text} fragment F{level} on Promoter {{ a: parent {{ {next} }} b: parent {{ {next} }} }}")
        });
        let document = parse_query(format!("{{ promoters {{ nodes {{ ...F0 }} }} }} {fragments}")).unwrap();
        for (_, operation) in document.operations.iter() {
            let mut pass = Pass { schema: &SCHEMA, document: &document, fragments: HashMap::new(), visited: 0 };
            let measure = pass.set("Query", &operation.node.selection_set.node);
            assert_eq!((measure.depth, measure.aliases), (23, (1 << 21) - 2));
            assert_eq!(pass.visited, 3 + 20 * 4);
        }
    }
}
