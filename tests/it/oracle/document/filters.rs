//! Filters.

use chrono::{DateTime, FixedOffset};
use promograph::{
    auth::Viewer,
    read::model::{EntityField, EntityType, FieldKind, Link, Relation},
};

use super::{Maker, value::Val};
use crate::oracle::{
    dataset::Cell,
    ids::entity,
    json::{decimal, time},
    types::{Inputs, Kind as TypeKind, named},
};

impl Maker<'_> {
    /// A filter on rows of this type.
    pub fn filter(&mut self, of: &EntityType, depth: usize) -> Val {
        let count = match self.dice.below(20) {
            0..3 => 0,
            3..15 => 1,
            _ => 2,
        };
        let mut fields: Vec<(String, Val)> = Vec::new();
        for _ in 0..count {
            let (name, value) = self.condition_on(of, depth);
            if fields.iter().all(|(known, _)| *known != name) {
                fields.push((name, value));
            }
        }
        Val::Object(fields)
    }

    fn condition_on(&mut self, of: &EntityType, depth: usize) -> (String, Val) {
        // Prefer relations between promoters, whose visibility is the most complex.
        let promoter = matches!(self.world.visibility.viewer, Viewer::Promoter { .. });
        if of.name == "Promoter" && depth > 1 && self.dice.percent(if promoter { 50 } else { 10 }) {
            return self.relatives(of, depth);
        }
        if self.faulty && self.dice.percent(3) {
            return ((*self.dice.pick(&["and", "not", "id"])).to_owned(), Val::Null);
        }
        match self.dice.below(100) {
            0..18 if depth > 0 => {
                let name = *self.dice.pick(&["and", "or", "not"]);
                if name == "not" {
                    return (name.to_owned(), self.filter(of, depth - 1));
                }
                let count = self.dice.below(3);
                (name.to_owned(), Val::List((0..count).map(|_| self.filter(of, depth - 1)).collect()))
            }
            18..45 if depth > 0 && !of.relations.is_empty() => {
                // Promoters and analysts may not filter by webhook events.
                let events_too = self.world.visibility.viewer == Viewer::Admin || self.faulty;
                let relations = of.relations.iter().filter(|relation| events_too || relation.target != "WebhookEvent");
                let relations: Vec<_> = relations.collect();
                let Some(relation) = self.dice.pick_any(&relations).copied() else { return self.comparisons(of) };
                let filter = self.filter(entity(relation.target), depth - 1);
                self.related(relation, filter)
            }
            _ => self.comparisons(of),
        }
    }

    fn related(&mut self, relation: &Relation, filter: Val) -> (String, Val) {
        let value = match relation.link {
            Link::ToOne { .. } => filter,
            Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => {
                let quantifier = *self.dice.pick(&["some", "none", "every"]);
                Val::Object(vec![(quantifier.to_owned(), filter)])
            }
        };
        (relation.name.to_owned(), value)
    }

    /// On a promoter's parent or children, and mostly on what hangs on them.
    fn relatives(&mut self, of: &EntityType, depth: usize) -> (String, Val) {
        let relation = of.relation(self.dice.pick::<&str>(&["parent", "children"])).expect("promoters have relatives");
        let below = self.dice.pick::<&str>(&["parent", "defaultPromotion", "children", "leads"]);
        let below = of.relation(below).expect("promoters have them");
        let filter = if self.dice.percent(35) {
            self.filter(of, depth - 1)
        } else {
            let inner = if self.dice.percent(50) {
                Val::Object(Vec::new())
            } else {
                self.filter(entity(below.target), depth - 2)
            };
            Val::Object(vec![self.related(below, inner)])
        };
        self.related(relation, filter)
    }

    fn comparisons(&mut self, of: &EntityType) -> (String, Val) {
        let visibility = self.world.visibility;
        let hidden_too = self.dice.percent(6);
        let named_fields = of.fields.iter().filter(|field| field.filterable);
        let fields: Vec<_> = named_fields.filter(|field| hidden_too || visibility.may_name(of, &field.name)).collect();
        let searched: Vec<_> = fields.iter().copied().filter(|field| field.folded.is_some()).collect();
        let field = match self.dice.pick_any(&searched) {
            Some(field) if self.dice.percent(30) => *field,
            _ => *self.dice.pick(&fields),
        };
        let world = self.world;
        let filter = world.types.inputs(&format!("{}Filter", of.name));
        let comparators = world.types.inputs(named(&filter[&field.name].ty));
        let count = if self.dice.percent(80) { 1 } else { 2 };
        let mut comparisons: Vec<(String, Val)> = Vec::new();
        for _ in 0..count {
            let (name, value) = self.comparison(of, field, comparators);
            if comparisons.iter().all(|(known, _)| *known != name) {
                comparisons.push((name, value));
            }
        }
        (field.name.clone(), Val::Object(comparisons))
    }

    fn comparison(&mut self, of: &EntityType, field: &EntityField, comparators: &Inputs) -> (String, Val) {
        let mut names: Vec<_> = comparators.keys().collect();
        if field.folded.is_some() && self.dice.percent(50) {
            names.retain(|name| matches!(name.as_str(), "contains" | "startsWith"));
        }
        let name = (*self.dice.pick(&names)).clone();
        if self.faulty && self.dice.percent(6) {
            return (name, Val::Null);
        }
        let value = match name.as_str() {
            "isNull" => Val::Bool(self.dice.percent(50)),
            "in" | "notIn" => {
                let count = self.dice.below(4);
                Val::List((0..count).map(|_| self.operand(of, field, comparators)).collect())
            }
            "contains" | "startsWith" => {
                let Val::Text(text) = self.operand(of, field, comparators) else { panic!("texts are searched") };
                let letters: Vec<_> = text.chars().collect();
                let start = if name == "contains" { self.dice.below(letters.len() + 1) } else { 0 };
                let length = if self.dice.percent(30) { 0 } else { 1 + self.dice.below(4) };
                let length = length.min(letters.len() - start);
                let part: String = letters[start..start + length].iter().collect();
                Val::Text(if self.dice.percent(50) { part.to_uppercase() } else { part })
            }
            _ => self.operand(of, field, comparators),
        };
        (name, value)
    }

    /// A value to compare with: mostly one that some row has.
    fn operand(&mut self, of: &EntityType, field: &EntityField, comparators: &Inputs) -> Val {
        let rows = self.world.visibility.dataset.rows(of.table);
        let values: Vec<_> = rows.iter().map(|row| &row[field.column]).filter(|cell| **cell != Cell::Null).collect();
        let cell = self.dice.pick_any(&values).copied();
        match (field.kind, cell) {
            (FieldKind::GlobalId, _) => self.id(of),
            (FieldKind::RelatedId(relation), _) => {
                let relation = of.relation(relation).expect("the relation is declared");
                self.id(entity(relation.target))
            }
            (FieldKind::Enum(_), _) => {
                let TypeKind::Enum(values) = self.world.types.get(named(&comparators["eq"].ty)) else {
                    panic!("{} is an enum", field.name)
                };
                Val::Enum(self.dice.pick(values).clone())
            }
            (FieldKind::Bool, _) => Val::Bool(self.dice.percent(50)),
            (FieldKind::Time, Some(Cell::Int(ms))) => Val::Text(self.instant(*ms)),
            (FieldKind::Time, _) => Val::text("2024-10-03T12:00:00Z"),
            // A number of more digits is refused.
            (FieldKind::Decimal, Some(Cell::Int(value)))
                if self.dice.percent(50) || value.unsigned_abs() >= 10_u64.pow(15) =>
            {
                Val::Text(decimal(*value))
            }
            (FieldKind::Decimal, Some(Cell::Int(value))) => Val::Number(decimal(*value)),
            (FieldKind::Decimal, _) => Val::text("0.5"),
            (FieldKind::BigInt, Some(Cell::Int(number))) if self.dice.percent(20) => Val::Text(number.to_string()),
            (FieldKind::BigInt | FieldKind::Int, Some(Cell::Int(number))) => Val::Int(*number),
            (FieldKind::BigInt | FieldKind::Int, _) => Val::Int(1),
            (_, Some(Cell::Text(text))) if self.faulty && self.dice.percent(4) => Val::Text(format!("{text}\0")),
            (_, Some(Cell::Text(text))) => Val::text(text),
            _ => Val::text("e"),
        }
    }

    /// A time in UTC or with an offset, sometimes a little later than the millisecond; or its date.
    fn instant(&mut self, ms: i64) -> String {
        let far = !(0..=253_000_000_000_000).contains(&ms);
        if far || self.dice.percent(40) {
            return time(ms);
        }
        if self.dice.percent(30) {
            return time(ms).replace('Z', "0004Z");
        }
        if self.dice.percent(20) {
            return time(ms)[..10].to_owned();
        }
        let offset = FixedOffset::east_opt(2 * 3_600).expect("an offset");
        DateTime::from_timestamp_millis(ms).expect("a time").with_timezone(&offset).to_rfc3339()
    }
}
