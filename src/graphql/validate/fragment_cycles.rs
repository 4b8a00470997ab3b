//! Fragments: no cycles, bounded depth, and every fragment is used.

use std::collections::{HashMap, HashSet};

use async_graphql::{Name, Pos, parser::types::ExecutableDocument};

use super::visitor::DefinitionInfo;
use crate::{
    error::LimitExceeded,
    graphql::error::{ErrorList, GraphqlError},
};

/// Maximum depth of selections, spread fragments included: the code that walks them is recursive.
const MAX_DEPTH: usize = 64;

/// The names of a document's fragments in the document's order.
pub fn in_order(document: &ExecutableDocument) -> Vec<&Name> {
    let mut names: Vec<_> = document.fragments.keys().collect();
    names.sort_by_key(|name| document.fragments.get(*name).map(|fragment| fragment.pos));
    names
}

/// Checks the fragments of a document; `roots` are its operations.
pub fn check<'a>(
    document: &'a ExecutableDocument,
    roots: &[(Pos, DefinitionInfo<'a>)],
    notes: &HashMap<&'a Name, DefinitionInfo<'a>>,
    errors: &mut ErrorList,
) {
    let names = in_order(document);
    let mut seen = HashMap::new();
    if let Err(cycle) = names.iter().try_for_each(|name| search(notes, name, &mut seen)) {
        return errors.push(cycle);
    }
    for (pos, note) in roots {
        if depth(note, &seen) > MAX_DEPTH {
            let most = MAX_DEPTH as u64;
            let exceeded = LimitExceeded::fixed("selections", most, most + 1);
            errors.push(GraphqlError::over(exceeded, "selections within selections or more").at(*pos));
        }
    }
    let mut used: HashSet<&Name> = HashSet::new();
    let mut open: Vec<_> = roots.iter().map(|(_, note)| note).collect();
    while let Some(note) = open.pop() {
        let next = note.spreads.iter().filter(|spread| used.insert(spread.name));
        open.extend(next.filter_map(|spread| notes.get(spread.name)));
    }
    for name in names.into_iter().filter(|name| !used.contains(name)) {
        let pos = document.fragments.get(name).map(|fragment| fragment.pos).unwrap_or_default();
        errors.add(format!("the fragment `{name}` is never used"), pos);
    }
}

/// The state of a fragment in the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It is on the current path.
    Open,
    /// It is in no cycle; the depth of its selections.
    Done(usize),
}

/// A fragment on the path, and the index of its next spread.
struct Step<'a, 'n> {
    name: &'a Name,
    note: &'n DefinitionInfo<'a>,
    next: usize,
}

/// Depth-first search with an explicit stack: a document may have very many fragments.
fn search<'a>(
    notes: &HashMap<&'a Name, DefinitionInfo<'a>>,
    first: &'a Name,
    seen: &mut HashMap<&'a Name, Progress>,
) -> Result<(), GraphqlError> {
    let mut path = Vec::new();
    enter(notes, first, seen, &mut path);
    while let Some(step) = path.last_mut() {
        let Some(spread) = step.note.spreads.get(step.next) else {
            let (name, depth) = (step.name, depth(step.note, seen));
            seen.insert(name, Progress::Done(depth));
            path.pop();
            continue;
        };
        step.next += 1;
        if seen.get(spread.name) == Some(&Progress::Open) {
            return Err(cycle_error(&path, spread.name).at(spread.pos));
        }
        enter(notes, spread.name, seen, &mut path);
    }
    Ok(())
}

fn enter<'a, 'n>(
    notes: &'n HashMap<&'a Name, DefinitionInfo<'a>>,
    name: &'a Name,
    seen: &mut HashMap<&'a Name, Progress>,
    path: &mut Vec<Step<'a, 'n>>,
) {
    if let (None, Some(note)) = (seen.get(name), notes.get(name)) {
        seen.insert(name, Progress::Open);
        path.push(Step { name, note, next: 0 });
    }
}

/// The depth of the selections, spread fragments included.
fn depth(note: &DefinitionInfo<'_>, seen: &HashMap<&Name, Progress>) -> usize {
    let below = |name| if let Some(Progress::Done(depth)) = seen.get(name) { *depth } else { 0 };
    note.spreads.iter().map(|spread| spread.depth + below(spread.name)).fold(note.depth, usize::max)
}

fn cycle_error(path: &[Step<'_, '_>], name: &Name) -> GraphqlError {
    let through = path.iter().map(|step| step.name).skip_while(|step| *step != name).skip(1);
    let through: Vec<_> = through.map(|name| format!("`{name}`")).collect();
    let through = if through.is_empty() { String::new() } else { format!(" through {}", through.join(", ")) };
    GraphqlError::invalid(format!("the fragment `{name}` spreads itself{through}: fragments must not form a cycle"))
}

#[cfg(test)]
mod tests {
    use crate::{
        graphql::{roots::SCHEMA, syntax::parse, validate::validate},
        limits::RequestLimits,
    };

    /// What is wrong with fragments on `Query`.
    fn told(text: &str) -> Vec<String> {
        let document = parse(&text.replace("on Q", "on Query"), &RequestLimits::default()).unwrap();
        validate(&SCHEMA, &document).err().into_iter().flatten().map(|error| error.message).collect()
    }

    #[test]
    fn a_cycle_of_fragments_is_reported_by_name() {
        let cycle = |text| vec![format!("the fragment {text}: fragments must not form a cycle")];
        assert_eq!(told("{ ...A } fragment A on Q { ...A }"), cycle("`A` spreads itself"));
        assert_eq!(
            told("{ ...A } fragment A on Q { ... { ... { ...B } } } fragment B on Q { __typename ...A }"),
            cycle("`A` spreads itself through `B`")
        );
        // Also where nothing leads to it, and where it does not hold the first.
        let apart = "{ ...A } fragment A on Q { ...B } fragment B on Q { ...C } fragment C on Q { ...D } fragment D on Q { ...B }";
        assert_eq!(told(apart), cycle("`B` spreads itself through `C`, `D`"));
        assert_eq!(told("{ __typename } fragment B on Q { ...B }"), cycle("`B` spreads itself"));
    }

    #[test]
    fn fragments_may_be_spread_often_and_each_has_to_be() {
        let often =
            "{ ...A } fragment A on Q { ...B ...C } fragment B on Q { ...C ...C } fragment C on Q { __typename }";
        assert_eq!(told(often), Vec::<String>::new());
        let unused = "{ ...A } fragment A on Q { __typename } fragment B on Q { ...C } fragment C on Q { __typename }";
        assert_eq!(told(unused), ["the fragment `B` is never used", "the fragment `C` is never used"]);
    }

    #[test]
    fn a_long_chain_of_fragments_nests_too_deep() {
        let chain = |length: usize| {
            let fragments = (1..length).map(|index| format!("fragment F{index} on Q {{ ...F{} }} ", index + 1));
            format!("{{ ...F1 }} {} fragment F{length} on Q {{ __typename }}", fragments.collect::<String>())
        };
        assert_eq!(told(&chain(63)), Vec::<String>::new());
        assert_eq!(told(&chain(64)).len(), 1);
        assert_eq!(told(&chain(1_200)).len(), 1);
    }
}
