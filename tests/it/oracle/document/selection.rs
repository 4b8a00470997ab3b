//! Selection sets.

use std::fmt::Write as _;

use promograph::{auth::Viewer, graphql::catalog::CATALOG};

use super::{Fragment, Maker};
use crate::oracle::types::named;

/// The root fields that the interpreter does not answer.
const FIGURES: [&str; 3] = ["performance", "leadCohorts", "measures"];

/// A field as it stands in a selection set, without what is selected below it.
struct Head {
    /// Alias, name, arguments.
    text: String,
    /// The type that it returns, when something is selected below.
    below: Option<String>,
    /// Of `groups`: the fields that `by` names.
    keys: Vec<String>,
}

impl Maker<'_> {
    /// A selection set on a type. `depth` is how many rows may still be nested.
    pub fn selection(&mut self, on: &str, depth: usize) -> String {
        let mut known = Vec::new();
        let count = 1 + self.dice.below(5);
        let parts: Vec<_> = (0..count).map(|_| self.one(on, depth, &mut known)).collect();
        format!("{{ {} }}", parts.join(" "))
    }

    fn one(&mut self, on: &str, depth: usize, known: &mut Vec<Head>) -> String {
        self.budget = self.budget.saturating_sub(1);
        if self.budget == 0 {
            return "__typename".to_owned();
        }
        // Of an interface little else can be selected.
        let fragments = if on == "Node" { 70 } else { 20 };
        match self.dice.below(100) {
            0..25 if on == "Node" => self.twins(),
            0..5 => format!("{}__typename{}", self.alias(10), self.directives()),
            roll if roll < 5 + fragments / 2 => self.inline(on, depth),
            roll if roll < 5 + fragments => self.spread(on, depth),
            roll if roll >= 88 && !known.is_empty() => {
                let head = &known[self.dice.below(known.len())];
                let (text, below) = (head.text.clone(), head.below.clone());
                if !head.keys.is_empty() {
                    self.keys.clone_from(&head.keys);
                }
                self.field(&text, below.as_deref(), depth)
            }
            _ => {
                let head = self.head(on, depth);
                if !head.keys.is_empty() {
                    self.keys.clone_from(&head.keys);
                }
                let text = self.field(&head.text, head.below.as_deref(), depth);
                known.push(head);
                text
            }
        }
    }

    fn field(&mut self, head: &str, below: Option<&str>, depth: usize) -> String {
        let directives = self.directives();
        match below {
            None => format!("{head}{directives}"),
            Some(below) => {
                let row = CATALOG.get(below).is_some() || below == "Node";
                let selection = self.selection(below, if row { depth.saturating_sub(1) } else { depth });
                format!("{head}{directives} {selection}")
            }
        }
    }

    /// Any field of the type, with its arguments.
    fn head(&mut self, on: &str, depth: usize) -> Head {
        let composite = self.world.types.composite(on).expect("only objects are selected from");
        let rows_below = CATALOG.get(on).is_some() && self.dice.percent(45);
        let candidates: Vec<_> = composite
            .fields
            .iter()
            .filter(|(name, output)| {
                let below = self.world.types.composite(named(&output.ty)).is_some();
                let events = (name.starts_with("webhookEvent") || *name == "events")
                    && self.world.visibility.viewer != Viewer::Admin;
                let deep = CATALOG.get(on).is_some() && (depth == 0 || !rows_below);
                // Figures have a reference of their own: tests/it/figures.
                let figures = on == "Query" && FIGURES.contains(&name.as_str());
                // Other keys are an error.
                let unknown_key = on.ends_with("GroupKey") && !self.keys.contains(name) && !self.faulty;
                !(figures || unknown_key || below && deep || events && !self.faulty)
            })
            .map(|(name, _)| name.clone())
            .collect();
        let name = match (on, self.world.visibility.viewer) {
            ("Query", Viewer::Promoter { .. }) if self.dice.percent(20) => {
                (*self.dice.pick(&["viewer", "promoters"])).to_owned()
            }
            ("Viewer", _) if self.dice.percent(40) => "promoter".to_owned(),
            _ if candidates.is_empty() => return Head { text: "__typename".to_owned(), below: None, keys: Vec::new() },
            _ => self.dice.pick(&candidates).clone(),
        };
        let output = &composite.fields[&name];
        let alias = self.alias(if on == "Query" { 35 } else { 15 });
        let place = (on.to_owned(), name.clone());
        let arguments = match self.known_arguments.get(&place) {
            Some(known) if !self.clashing && (alias.is_empty() || self.dice.percent(40)) => known.clone(),
            _ => {
                let arguments = self.arguments(on, &name, output);
                if alias.is_empty() {
                    self.known_arguments.insert(place, arguments.clone());
                }
                arguments
            }
        };
        let below = named(&output.ty);
        let below = self.world.types.composite(below).is_some().then(|| below.to_owned());
        let keys = self.keys_of.get(&arguments).cloned().unwrap_or_default();
        Head { text: format!("{alias}{name}{arguments}"), below, keys }
    }

    /// `name: ` this often. Clashing documents have few names to choose from.
    fn alias(&mut self, percent: u32) -> String {
        if self.clashing && self.dice.percent(30) {
            self.aliases += 1;
            return format!("{}: ", self.dice.pick(&["x", "y", "z"]));
        }
        if self.aliases >= 12 || !self.dice.percent(percent) {
            return String::new();
        }
        self.aliases += 1;
        format!("a{}: ", self.aliases)
    }

    fn inline(&mut self, on: &str, depth: usize) -> String {
        let condition = self.condition(on);
        let directives = self.directives();
        let selection = self.selection(condition.as_deref().unwrap_or(on), depth);
        let condition = condition.map_or_else(String::new, |condition| format!(" on {condition}"));
        format!("...{condition}{directives} {selection}")
    }

    /// One response key on two types, which never stand for the same object: their fields may differ,
    /// but not the types that they return.
    fn twins(&mut self) -> String {
        self.aliases += 2;
        let key = format!("t{}", self.aliases);
        let all: Vec<_> = CATALOG.iter().map(|entity| entity.name).collect();
        let (one, other) = (*self.dice.pick(&all), *self.dice.pick(&all));
        let types = self.world.types;
        let leaves = |name: &str| {
            let fields = types.composite(name).expect("rows are objects").fields.iter();
            let leaves = fields.filter(|(_, output)| types.composite(named(&output.ty)).is_none());
            leaves.map(|(name, output)| (name.clone(), output.ty.to_string())).collect::<Vec<_>>()
        };
        let (field, ty) = self.dice.pick(&leaves(one)).clone();
        let mut others = leaves(other);
        if !self.clashing {
            others.retain(|(name, other_ty)| if one == other { *name == field } else { *other_ty == ty });
        }
        let Some((other_field, _)) = self.dice.pick_any(&others).cloned() else { return "id".to_owned() };
        let mut written = |on: &str, field: &str| {
            let text = format!("{key}: {field}");
            let text = if self.dice.percent(50) { format!("... {{ {text} }}") } else { text };
            format!("... on {on} {{ {text} }}")
        };
        format!("{} {}", written(one, &field), written(other, &other_field))
    }

    fn spread(&mut self, on: &str, depth: usize) -> String {
        let fitting: Vec<_> = self
            .fragments
            .iter()
            .filter(|fragment| fragment.on == on || fragment.on == "Node" && self.is_node(on))
            .map(|fragment| fragment.name.clone())
            .collect();
        let reused = if self.dice.percent(30) { self.dice.pick_any(&fitting).cloned() } else { None };
        let name = reused.unwrap_or_else(|| {
            let condition = self.condition(on).unwrap_or_else(|| on.to_owned());
            let text = self.selection(&condition, depth);
            let name = format!("F{}", self.fragments.len());
            // Only finished fragments are spread again, so none spreads itself.
            self.fragments.push(Fragment { name: name.clone(), on: condition, text });
            name
        });
        format!("...{name}{}", self.directives())
    }

    /// A type condition that the specification allows here, whether or not it will hold.
    fn condition(&mut self, on: &str) -> Option<String> {
        let all: Vec<_> = CATALOG.iter().map(|entity| entity.name).collect();
        match self.dice.below(10) {
            0..2 => None,
            2..5 if self.is_node(on) => Some("Node".to_owned()),
            _ if on == "Node" => Some((*self.dice.pick(&all)).to_owned()),
            _ => Some(on.to_owned()),
        }
    }

    fn is_node(&self, name: &str) -> bool {
        name == "Node" || self.world.types.composite(name).is_some_and(|composite| composite.node)
    }

    /// `@skip` and `@include`, with literals and variables.
    fn directives(&mut self) -> String {
        let mut text = String::new();
        for name in ["include", "skip"] {
            if self.directives < 12 && self.dice.percent(5) {
                self.directives += 1;
                let condition = self.flag();
                let _ = write!(text, " @{name}(if: {condition})");
            }
        }
        text
    }
}
