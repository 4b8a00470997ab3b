//! Limits, in one pass over the parsed document and before anything else walks it.
//!
//! Every fragment is measured once however often it is spread, so that the pass is linear while
//! what it measures may grow exponentially.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::{ConstValue, Value};
use serde_json::Map;

use super::{
    fault::Fault,
    schema::{Schema, root_type},
};
use crate::{
    read::page::{DEFAULT_SIZE, MAX_SIZE},
    settings::{LimitArgs, rule},
};

mod introspection;

/// What `totalCount` is taken to scan, for every parent.
const COUNT_COST: u64 = 100;

/// What a selection asks for. A fragment on a connection knows what one row costs, but not how many
/// rows there will be: that is `per_row`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Measure {
    depth: u64,
    aliases: u64,
    directives: u64,
    fields: u64,
    cost: u64,
    per_row: u64,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.fields = self.fields.saturating_add(other.fields);
        self.cost = self.cost.saturating_add(other.cost);
        self.per_row = self.per_row.saturating_add(other.per_row);
    }
}

/// What the operation that will run costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects that could come back, plus what `totalCount` scans.
    pub objects: u64,
    /// The most that may be asked for.
    pub maximum: u64,
    /// Fields that introspection brings back, roughly.
    pub introspection: u64,
}

/// Measures every operation of the document and refuses what is over a limit; gives the cost of the
/// operation that will run, also when it is refused, or of the dearest if none is named.
///
/// # Errors
/// Names the limit, its value, and what was asked for.
pub fn check(
    schema: &Schema,
    limits: &LimitArgs,
    document: &ExecutableDocument,
    variables: &Map<String, serde_json::Value>,
    operation_name: Option<&str>,
) -> (Cost, Result<(), Fault>) {
    let mut cost = Cost { objects: 0, maximum: limits.cost as u64, introspection: 0 };
    match introspection::check(schema.size(), document) {
        Ok(fields) => cost.introspection = fields,
        Err(fault) => return (cost, Err(fault)),
    }
    let mut checked = Ok(());
    // In the document's order, so that the same document is always refused for the same thing.
    let mut operations: Vec<_> = document.operations.iter().collect();
    operations.sort_by_key(|(_, operation)| operation.pos);
    for (name, operation) in operations {
        let root = root_type(operation.node.ty);
        let mut pass =
            Pass { schema, document, variables, operation: &operation.node, fragments: HashMap::new(), visited: 0 };
        let mut measure = pass.set(root, &operation.node.selection_set.node);
        measure.directives = measure.directives.saturating_add(count(&operation.node.directives));
        for (rule, maximum, actual, what) in [
            (rule::DEPTH, limits.depth, measure.depth, "nested fields"),
            (rule::ALIASES, limits.aliases, measure.aliases, "aliases"),
            (rule::ROOT_FIELDS, limits.root_fields, measure.fields, "root fields"),
            (rule::DIRECTIVES, limits.directives, measure.directives, "directives"),
            (rule::COST, limits.cost, measure.cost, "objects that could come back"),
        ] {
            let maximum = maximum as u64;
            if actual > maximum && checked.is_ok() {
                checked = Err(Fault::over(rule.passed(maximum, actual), what).at(operation.pos));
            }
        }
        if operation_name.is_none() || name.map(Name::as_str) == operation_name {
            cost.objects = cost.objects.max(measure.cost);
        }
    }
    (cost, checked)
}

fn count(directives: &[Positioned<Directive>]) -> u64 {
    directives.len() as u64
}

struct Pass<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: &'a Map<String, serde_json::Value>,
    operation: &'a OperationDefinition,
    fragments: HashMap<&'a str, Measure>,
    /// How many selections were looked at.
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
        // A fragment that spreads itself counts as empty there; validation refuses it later.
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
        let target = definition.ty.to_string();
        let target = target.trim_matches(['[', ']', '!']);
        let below = self.set(target, &field.selection_set.node);
        let mut measure = Measure {
            depth: below.depth.saturating_add(1),
            aliases: below.aliases.saturating_add(alias),
            directives: below.directives,
            fields: 1,
            ..Measure::default()
        };
        if self.schema.rows_of(target).is_some() {
            let rows = self.size(field).saturating_mul(below.per_row);
            measure.cost = below.cost.saturating_add(rows);
        } else if self.schema.rows_of(parent).is_some() {
            // Inside a connection: per row of it, except what is there once.
            match name {
                "nodes" => measure.per_row = below.cost.saturating_add(1),
                "edges" => measure.per_row = below.cost,
                "totalCount" => measure.cost = COUNT_COST,
                _ => {}
            }
        } else if field.selection_set.node.items.is_empty() {
            // A leaf comes with its object.
        } else {
            let objects = if parent == "Query" && name == "nodes" { self.ids(field) } else { 1 };
            measure.cost = objects.saturating_mul(below.cost.saturating_add(1));
        }
        measure
    }

    /// The page size that the field asks for; the largest if it cannot be told yet.
    fn size(&self, field: &Field) -> u64 {
        let asked =
            ["first", "last"].iter().filter_map(|name| field.get_argument(name)).find_map(|value| match &value.node {
                Value::Variable(name) => self.variable(name.as_str()),
                Value::Number(number) => Some(number.as_u64().unwrap_or(MAX_SIZE.unsigned_abs())),
                _ => None,
            });
        asked.unwrap_or(DEFAULT_SIZE.unsigned_abs()).min(MAX_SIZE.unsigned_abs())
    }

    fn variable(&self, name: &str) -> Option<u64> {
        if let Some(value) = self.variables.get(name) {
            return if value.is_null() { None } else { Some(value.as_u64().unwrap_or(MAX_SIZE.unsigned_abs())) };
        }
        let definition = self.operation.variable_definitions.iter().find(|known| known.node.name.node == name)?;
        match &definition.node.default_value.as_ref()?.node {
            ConstValue::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    fn ids(&self, field: &Field) -> u64 {
        match field.get_argument("ids").map(|value| &value.node) {
            Some(Value::List(ids)) => ids.len() as u64,
            Some(Value::Variable(name)) => match self.variables.get(name.as_str()) {
                Some(serde_json::Value::Array(ids)) => ids.len() as u64,
                _ => 1,
            },
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::schema::SCHEMA;

    #[test]
    fn nested_fragments_are_looked_at_once_though_they_mean_millions_of_fields() {
        let fragments = (0..20).fold(String::new(), |text, level| {
            let next = if level < 19 { format!("...F{}", level + 1) } else { "id".to_owned() };
            format!("{text} fragment F{level} on Promoter {{ a: parent {{ {next} }} b: parent {{ {next} }} }}")
        });
        let document = parse_query(format!("{{ promoters {{ nodes {{ ...F0 }} }} }} {fragments}")).unwrap();
        let variables = Map::new();
        for (_, operation) in document.operations.iter() {
            let (operation, fragments) = (&operation.node, HashMap::new());
            let mut pass =
                Pass { schema: &SCHEMA, document: &document, variables: &variables, operation, fragments, visited: 0 };
            let measure = pass.set("Query", &operation.selection_set.node);
            assert_eq!((measure.depth, measure.aliases), (23, (1 << 21) - 2));
            assert_eq!(pass.visited, 3 + 20 * 4);
        }
    }
}
