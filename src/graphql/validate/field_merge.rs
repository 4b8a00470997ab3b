//! Refuses fields that share a response key but cannot merge: the specification's
//! `FieldsInSetCanMerge` (September 2025, 5.3.2).
//!
//! Combinations that were checked are remembered, so that nested fragments do not multiply the work.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type},
};
use indexmap::IndexMap;

use crate::{
    error::LimitExceeded,
    graphql::{
        error::GraphqlError,
        schema::{Schema, TypeKind, named_type},
    },
};

/// Maximum number of compared fields: fragments can combine in very many ways. Real documents stay far below.
const MAX_COMPARED: usize = 200_000;

/// Checks an operation.
///
/// # Errors
/// The response key and the two fields.
pub fn check(
    schema: &Schema,
    document: &ExecutableDocument,
    root: &str,
    set: &SelectionSet,
) -> Result<(), GraphqlError> {
    let mut pass = Pass { schema, document, seen: HashSet::new(), compared: 0 };
    pass.sets(&[(set, root.to_owned())], Check::Whole)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Check {
    /// The fields may stand for the same object: they must be the same field with the same arguments.
    Whole,
    /// They stand for objects of different types: only their types must fit.
    Shape,
}

/// A field with the type it is selected on.
struct SelectedField<'a> {
    parent: String,
    field: &'a Positioned<Field>,
}

/// A selection set with the type it is on.
type SetOn<'a> = (&'a SelectionSet, String);

struct Pass<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    seen: HashSet<(Vec<usize>, Check)>,
    compared: usize,
}

impl<'a> Pass<'a> {
    fn sets(&mut self, sets: &[SetOn<'a>], check: Check) -> Result<(), GraphqlError> {
        let mut identity: Vec<_> = sets.iter().map(|(set, _)| std::ptr::from_ref(*set) as usize).collect();
        identity.sort_unstable();
        identity.dedup();
        if !self.seen.insert((identity, check)) {
            return Ok(());
        }
        let mut groups: IndexMap<&str, Vec<SelectedField<'a>>> = IndexMap::new();
        let mut visited = HashSet::new();
        for (set, parent) in sets {
            self.collect(set, parent, &mut visited, &mut groups);
        }
        self.compared += groups.values().map(Vec::len).sum::<usize>();
        if self.compared > MAX_COMPARED {
            let exceeded = LimitExceeded::fixed("mergedFields", MAX_COMPARED as u64, self.compared as u64);
            return Err(GraphqlError::over(exceeded, "fields that may have to merge, or more"));
        }
        for (key, fields) in groups {
            self.group(key, &fields, check)?;
        }
        Ok(())
    }

    fn group(&mut self, key: &str, fields: &[SelectedField<'a>], check: Check) -> Result<(), GraphqlError> {
        let Some(first) = fields.first() else { return Ok(()) };
        for other in &fields[1..] {
            if !self.same_shape(self.type_of(first), self.type_of(other)) {
                return Err(conflict(key, first, other, "they return different types"));
            }
        }
        if check == Check::Shape {
            return self.sets(&self.below(fields.iter()), Check::Shape);
        }
        let mut parents: Vec<&str> = fields.iter().map(|selected| selected.parent.as_str()).collect();
        parents.sort_unstable();
        parents.dedup();
        let objects: Vec<_> = parents.iter().copied().filter(|parent| self.is_object(parent)).collect();
        // An interface's field stands for every object's, so it is compared with all of them.
        for parent in if objects.is_empty() { &parents } else { &objects } {
            let together: Vec<_> = fields
                .iter()
                .filter(|selected| selected.parent == *parent || !self.is_object(&selected.parent))
                .collect();
            let Some(first) = together.first() else { continue };
            for other in &together[1..] {
                if first.field.node.name.node != other.field.node.name.node {
                    return Err(conflict(key, first, other, "they are different fields"));
                }
                if !same_arguments(&first.field.node, &other.field.node) {
                    return Err(conflict(key, first, other, "they have different arguments"));
                }
            }
            self.sets(&self.below(together.into_iter()), Check::Whole)?;
        }
        if objects.len() > 1 { self.sets(&self.below(fields.iter()), Check::Shape) } else { Ok(()) }
    }

    fn below<'b>(&self, fields: impl Iterator<Item = &'b SelectedField<'a>>) -> Vec<SetOn<'a>>
    where
        'a: 'b,
    {
        let with_selection = fields.filter(|selected| !selected.field.node.selection_set.node.items.is_empty());
        with_selection
            .map(|selected| {
                let target = self.type_of(selected).map(|ty| named_type(ty).to_owned()).unwrap_or_default();
                (&selected.field.node.selection_set.node, target)
            })
            .collect()
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        parent: &str,
        visited: &mut HashSet<&'a str>,
        groups: &mut IndexMap<&'a str, Vec<SelectedField<'a>>>,
    ) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let selected = SelectedField { parent: parent.to_owned(), field };
                    groups.entry(field.node.response_key().node.as_str()).or_default().push(selected);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.collect(&inline.node.selection_set.node, condition.unwrap_or(parent), visited, groups);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let (true, Some(fragment)) = (visited.insert(name), self.document.fragments.get(name)) {
                        let condition = fragment.node.type_condition.node.on.node.as_str();
                        self.collect(&fragment.node.selection_set.node, condition, visited, groups);
                    }
                }
            }
        }
    }

    fn is_object(&self, name: &str) -> bool {
        self.schema.get(name).is_none_or(|definition| !matches!(definition.kind, TypeKind::Interface(_)))
    }

    fn type_of(&self, selected: &SelectedField<'a>) -> Option<&'a Type> {
        self.schema.selectable(&selected.parent, &selected.field.node.name.node).map(|definition| &definition.ty)
    }

    fn same_shape(&self, one: Option<&Type>, other: Option<&Type>) -> bool {
        one.zip(other).is_none_or(|(one, other)| self.same_types(one, other))
    }

    fn same_types(&self, one: &Type, other: &Type) -> bool {
        let base = match (&one.base, &other.base) {
            (BaseType::List(one), BaseType::List(other)) => self.same_types(one, other),
            (BaseType::Named(one), BaseType::Named(other)) => {
                one == other || self.schema.is_composite(one) && self.schema.is_composite(other)
            }
            _ => false,
        };
        base && one.nullable == other.nullable
    }
}

fn same_arguments(one: &Field, other: &Field) -> bool {
    one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| {
            other.arguments.iter().any(|(known, given)| known.node == name.node && given.node == value.node)
        })
}

fn conflict(key: &str, one: &SelectedField<'_>, other: &SelectedField<'_>, why: &str) -> GraphqlError {
    let message = format!("fields with the key `{key}` cannot be merged: {why}; use different aliases");
    GraphqlError::invalid(message).at(one.field.pos).at(other.field.pos)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::{
        graphql::{roots::SCHEMA, syntax::parse, validate::validate},
        limits::RequestLimits,
    };

    /// Each of six fields leads from sixteen fragments to those of the next level in an order of its own, so
    /// that eight of them become thousands of combinations.
    #[test]
    fn fields_that_combine_in_very_many_ways_are_refused() {
        let swapped = |one: usize, other: usize, index: usize| match index {
            _ if index == one => other,
            _ if index == other => one,
            _ => index,
        };
        let orders: [&dyn Fn(usize) -> usize; 6] = [
            &|index| (index + 1) % 16,
            &|index| index * 3 % 16,
            &|index| (index * 5 + 2) % 16,
            &|index| swapped(0, 1, index),
            &|index| index ^ 6,
            &|index| swapped(2, 9, index),
        ];
        let spread = |level: usize, index: usize| format!("...F{level}x{index} ");
        let first = |count| (0..count).map(|index| spread(0, index)).collect::<String>();
        // Each is used somewhere.
        let mut document = format!("{{ viewer {{ promoter {{ {} }} }} node(id: 1) {{ {} }} }}", first(16), first(8));
        for (level, index) in (0..11).flat_map(|level| (0..16).map(move |index| (level, index))) {
            let below = |order: &&dyn Fn(usize) -> usize| spread(level + 1, order(index));
            let field = |(key, order)| format!("k{key}: parent {{ {} }} ", below(order));
            let fields: String =
                if level < 10 { orders.iter().enumerate().map(field).collect() } else { "id".to_owned() };
            let _ = write!(document, " fragment F{level}x{index} on Promoter {{ {fields} }}");
        }
        let document = parse(&document, &RequestLimits::default()).unwrap();
        let errors = validate(&SCHEMA, &document).unwrap_err();
        let told: Vec<_> = errors.iter().map(|error| error.exceeded.as_ref().map(|exceeded| exceeded.rule)).collect();
        assert_eq!(told, [Some("mergedFields")]);
    }
}
