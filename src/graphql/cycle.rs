//! Fragments that spread themselves (October 2021, 5.5.2.2): found before anything walks into them, so
//! that what is told is the circle and not a depth.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use super::fault::Fault;

/// Refuses a document with a circle of fragments.
///
/// # Errors
/// Names the fragments of the first circle, and where it closes.
pub fn check(document: &ExecutableDocument) -> Result<(), Fault> {
    let mut names: Vec<_> = document.fragments.keys().collect();
    // In the document's order, so that the same document is always refused for the same thing.
    names.sort_by_key(|name| document.fragments.get(*name).map(|fragment| fragment.pos));
    let mut seen = HashMap::new();
    names.into_iter().try_for_each(|name| search(document, name, &mut seen))
}

/// How far the search has come with a fragment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It is on the path that is walked now.
    Open,
    /// No circle begins there.
    Done,
}

/// A fragment on the path, with what it spreads and was not followed yet.
struct Step<'a> {
    name: &'a Name,
    left: Vec<(&'a Name, Pos)>,
}

/// Walks along a path of its own rather than the call stack: a document may have very many fragments.
fn search<'a>(
    document: &'a ExecutableDocument,
    first: &'a Name,
    seen: &mut HashMap<&'a Name, Progress>,
) -> Result<(), Fault> {
    if seen.contains_key(first) {
        return Ok(());
    }
    seen.insert(first, Progress::Open);
    let mut path = vec![Step { name: first, left: spreads(document, first) }];
    while let Some(step) = path.last_mut() {
        let Some((next, pos)) = step.left.pop() else {
            seen.insert(step.name, Progress::Done);
            path.pop();
            continue;
        };
        match seen.get(next) {
            Some(Progress::Done) => {}
            Some(Progress::Open) => return Err(circle(&path, next).at(pos)),
            None => {
                seen.insert(next, Progress::Open);
                path.push(Step { name: next, left: spreads(document, next) });
            }
        }
    }
    Ok(())
}

fn circle(path: &[Step<'_>], name: &Name) -> Fault {
    let through = path.iter().map(|step| step.name).skip_while(|step| *step != name).skip(1);
    let through: Vec<_> = through.map(|name| format!("`{name}`")).collect();
    let through = if through.is_empty() { String::new() } else { format!(" through {}", through.join(", ")) };
    Fault::invalid(format!("the fragment `{name}` spreads itself{through}: fragments must not form a circle"))
}

/// What a fragment spreads, the last one first.
fn spreads<'a>(document: &'a ExecutableDocument, name: &Name) -> Vec<(&'a Name, Pos)> {
    let mut found = Vec::new();
    if let Some(fragment) = document.fragments.get(name) {
        collect(&fragment.node.selection_set.node, &mut found);
    }
    found.reverse();
    found
}

/// Selections nest no deeper than brackets may.
fn collect<'a>(set: &'a SelectionSet, found: &mut Vec<(&'a Name, Pos)>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => collect(&field.node.selection_set.node, found),
            Selection::InlineFragment(inline) => collect(&inline.node.selection_set.node, found),
            Selection::FragmentSpread(spread) => found.push((&spread.node.fragment_name.node, spread.pos)),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn told(fragments: &str) -> Option<String> {
        check(&parse_query(format!("{{ ...A }} {fragments}")).unwrap()).err().map(|fault| fault.message)
    }

    #[test]
    fn a_circle_of_fragments_is_told_by_name() {
        let circle = |text| Some(format!("the fragment {text}: fragments must not form a circle"));
        assert_eq!(told("fragment A on Q { ...A }"), circle("`A` spreads itself"));
        assert_eq!(told("fragment A on Q { a { ... { ...B } } } fragment B on Q { b ...A }"), {
            circle("`A` spreads itself through `B`")
        });
        // Also where nothing leads to it, and where it does not hold the first.
        let apart =
            "fragment A on Q { ...B } fragment B on Q { ...C } fragment C on Q { ...D } fragment D on Q { ...B }";
        assert_eq!(told(apart), circle("`B` spreads itself through `C`, `D`"));
        assert_eq!(told("fragment A on Q { a } fragment B on Q { ...B }"), circle("`B` spreads itself"));
    }

    #[test]
    fn fragments_may_be_spread_often_and_in_long_chains() {
        assert_eq!(
            told("fragment A on Q { ...B ...C } fragment B on Q { ...C ...C } fragment C on Q { ...Unknown }"),
            None
        );
        let chain = (0..5_000).map(|index| format!("fragment F{index} on Q {{ ...F{} }} ", index + 1));
        assert_eq!(told(&chain.collect::<String>()), None);
    }
}
