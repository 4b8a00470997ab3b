//! Refuses variables in places whose type does not take theirs: the specification's
//! `VariableUsageAllowed` (October 2021, 5.8.5).
//!
//! Coercion relies on it: a variable's value is read by its declared type alone.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type, VariableDefinition,
    },
};
use async_graphql_value::{ConstValue, Value};

use super::{
    fault::Fault,
    schema::{InputDefinition, Schema, TypeKind, root_type},
};

/// Checks every query and subscription of the document. The types of mutations are not in the model; async-graphql
/// reads their variables itself.
///
/// # Errors
/// Names the variable and both types.
pub fn check(schema: &Schema, document: &ExecutableDocument) -> Result<(), Fault> {
    for (_, operation) in document.operations.iter() {
        if let Some(root) = root_type(operation.node.ty) {
            let mut pass = Pass { schema, document, operation: &operation.node, visited: HashSet::new() };
            pass.set(root, &operation.node.selection_set.node)?;
        }
    }
    Ok(())
}

struct Pass<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    visited: HashSet<&'a str>,
}

impl<'a> Pass<'a> {
    fn set(&mut self, parent: &str, set: &'a SelectionSet) -> Result<(), Fault> {
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => {
                    // async-graphql's rules overlook it.
                    if !field.node.arguments.is_empty() {
                        return Err(Fault::invalid("`__typename` takes no arguments").at(field.pos));
                    }
                }
                Selection::Field(field) => {
                    let Some(definition) = self.schema.field(parent, &field.node.name.node) else { continue };
                    for (name, value) in &field.node.arguments {
                        if let Some(argument) = definition.arguments.get(name.node.as_str()) {
                            self.input(argument, &value.node, value.pos)?;
                        }
                    }
                    let target = definition.ty.to_string();
                    self.set(target.trim_matches(['[', ']', '!']), &field.node.selection_set.node)?;
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.set(condition.unwrap_or(parent), &inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let (true, Some(fragment)) = (self.visited.insert(name), self.document.fragments.get(name)) {
                        let condition = fragment.node.type_condition.node.on.node.as_str();
                        self.set(condition, &fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// `@skip` and `@include` take a `Boolean!`.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Fault> {
        let condition = Type { base: BaseType::Named(Name::new("Boolean")), nullable: false };
        for argument in directives.iter().flat_map(|directive| &directive.node.arguments) {
            let (name, value) = argument;
            if name.node == "if" {
                self.value(&condition, false, &value.node, value.pos)?;
            }
        }
        Ok(())
    }

    fn input(&self, place: &InputDefinition, value: &Value, pos: Pos) -> Result<(), Fault> {
        self.value(&place.ty, place.default.is_some(), value, pos)
    }

    fn value(&self, ty: &Type, has_default: bool, value: &Value, pos: Pos) -> Result<(), Fault> {
        match (value, &ty.base) {
            (Value::Variable(name), _) => self.variable(ty, has_default, name, pos),
            (Value::List(items), BaseType::List(item)) => {
                items.iter().try_for_each(|value| self.value(item, false, value, pos))
            }
            // A single value stands for a list of one.
            (value, BaseType::List(item)) => self.value(item, false, value, pos),
            (Value::Object(fields), BaseType::Named(name)) => {
                let Some(TypeKind::Input(places)) = self.schema.get(name).map(|definition| &definition.kind) else {
                    return Ok(());
                };
                fields.iter().try_for_each(|(name, value)| match places.get(name.as_str()) {
                    Some(place) => self.input(place, value, pos),
                    None => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }

    fn variable(&self, place: &Type, has_default: bool, name: &Name, pos: Pos) -> Result<(), Fault> {
        let declared = self.operation.variable_definitions.iter().find(|known| known.node.name.node == *name);
        // Undefined variables are refused by validation.
        let Some(VariableDefinition { var_type, default_value, .. }) = declared.map(|known| &known.node) else {
            return Ok(());
        };
        let given_default = default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
        let relaxed = !place.nullable && var_type.node.nullable && (given_default || has_default);
        let place_type = Type { base: place.base.clone(), nullable: place.nullable || relaxed };
        if same(&place_type, &var_type.node) {
            return Ok(());
        }
        let message = format!("variable `${name}` is a `{}`: this place takes a `{place}`", var_type.node);
        Err(Fault::invalid(message).at(pos))
    }
}

/// Whether a place takes values of the variable's type.
fn same(place: &Type, variable: &Type) -> bool {
    let base = match (&place.base, &variable.base) {
        (BaseType::Named(place), BaseType::Named(variable)) => place == variable,
        (BaseType::List(place), BaseType::List(variable)) => same(place, variable),
        _ => false,
    };
    base && (place.nullable || !variable.nullable)
}
