//! A subscription selects exactly one root field, unconditionally (September 2025, 5.2.4.1).

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};

use crate::graphql::error::ErrorList;

/// Checks a subscription.
pub fn check(document: &ExecutableDocument, operation: &Positioned<OperationDefinition>, errors: &mut ErrorList) {
    let mut roots = Roots { document, keys: HashSet::new(), visited: HashSet::new(), errors };
    roots.collect(&operation.node.selection_set.node);
    let count = roots.keys.len();
    if count > 1 {
        let message = format!("a subscription selects one root field, this one selects {count}");
        errors.add(message, operation.pos);
    }
}

struct Roots<'a, 'f> {
    document: &'a ExecutableDocument,
    keys: HashSet<&'a str>,
    visited: HashSet<&'a str>,
    errors: &'f mut ErrorList,
}

impl<'a> Roots<'a, '_> {
    fn collect(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            if let Some(directive) = selection.node.directives().first() {
                let message = "what a subscription selects at its root cannot depend on a condition";
                self.errors.add(message.to_owned(), directive.pos);
            }
            match &selection.node {
                Selection::Field(field) => {
                    self.keys.insert(field.node.response_key().node.as_str());
                    if field.node.name.node.starts_with("__") {
                        let message = "a subscription cannot select introspection at its root";
                        self.errors.add(message.to_owned(), field.pos);
                    }
                }
                Selection::InlineFragment(inline) => self.collect(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let (true, Some(fragment)) = (self.visited.insert(name), self.document.fragments.get(name)) {
                        self.collect(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}
