//! Validation (September 2025, 5), for queries, mutations and subscriptions alike.
//!
//! Every definition is walked once by [`walk`], which checks what can be seen in place and notes the
//! variables and fragments that are used. Rules across definitions go by those notes.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos,
    parser::types::{BaseType, ExecutableDocument, OperationDefinition, OperationType, Type, VariableDefinition},
};
use async_graphql_value::ConstValue;

mod fragments;
mod merge;
mod streams;
mod value;
mod walk;

use super::{
    error::GraphqlError,
    schema::{Schema, named, root_type},
};

/// How many broken rules are told: a short document can break very many.
const MAX_FAULTS: usize = 20;

/// Checks a document by the rules of the specification.
///
/// # Errors
/// The rules that are broken, the first twenty places; or a limit.
pub fn validate(schema: &Schema, document: &ExecutableDocument) -> Result<(), Vec<GraphqlError>> {
    let mut faults = Faults::default();
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    // In the document's order, so that the same document is always refused for the same thing.
    operations.sort_by_key(|operation| operation.pos);
    let mut notes = HashMap::new();
    for name in fragments::in_order(document) {
        if let Some(fragment) = document.fragments.get(name) {
            notes.insert(name, walk::fragment(schema, document, &mut faults, fragment));
        }
    }
    let mut roots = Vec::with_capacity(operations.len());
    for operation in &operations {
        let note = walk::operation(schema, document, &mut faults, operation);
        variables(schema, &mut faults, &operation.node, &note, &notes);
        if operation.node.ty == OperationType::Subscription {
            streams::check(document, operation, &mut faults);
        }
        roots.push((operation.pos, note));
    }
    fragments::check(document, &roots, &notes, &mut faults);
    faults.finish()?;
    // Relies on fields that are there, and on fragments that form no circle.
    for operation in &operations {
        let root = root_type(operation.node.ty);
        merge::check(schema, document, root, &operation.node.selection_set.node).map_err(|fault| vec![fault])?;
    }
    Ok(())
}

/// What is wrong, so far.
#[derive(Default)]
struct Faults(Vec<GraphqlError>);

impl Faults {
    fn add(&mut self, message: String, pos: Pos) {
        self.push(GraphqlError::invalid(message).at(pos));
    }

    fn push(&mut self, fault: GraphqlError) {
        if self.0.len() < MAX_FAULTS && !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    fn finish(&mut self) -> Result<(), Vec<GraphqlError>> {
        if self.0.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.0)) }
    }
}

/// What a definition uses.
#[derive(Default)]
struct Notes<'a> {
    variables: Vec<Usage<'a>>,
    spreads: Vec<Spread<'a>>,
    /// How deep its selections nest.
    depth: usize,
}

/// A variable in a place.
struct Usage<'a> {
    name: &'a Name,
    pos: Pos,
    /// What the place takes, and whether it has a default; none if that is unknown.
    place: Option<(&'a Type, bool)>,
}

/// A spread of a fragment, in so many selection sets.
struct Spread<'a> {
    name: &'a Name,
    pos: Pos,
    depth: usize,
}

/// Every variable that an operation uses is declared and fits its places; every one that it declares is used.
fn variables<'a>(
    schema: &Schema,
    faults: &mut Faults,
    operation: &'a OperationDefinition,
    note: &Notes<'a>,
    fragments: &HashMap<&'a Name, Notes<'a>>,
) {
    let mut declared: HashMap<&str, &VariableDefinition> = HashMap::new();
    for definition in &operation.variable_definitions {
        let (name, ty) = (&definition.node.name, &definition.node.var_type);
        if declared.insert(&name.node, &definition.node).is_some() {
            faults.add(format!("variable `${}` is declared twice", name.node), name.pos);
        }
        let base = named(&ty.node);
        if schema.get(base).is_none() {
            faults.add(format!("there is no type `{base}`"), ty.pos);
        } else if !schema.is_input(base) {
            faults.add(format!("variable `${}` is a `{}`, which is no input", name.node, ty.node), ty.pos);
        }
    }
    let mut used: HashSet<&str> = HashSet::new();
    let mut reached: HashSet<&Name> = HashSet::new();
    let mut open = vec![note];
    while let Some(note) = open.pop() {
        for usage in &note.variables {
            used.insert(usage.name);
            match declared.get(usage.name.as_str()) {
                None => faults.add(format!("variable `${}` is not declared", usage.name), usage.pos),
                Some(variable) => fits(schema, faults, usage, variable),
            }
        }
        let next = note.spreads.iter().filter(|spread| reached.insert(spread.name));
        open.extend(next.filter_map(|spread| fragments.get(spread.name)));
    }
    for definition in &operation.variable_definitions {
        let name = &definition.node.name;
        if !used.contains(name.node.as_str()) {
            faults.add(format!("variable `${}` is never used", name.node), name.pos);
        }
    }
}

/// `IsVariableUsageAllowed`. Coercion relies on it: a variable's value is read by its declared type alone.
fn fits(schema: &Schema, faults: &mut Faults, usage: &Usage<'_>, variable: &VariableDefinition) {
    let Some((place, has_default)) = usage.place else { return };
    let ty = &variable.var_type.node;
    if !schema.is_input(named(ty)) {
        return;
    }
    let given = variable.default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
    let relaxed = place.nullable || ty.nullable && (given || has_default);
    if !takes(&Type { base: place.base.clone(), nullable: relaxed }, ty) {
        faults.add(format!("variable `${}` is a `{ty}`: this place takes a `{place}`", usage.name), usage.pos);
    }
}

/// Whether a place takes values of the variable's type.
fn takes(place: &Type, variable: &Type) -> bool {
    let base = match (&place.base, &variable.base) {
        (BaseType::Named(place), BaseType::Named(variable)) => place == variable,
        (BaseType::List(place), BaseType::List(variable)) => takes(place, variable),
        _ => false,
    };
    base && (place.nullable || !variable.nullable)
}
