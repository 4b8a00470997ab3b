//! Validation (September 2025, 5) of queries, mutations and subscriptions.
//!
//! [`visitor`] walks every definition once: it checks what can be decided in place, and records the variables and
//! fragments that the definition uses. The other modules check the rules across definitions by these records.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationType};

mod field_merge;
mod fragment_cycles;
mod literals;
mod subscription_root;
mod variable_usage;
mod visitor;

use super::{
    error::{ErrorList, GraphqlError},
    schema::{Schema, root_type},
};

/// Checks a document by the rules of the specification.
///
/// # Errors
/// The first rules that are broken, or a limit that is exceeded.
pub fn validate(schema: &Schema, document: &ExecutableDocument) -> Result<(), Vec<GraphqlError>> {
    let mut errors = ErrorList::default();
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    // In the document's order, so that the same document always gets the same errors.
    operations.sort_by_key(|operation| operation.pos);
    let mut fragments = HashMap::new();
    for name in fragment_cycles::in_order(document) {
        if let Some(fragment) = document.fragments.get(name) {
            fragments.insert(name, visitor::fragment(schema, document, &mut errors, fragment));
        }
    }
    let mut roots = Vec::with_capacity(operations.len());
    for operation in &operations {
        let info = visitor::operation(schema, document, &mut errors, operation);
        variable_usage::check(schema, &mut errors, &operation.node, &info, &fragments);
        if operation.node.ty == OperationType::Subscription {
            subscription_root::check(document, operation, &mut errors);
        }
        roots.push((operation.pos, info));
    }
    fragment_cycles::check(document, &roots, &fragments, &mut errors);
    errors.finish()?;
    // Relies on existing fields, and on fragments without cycles.
    for operation in &operations {
        let root = root_type(operation.node.ty);
        field_merge::check(schema, document, root, &operation.node.selection_set.node).map_err(|error| vec![error])?;
    }
    Ok(())
}
