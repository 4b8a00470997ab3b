//! Variables: each one that an operation uses is declared and allowed where it stands, and each declared one is used.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name,
    parser::types::{BaseType, OperationDefinition, Type, VariableDefinition},
};
use async_graphql_value::ConstValue;

use super::visitor::{DefinitionInfo, VariableUsage};
use crate::graphql::{
    error::ErrorList,
    schema::{Schema, named_type},
};

/// Checks the variables of an operation, those of the fragments that it spreads included.
pub fn check<'a>(
    schema: &Schema,
    errors: &mut ErrorList,
    operation: &'a OperationDefinition,
    info: &DefinitionInfo<'a>,
    fragments: &HashMap<&'a Name, DefinitionInfo<'a>>,
) {
    let mut declared: HashMap<&str, &VariableDefinition> = HashMap::new();
    for definition in &operation.variable_definitions {
        let (name, ty) = (&definition.node.name, &definition.node.var_type);
        if declared.insert(&name.node, &definition.node).is_some() {
            errors.add(format!("variable `${}` is declared twice", name.node), name.pos);
        }
        let base = named_type(&ty.node);
        if schema.get(base).is_none() {
            errors.add(format!("there is no type `{base}`"), ty.pos);
        } else if !schema.is_input(base) {
            errors.add(format!("variable `${}` is a `{}`, which is not an input type", name.node, ty.node), ty.pos);
        }
    }
    let mut used: HashSet<&str> = HashSet::new();
    let mut reached: HashSet<&Name> = HashSet::new();
    let mut open = vec![info];
    while let Some(info) = open.pop() {
        for usage in &info.variables {
            used.insert(usage.name);
            match declared.get(usage.name.as_str()) {
                None => errors.add(format!("variable `${}` is not declared", usage.name), usage.pos),
                Some(variable) => fits(schema, errors, usage, variable),
            }
        }
        let next = info.spreads.iter().filter(|spread| reached.insert(spread.name));
        open.extend(next.filter_map(|spread| fragments.get(spread.name)));
    }
    for definition in &operation.variable_definitions {
        let name = &definition.node.name;
        if !used.contains(name.node.as_str()) {
            errors.add(format!("variable `${}` is never used", name.node), name.pos);
        }
    }
}

/// `IsVariableUsageAllowed`. Coercion relies on it: a variable is coerced by its declared type alone.
fn fits(schema: &Schema, errors: &mut ErrorList, usage: &VariableUsage<'_>, variable: &VariableDefinition) {
    let Some((place, has_default)) = usage.place else { return };
    let ty = &variable.var_type.node;
    if !schema.is_input(named_type(ty)) {
        return;
    }
    let given = variable.default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
    let relaxed = place.nullable || ty.nullable && !usage.in_one_of && (given || has_default);
    if !takes(&Type { base: place.base.clone(), nullable: relaxed }, ty) {
        errors.add(format!("variable `${}` is a `{ty}`: this place takes a `{place}`", usage.name), usage.pos);
    }
}

/// `AreTypesCompatible`.
fn takes(place: &Type, variable: &Type) -> bool {
    let base = match (&place.base, &variable.base) {
        (BaseType::Named(place), BaseType::Named(variable)) => place == variable,
        (BaseType::List(place), BaseType::List(variable)) => takes(place, variable),
        _ => false,
    };
    base && (place.nullable || !variable.nullable)
}
