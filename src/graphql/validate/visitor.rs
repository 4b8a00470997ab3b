//! Checks that need nothing but the place: types, fields, arguments, directives and literals.

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType, Selection,
        SelectionSet, Type, VariableDefinition,
    },
};
use async_graphql_value::Value;
use indexmap::IndexMap;

use crate::graphql::{
    error::ErrorList,
    schema::{FieldDefinition, InputDefinition, Schema, named_type, root_type},
};

/// The variables and fragments that a definition uses.
#[derive(Default)]
pub struct DefinitionInfo<'a> {
    /// In the order of the document.
    pub variables: Vec<VariableUsage<'a>>,
    /// In the order of the document.
    pub spreads: Vec<SpreadUse<'a>>,
    /// How deep its selections nest.
    pub depth: usize,
}

/// A variable where a value is expected.
pub struct VariableUsage<'a> {
    /// Without `$`.
    pub name: &'a Name,
    /// Of the value.
    pub pos: Pos,
    /// The expected type, and whether there is a default; none if that is unknown.
    pub place: Option<(&'a Type, bool)>,
    /// Whether it is the field of a one-of, for which its default does not count.
    pub in_one_of: bool,
}

/// A spread of a fragment.
pub struct SpreadUse<'a> {
    /// The fragment.
    pub name: &'a Name,
    /// Of the spread.
    pub pos: Pos,
    /// Number of selection sets around it.
    pub depth: usize,
}

/// Checks an operation.
pub fn operation<'a>(
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    errors: &mut ErrorList,
    operation: &'a Positioned<OperationDefinition>,
) -> DefinitionInfo<'a> {
    let mut walk = Visitor { schema, document, errors, info: DefinitionInfo::default(), depth: 0 };
    let operation = &operation.node;
    for definition in &operation.variable_definitions {
        walk.variable_definition(&definition.node);
    }
    let place = match operation.ty {
        OperationType::Query => "a query",
        OperationType::Mutation => "a mutation",
        OperationType::Subscription => "a subscription",
    };
    walk.directives(&operation.directives, place);
    walk.selections(&operation.selection_set.node, Some(root_type(operation.ty)));
    walk.info
}

/// Checks a fragment.
pub fn fragment<'a>(
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    errors: &mut ErrorList,
    fragment: &'a Positioned<FragmentDefinition>,
) -> DefinitionInfo<'a> {
    let mut walk = Visitor { schema, document, errors, info: DefinitionInfo::default(), depth: 0 };
    let fragment = &fragment.node;
    walk.directives(&fragment.directives, "a fragment");
    let on = walk.condition(&fragment.type_condition.node.on);
    walk.selections(&fragment.selection_set.node, on);
    walk.info
}

/// Visits one definition.
pub(super) struct Visitor<'a, 'f> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a ExecutableDocument,
    pub(super) errors: &'f mut ErrorList,
    pub(super) info: DefinitionInfo<'a>,
    pub(super) depth: usize,
}

type Inputs = IndexMap<String, InputDefinition>;

impl<'a> Visitor<'a, '_> {
    fn variable_definition(&mut self, definition: &'a VariableDefinition) {
        // No directive of ours is allowed there.
        self.directives(&definition.directives, "a variable's declaration");
        if let Some(default) = &definition.default_value {
            self.constant(&definition.var_type.node, &default.node, default.pos, &definition.name.node);
        }
    }

    /// If the type is unknown, only the use of variables and fragments is recorded.
    fn selections(&mut self, set: &'a SelectionSet, on: Option<&'a str>) {
        self.depth += 1;
        self.info.depth = self.info.depth.max(self.depth);
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(field, on),
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives, "an inline fragment");
                    let condition = inline.node.type_condition.as_ref();
                    let inner = condition.map_or(on, |condition| self.condition(&condition.node.on));
                    self.is_possible(inner, on, inline.pos);
                    self.selections(&inline.node.selection_set.node, inner);
                }
                Selection::FragmentSpread(spread) => {
                    let (name, pos) = (&spread.node.fragment_name.node, spread.pos);
                    self.directives(&spread.node.directives, "a spread of a fragment");
                    self.info.spreads.push(SpreadUse { name, pos, depth: self.depth });
                    match self.document.fragments.get(name) {
                        None => self.errors.add(format!("there is no fragment `{name}`"), pos),
                        Some(fragment) => self.is_possible(Some(&fragment.node.type_condition.node.on.node), on, pos),
                    }
                }
            }
        }
        self.depth -= 1;
    }

    fn field(&mut self, field: &'a Positioned<Field>, on: Option<&'a str>) {
        let (pos, field) = (field.pos, &field.node);
        let definition = on.and_then(|on| self.schema.selectable(on, &field.name.node));
        if let (None, Some(on)) = (definition, on) {
            self.errors.add(format!("`{on}` has no field `{}`", field.name.node), pos);
        }
        let what = || format!("the field `{}`", field.name.node);
        self.arguments(definition.map(|definition| &definition.arguments), &field.arguments, pos, &what);
        self.directives(&field.directives, "a field");
        let target = definition.map(|FieldDefinition { ty, .. }| named_type(ty));
        let is_composite = target.map(|target| self.schema.is_composite(target));
        match (is_composite, field.selection_set.node.items.is_empty()) {
            (Some(true), true) => self.errors.add(format!("{} needs a selection of its fields", what()), pos),
            (Some(false), false) => self.errors.add(format!("{} has no fields to select", what()), pos),
            _ => {}
        }
        if !field.selection_set.node.items.is_empty() {
            self.selections(&field.selection_set.node, target.filter(|_| is_composite == Some(true)));
        }
    }

    /// The type of a fragment, if it is a composite type.
    fn condition(&mut self, on: &'a Positioned<Name>) -> Option<&'a str> {
        let name = on.node.as_str();
        if self.schema.get(name).is_none() {
            self.errors.add(format!("there is no type `{name}`"), on.pos);
            return None;
        }
        if !self.schema.is_composite(name) {
            self.errors.add(format!("a fragment cannot be on `{name}`, which has no fields"), on.pos);
            return None;
        }
        Some(name)
    }

    fn is_possible(&mut self, fragment: Option<&str>, on: Option<&str>, pos: Pos) {
        let (Some(fragment), Some(on)) = (fragment.filter(|name| self.schema.is_composite(name)), on) else { return };
        if !self.schema.applies(fragment, on) && !self.schema.applies(on, fragment) {
            self.errors.add(format!("a fragment on `{fragment}` can never apply to a `{on}`"), pos);
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>], place: &str) {
        for (index, directive) in directives.iter().enumerate() {
            let (pos, name) = (directive.pos, directive.node.name.node.as_str());
            // Both have the same argument.
            let known = matches!(name, "skip" | "include");
            let arguments = if known { self.schema.condition_arguments() } else { None };
            if !known {
                self.errors.add(format!("there is no directive `@{name}` here"), pos);
            } else if !matches!(place, "a field" | "an inline fragment" | "a spread of a fragment") {
                self.errors.add(format!("`@{name}` cannot be used on {place}"), pos);
            } else if directives[..index].iter().any(|before| before.node.name.node == name) {
                self.errors.add(format!("`@{name}` is used twice"), pos);
            }
            self.arguments(arguments, &directive.node.arguments, pos, &|| format!("the directive `@{name}`"));
        }
    }

    fn arguments(
        &mut self,
        known: Option<&'a Inputs>,
        given: &'a [(Positioned<Name>, Positioned<Value>)],
        pos: Pos,
        what: &dyn Fn() -> String,
    ) {
        for (index, (name, value)) in given.iter().enumerate() {
            if given[..index].iter().any(|(before, _)| before.node == name.node) {
                self.errors.add(format!("the argument `{}` is given twice", name.node), name.pos);
            }
            let definition = known.and_then(|known| known.get(name.node.as_str()));
            if let (Some(_), None) = (known, definition) {
                self.errors.add(format!("{} has no argument `{}`", what(), name.node), name.pos);
            }
            self.input(definition, &value.node, value.pos, &name.node);
        }
        for (name, definition) in known.into_iter().flatten() {
            let required = !definition.ty.nullable && definition.default.is_none();
            if required && !given.iter().any(|(given, _)| given.node == name.as_str()) {
                self.errors.add(format!("{} needs the argument `{name}`", what()), pos);
            }
        }
    }
}
