//! Introspection's own limit: it is exempt from the others, so that `GraphiQL` works, but lists of
//! types within lists of types would multiply without end.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::graphql::fault::Fault;

/// How often these lists may nest. `GraphiQL` needs two.
const MAX_LISTS: u64 = 3;

/// Refuses documents whose introspection nests lists too deep.
///
/// # Errors
/// Names the limit.
pub fn check(document: &ExecutableDocument) -> Result<(), Fault> {
    let mut pass = Pass { document, fragments: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let lists = pass.lists(&operation.node.selection_set.node);
        if lists > MAX_LISTS {
            let what = "lists of types within each other";
            return Err(Fault::over("introspectionLists", MAX_LISTS, lists, what).at(operation.pos));
        }
    }
    Ok(())
}

struct Pass<'a> {
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, u64>,
}

impl<'a> Pass<'a> {
    /// The names only occur in introspection: the schema itself has none of them.
    fn lists(&mut self, set: &'a SelectionSet) -> u64 {
        let deepest = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let list = matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes" | "types");
                self.lists(&field.node.selection_set.node).saturating_add(u64::from(list))
            }
            Selection::InlineFragment(inline) => self.lists(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
        });
        deepest.max().unwrap_or(0)
    }

    fn fragment(&mut self, name: &'a str) -> u64 {
        if let Some(lists) = self.fragments.get(name) {
            return *lists;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return 0 };
        // A fragment that spreads itself counts as empty there; validation refuses it later.
        self.fragments.insert(name, 0);
        let lists = self.lists(&fragment.node.selection_set.node);
        self.fragments.insert(name, lists);
        lists
    }
}
