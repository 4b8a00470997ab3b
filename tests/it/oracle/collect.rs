//! `CollectFields` and `MergeSelectionSets` (October 2021, 6.3.2 and 6.4.3).

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;
use indexmap::IndexMap;

use super::input::{Coercion, Given};

/// Fields by response key.
pub type Groups<'a> = IndexMap<&'a str, Vec<&'a Positioned<Field>>>;

/// Collects fields of a document.
pub struct Collector<'a> {
    pub document: &'a ExecutableDocument,
    pub coercion: Coercion<'a>,
}

impl<'a> Collector<'a> {
    /// The fields that these selection sets select from an object of this type.
    pub fn fields(&self, object: &str, sets: impl IntoIterator<Item = &'a SelectionSet>) -> Groups<'a> {
        let mut groups = Groups::new();
        for set in sets {
            self.collect(object, set, &mut Vec::new(), &mut groups);
        }
        groups
    }

    /// The fields below these fields, which have one response key.
    pub fn below(&self, object: &str, fields: &[&'a Positioned<Field>]) -> Groups<'a> {
        self.fields(object, fields.iter().map(|field| &field.node.selection_set.node))
    }

    fn collect(&self, object: &str, set: &'a SelectionSet, visited: &mut Vec<&'a str>, groups: &mut Groups<'a>) {
        for selection in &set.items {
            let directives = selection.node.directives();
            if self.states(directives, "skip") == Some(true) || self.states(directives, "include") == Some(false) {
                continue;
            }
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    groups.entry(field.node.response_key().node.as_str()).or_default().push(field);
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if visited.contains(&name) {
                        continue;
                    }
                    visited.push(name);
                    let fragment = &self.document.fragments[name].node;
                    (Some(&fragment.type_condition), &fragment.selection_set)
                }
                Selection::InlineFragment(inline) => (inline.node.type_condition.as_ref(), &inline.node.selection_set),
            };
            if condition.is_none_or(|condition| self.coercion.types.applies(&condition.node.on.node, object)) {
                self.collect(object, &set.node, visited, groups);
            }
        }
    }

    /// What the `if` of a directive says; none without the directive.
    fn states(&self, directives: &[Positioned<Directive>], name: &str) -> Option<bool> {
        let directive = directives.iter().find(|directive| directive.node.name.node == name)?;
        Some(match directive.node.get_argument("if").map(|value| &value.node) {
            Some(Value::Boolean(flag)) => *flag,
            Some(Value::Variable(name)) => self.coercion.variables.get(name.as_str()) == Some(&Given::Bool(true)),
            _ => false,
        })
    }
}
