//! Limits of introspection. It is exempt from the other limits, so that `GraphiQL` works; but lists of types within lists
//! of types multiply, and so do fields repeated in them.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::{error::LimitExceeded, graphql::error::GraphqlError};

/// Maximum depth of lists within lists. `GraphiQL` needs two.
const MAX_LISTS: u64 = 3;
/// Rough maximum of returned fields. What tools request of the whole schema is about half of it.
const MAX_FIELDS: u64 = 2_000_000;

/// The measured numbers of a selection.
#[derive(Clone, Copy, Default)]
struct Measure {
    /// Lists within lists.
    lists: u64,
    /// Returned fields.
    fields: u64,
}

/// Refuses documents whose introspection nests lists too deep or returns too much. Returns the rough number of returned
/// fields. `types` is the number of types of the schema.
///
/// # Errors
/// The exceeded limit.
pub fn check(types: usize, document: &ExecutableDocument) -> Result<u64, GraphqlError> {
    let mut pass = Pass { types: types as u64, document, fragments: HashMap::new(), visited: 0 };
    let mut most = 0;
    for (_, operation) in document.operations.iter() {
        let measure = pass.set(&operation.node.selection_set.node, false);
        let over = |rule, limit, actual, what| {
            Err(GraphqlError::over(LimitExceeded::fixed(rule, limit, actual), what).at(operation.pos))
        };
        if measure.lists > MAX_LISTS {
            return over("introspectionLists", MAX_LISTS, measure.lists, "lists of types within each other");
        }
        if measure.fields > MAX_FIELDS {
            return over("introspectionFields", MAX_FIELDS, measure.fields, "fields of introspection");
        }
        most = most.max(measure.fields);
    }
    Ok(most)
}

struct Pass<'a> {
    types: u64,
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, Measure>,
    /// Number of visited selections.
    visited: usize,
}

impl<'a> Pass<'a> {
    /// Counts only selections inside `__schema` and `__type`.
    fn set(&mut self, set: &'a SelectionSet, inside: bool) -> Measure {
        let mut sum = Measure::default();
        for selection in &set.items {
            self.visited += 1;
            let one = match &selection.node {
                Selection::Field(field) => self.field(&field.node.name.node, &field.node.selection_set.node, inside),
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, inside),
                Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
            };
            sum.lists = sum.lists.max(one.lists);
            sum.fields = sum.fields.saturating_add(one.fields);
        }
        sum
    }

    fn field(&mut self, name: &str, below: &'a SelectionSet, inside: bool) -> Measure {
        let inside = inside || matches!(name, "__schema" | "__type");
        let below = self.set(below, inside);
        if !inside {
            return below;
        }
        // Roughly as many as our types have.
        let (times, list) = match name {
            "types" => (self.types, 1),
            "fields" | "inputFields" | "possibleTypes" => (16, 1),
            "interfaces" => (1, 1),
            "enumValues" => (8, 0),
            "args" | "directives" => (4, 0),
            _ => (1, 0),
        };
        Measure {
            lists: below.lists.saturating_add(list),
            fields: below.fields.saturating_add(1).saturating_mul(times),
        }
    }

    fn fragment(&mut self, name: &'a str) -> Measure {
        if let Some(measure) = self.fragments.get(name) {
            return *measure;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Measure::default() };
        // A fragment that spreads itself counts as empty inside itself. Validation refuses it later.
        self.fragments.insert(name, Measure::default());
        let inside = fragment.node.type_condition.node.on.node.starts_with("__");
        let measure = self.set(&fragment.node.selection_set.node, inside);
        self.fragments.insert(name, measure);
        measure
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    const TYPES: usize = 200;

    fn refused(document: &str) -> Option<&'static str> {
        let error = check(TYPES, &parse_query(document).unwrap()).err();
        error.and_then(|error| error.exceeded).map(|exceeded| exceeded.rule)
    }

    #[test]
    fn all_that_tools_ask_is_answered_and_many_times_that_is_not() {
        let whole = include_str!("../../../tests/it/limits/introspection.graphql");
        assert_eq!(refused(whole), None);
        let (_, schema) = whole.split_once("query IntrospectionQuery {").unwrap();
        let (schema, fragments) = schema.split_once("\n}\n").unwrap();
        let (_, inside) = schema.split_once("__schema").unwrap();
        let often = (0..10).fold(String::new(), |text, index| format!("{text} a{index}: __schema {inside}"));
        assert_eq!(refused(&format!("{{ {often} }} {fragments}")), Some("introspectionFields"));
    }

    #[test]
    fn a_field_that_is_repeated_in_a_list_counts_as_often_as_the_list_is_long() {
        let names = |count: usize| (0..count).fold(String::new(), |text, index| format!("{text} a{index}: name"));
        let fields = |count| format!("{{ __schema {{ types {{ fields {{ {} }} }} }} }}", names(count));
        assert_eq!(refused(&fields(100)), None);
        assert_eq!(refused(&fields(1_000)), Some("introspectionFields"));
    }

    #[test]
    fn fields_of_rows_are_no_introspection_however_many_fragments_bring() {
        let fragments = (0..20).fold(String::new(), |text, level| {
            let next = if level < 19 { format!("...F{}", level + 1) } else { "types".to_owned() };
            format!("{text} fragment F{level} on Promoter {{ fields {{ {next} }} parent {{ {next} }} }}")
        });
        let document = |more| parse_query(format!("{{ promoters {{ ...F0 }} {more} }} {fragments}")).unwrap();
        assert_eq!(check(TYPES, &document("")).ok(), Some(0));
        assert_eq!(check(TYPES, &document("__schema { types { name } }")).ok(), Some(401));
    }

    #[test]
    fn nested_fragments_are_looked_at_once() {
        let fragments = (0..20).fold(String::new(), |text, level| {
            let next = if level < 19 { format!("...F{}", level + 1) } else { "name".to_owned() };
            format!("{text} fragment F{level} on __Type {{ a: ofType {{ {next} }} b: ofType {{ {next} }} }}")
        });
        let document = parse_query(format!("{{ __schema {{ types {{ ...F0 }} }} }} {fragments}")).unwrap();
        let mut pass = Pass { types: 200, document: &document, fragments: HashMap::new(), visited: 0 };
        for (_, operation) in document.operations.iter() {
            let measure = pass.set(&operation.node.selection_set.node, false);
            assert!(measure.fields > 200 << 20, "{}", measure.fields);
        }
        assert_eq!(pass.visited, 3 + 20 * 4);
        assert_eq!(check(200, &document).unwrap_err().exceeded.unwrap().rule, "introspectionFields");
    }
}
