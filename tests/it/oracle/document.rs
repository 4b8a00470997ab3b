//! Random documents: every kind of root field, fragments, aliases, repeated keys, directives,
//! variables in every state, good arguments and bad ones.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::interpret::World;
use crate::support::Dice;

mod aggregates;
mod arguments;
mod filters;
mod selection;
mod value;

/// A request.
#[derive(Clone, Debug)]
pub struct Made {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Map<String, Json>,
}

/// Makes a document.
pub fn make(dice: &mut Dice, world: &World<'_>) -> Made {
    let (faulty, clashing) = (dice.percent(25), dice.percent(8));
    let mut maker = Maker {
        dice,
        world,
        faulty,
        clashing,
        constant: false,
        budget: 45,
        aliases: 0,
        directives: 0,
        definitions: Vec::new(),
        given: Map::new(),
        fragments: Vec::new(),
        known_arguments: HashMap::new(),
        keys_of: HashMap::new(),
        keys: Vec::new(),
    };
    let depth = 1 + maker.dice.below(4);
    let selection = maker.selection("Query", depth);
    maker.finish(&selection)
}

/// A document under construction.
struct Maker<'a> {
    dice: &'a mut Dice,
    world: &'a World<'a>,
    /// Whether arguments may be wrong.
    faulty: bool,
    /// Whether response keys may clash.
    clashing: bool,
    /// Whether variables are not allowed in this place.
    constant: bool,
    /// The number of selections that are left.
    budget: usize,
    aliases: usize,
    directives: usize,
    /// `$name: Type = default`.
    definitions: Vec<String>,
    given: Map<String, Json>,
    fragments: Vec<Fragment>,
    /// Arguments of (type, field) without an alias: fields of one key have the same arguments.
    known_arguments: HashMap<(String, String), String>,
    /// The fields that `by` names in arguments of `groups`.
    keys_of: HashMap<String, Vec<String>>,
    /// Of the `groups` that stand above.
    keys: Vec<String>,
}

/// A named fragment.
#[derive(Clone)]
struct Fragment {
    name: String,
    on: String,
    text: String,
}

impl Maker<'_> {
    fn finish(self, selection: &str) -> Made {
        let fragments: Vec<_> = self
            .fragments
            .iter()
            .map(|fragment| format!("\nfragment {} on {} {}", fragment.name, fragment.on, fragment.text))
            .collect();
        let anonymous = self.definitions.is_empty() && self.dice.percent(50);
        let several = !anonymous && self.dice.percent(5);
        let definitions =
            if self.definitions.is_empty() { String::new() } else { format!("({})", self.definitions.join(", ")) };
        let mut query = if anonymous { selection.to_owned() } else { format!("query Q{definitions} {selection}") };
        if several {
            query.push_str("\nquery Other { __typename }");
        }
        query.push_str(&fragments.concat());
        let named = several || !anonymous && self.dice.percent(30);
        Made { query, operation_name: named.then(|| "Q".to_owned()), variables: self.given }
    }
}
