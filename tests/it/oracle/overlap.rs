//! `FieldsInSetCanMerge` (October 2021, 5.3.2), as it is written: pair by pair, for every selection set.

use async_graphql::{
    Positioned,
    parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type},
};
use indexmap::IndexMap;

use super::types::{Types, named};

type Found<'a> = (&'a str, &'a Field);
type Groups<'a> = IndexMap<&'a str, Vec<Found<'a>>>;

/// Decides whether the fields of a document can merge.
pub struct Overlap<'a> {
    pub types: &'a Types,
    pub document: &'a ExecutableDocument,
}

impl<'a> Overlap<'a> {
    /// Whether they can, in every selection set.
    pub fn all_can_merge(&self) -> bool {
        let operations = self.document.operations.iter().map(|(_, operation)| ("Query", &operation.node.selection_set));
        let fragments = self
            .document
            .fragments
            .values()
            .map(|fragment| (fragment.node.type_condition.node.on.node.as_str(), &fragment.node.selection_set));
        operations.chain(fragments).all(|(parent, set)| self.every_set(parent, &set.node))
    }

    fn every_set(&self, parent: &'a str, set: &'a SelectionSet) -> bool {
        self.can_merge(&[(parent, set)])
            && set.items.iter().all(|selection| match &selection.node {
                Selection::Field(field) => match self.type_of(parent, &field.node) {
                    Some(ty) => self.every_set(named(ty), &field.node.selection_set.node),
                    None => true,
                },
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.every_set(condition.unwrap_or(parent), &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(_) => true,
            })
    }

    fn can_merge(&self, sets: &[(&'a str, &'a SelectionSet)]) -> bool {
        let groups = self.visit(sets);
        groups.values().all(|fields| {
            pairs(fields).all(|(one, other)| {
                let same_object = one.0 == other.0 || self.is_interface(one.0) || self.is_interface(other.0);
                let same_field = || {
                    one.1.name.node == other.1.name.node
                        && same_arguments(one.1, other.1)
                        && self.can_merge(&self.below([one, other]))
                };
                self.same_response_shape(one, other) && (!same_object || same_field())
            })
        })
    }

    fn same_response_shape(&self, one: Found<'a>, other: Found<'a>) -> bool {
        let fits = match (self.type_of(one.0, one.1), self.type_of(other.0, other.1)) {
            (Some(one), Some(other)) => self.same_shape(one, other),
            (None, None) => true,
            (Some(ty), None) | (None, Some(ty)) => ty.to_string() == "String!",
        };
        let merged = self.visit(&self.below([one, other]));
        fits && merged.values().all(|fields| pairs(fields).all(|(one, other)| self.same_response_shape(one, other)))
    }

    fn same_shape(&self, one: &Type, other: &Type) -> bool {
        if one.nullable != other.nullable {
            return false;
        }
        match (&one.base, &other.base) {
            (BaseType::List(one), BaseType::List(other)) => self.same_shape(one, other),
            (BaseType::Named(one), BaseType::Named(other)) => {
                let composite = |name: &str| self.types.composite(name).is_some();
                one == other || composite(one) && composite(other)
            }
            _ => false,
        }
    }

    /// The fields of these sets by response key, "including visiting fragments".
    fn visit(&self, sets: &[(&'a str, &'a SelectionSet)]) -> Groups<'a> {
        let mut groups = Groups::new();
        for (parent, set) in sets {
            self.visit_set(parent, set, &mut groups);
        }
        groups
    }

    fn visit_set(&self, parent: &'a str, set: &'a SelectionSet, groups: &mut Groups<'a>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    groups.entry(field.node.response_key().node.as_str()).or_default().push((parent, &field.node));
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.visit_set(condition.unwrap_or(parent), &inline.node.selection_set.node, groups);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[spread.node.fragment_name.node.as_str()].node;
                    self.visit_set(&fragment.type_condition.node.on.node, &fragment.selection_set.node, groups);
                }
            }
        }
    }

    fn below(&self, fields: [Found<'a>; 2]) -> Vec<(&'a str, &'a SelectionSet)> {
        let set =
            |(parent, field): Found<'a>| self.type_of(parent, field).map(|ty| (named(ty), &field.selection_set.node));
        fields.into_iter().filter_map(set).collect()
    }

    fn is_interface(&self, name: &str) -> bool {
        self.types.composite(name).is_some_and(|composite| composite.interface)
    }

    /// None for `__typename`.
    fn type_of(&self, parent: &str, field: &Field) -> Option<&'a Type> {
        self.types.field(parent, &field.name.node).map(|output| &output.ty)
    }
}

fn pairs<'a, 'b>(fields: &'b [Found<'a>]) -> impl Iterator<Item = (Found<'a>, Found<'a>)> + use<'a, 'b> {
    let with_later = |(place, one): (usize, &'b Found<'a>)| fields[place + 1..].iter().map(move |other| (*one, *other));
    fields.iter().enumerate().flat_map(with_later)
}

fn same_arguments(one: &Field, other: &Field) -> bool {
    let value = |field: &Field, name: &str| field.get_argument(name).map(|value: &Positioned<_>| value.node.clone());
    one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, _)| value(one, &name.node) == value(other, &name.node))
}
