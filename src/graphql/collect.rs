//! Collects selections as the specification's `CollectFields` and `MergeSelectionSets` do: applies type conditions,
//! `@skip` and `@include`, and merges equal response keys.

use std::collections::HashSet;

use async_graphql::{
    Pos, Positioned,
    parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;
use indexmap::IndexMap;

use super::{
    coerce::{self, Variables},
    error::GraphqlError,
    schema::{Schema, named_type},
};
use crate::read::selection::{ArgumentValue, Arguments, InvalidArguments, SelectedField};

/// Collects from one operation.
#[derive(Clone, Copy)]
pub struct Collector<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// The document with the fragments.
    pub document: &'a ExecutableDocument,
    /// The type of the operation.
    pub root: &'static str,
    /// Coerced variables.
    pub variables: &'a Variables,
}

/// A selected root field. The selections below it are collected later: those of `node` depend on the object's type.
pub struct RootSelection<'a> {
    /// The response key.
    pub key: &'a str,
    /// The field's name.
    pub name: &'a str,
    /// Position of the first field with this key.
    pub pos: Pos,
    /// All fields with this key.
    pub fields: Vec<&'a Positioned<Field>>,
}

impl RootSelection<'_> {
    /// The path of its value in the response.
    pub fn path(&self) -> Vec<serde_json::Value> {
        vec![self.key.into()]
    }
}

/// Fields by response key.
pub(super) type Groups<'a> = IndexMap<&'a str, Vec<&'a Positioned<Field>>>;

impl<'a> Collector<'a> {
    /// The root fields, in the order of their first appearance.
    pub fn roots(&self, set: &'a SelectionSet) -> Vec<RootSelection<'a>> {
        self.fields(self.root, [set])
    }

    /// The fields directly below a root field that returns an object of this type.
    pub fn children(&self, root: &RootSelection<'a>, object: &str) -> Vec<RootSelection<'a>> {
        self.fields(object, root.fields.iter().map(|field| &field.node.selection_set.node))
    }

    fn fields(&self, object: &str, sets: impl IntoIterator<Item = &'a SelectionSet>) -> Vec<RootSelection<'a>> {
        let groups = self.groups(object, sets);
        let root = |(key, fields): (&'a str, Vec<&'a Positioned<Field>>)| {
            let first = fields.first()?;
            Some(RootSelection { key, name: first.node.name.node.as_str(), pos: first.pos, fields })
        };
        groups.into_iter().filter_map(root).collect()
    }

    /// The arguments of a root field.
    ///
    /// # Errors
    /// Names the argument and what was expected.
    pub fn arguments(&self, root: &RootSelection<'a>) -> Result<Arguments, GraphqlError> {
        self.arguments_of(self.root, &root.fields)
    }

    /// The selections below a root field, for an object of this type.
    pub fn below(&self, root: &RootSelection<'a>, object: &str) -> Vec<SelectedField> {
        self.selected(object, &root.fields)
    }

    fn selected(&self, object: &str, fields: &[&'a Positioned<Field>]) -> Vec<SelectedField> {
        let sets = fields.iter().map(|field| &field.node.selection_set.node);
        let groups = self.groups(object, sets);
        let mut selected = Vec::with_capacity(groups.len());
        for (key, fields) in groups {
            let Some(first) = fields.first() else { continue };
            let name = first.node.name.node.as_str();
            let children = match self.schema.field(object, name) {
                Some(definition) if !first.node.selection_set.node.items.is_empty() => {
                    self.selected(named_type(&definition.ty), &fields)
                }
                _ => Vec::new(),
            };
            let refused = |error: GraphqlError| InvalidArguments { message: error.message, exceeded: error.exceeded };
            let (arguments, refused) = match self.arguments_of(object, &fields) {
                Ok(arguments) => (arguments, None),
                Err(error) => (Arguments::new(), Some(refused(error))),
            };
            let (key, name, at) = (key.to_owned(), name.to_owned(), (first.pos.line, first.pos.column));
            selected.push(SelectedField { key, name, arguments, refused, at, children });
        }
        selected
    }

    /// Fields with the same key have equal arguments (`validate::field_merge`), so those of the first are used.
    fn arguments_of(&self, object: &str, fields: &[&'a Positioned<Field>]) -> Result<Arguments, GraphqlError> {
        let Some(first) = fields.first() else { return Ok(Arguments::new()) };
        let Some(definition) = self.schema.field(object, &first.node.name.node) else { return Ok(Arguments::new()) };
        if definition.arguments.is_empty() {
            return Ok(Arguments::new());
        }
        coerce::arguments(self.schema, &definition.arguments, first, self.variables)
    }

    /// The fields of these sets by response key, for an object of this type.
    pub(super) fn groups(&self, object: &str, sets: impl IntoIterator<Item = &'a SelectionSet>) -> Groups<'a> {
        let mut groups = Groups::new();
        let mut visited = HashSet::new();
        for set in sets {
            self.collect(object, set, &mut visited, &mut groups);
        }
        groups
    }

    fn collect(&self, object: &str, set: &'a SelectionSet, visited: &mut HashSet<&'a str>, groups: &mut Groups<'a>) {
        for selection in &set.items {
            if !self.included(selection.node.directives()) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    groups.entry(field.node.response_key().node.as_str()).or_default().push(field);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    if condition.is_none_or(|condition| self.schema.applies(condition, object)) {
                        self.collect(object, &inline.node.selection_set.node, visited, groups);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if !visited.insert(name) {
                        continue;
                    }
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if self.schema.applies(&fragment.node.type_condition.node.on.node, object) {
                        self.collect(object, &fragment.node.selection_set.node, visited, groups);
                    }
                }
            }
        }
    }

    fn included(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().all(|directive| {
            let name = directive.node.name.node.as_str();
            if name != "skip" && name != "include" {
                return true;
            }
            let value =
                directive.node.arguments.iter().find(|(name, _)| name.node == "if").map(|(_, value)| &value.node);
            let holds = match value {
                Some(Value::Boolean(flag)) => *flag,
                Some(Value::Variable(name)) => self.variables.get(name.as_str()) == Some(&ArgumentValue::Bool(true)),
                _ => false,
            };
            holds == (name == "include")
        })
    }
}
