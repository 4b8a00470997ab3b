//! Arguments of root fields and lists.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use promograph::{
    graphql::catalog::CATALOG,
    read::model::{EntityType, KeyKind, constant_case},
};

use super::{Maker, value::Val};
use crate::oracle::{
    dataset::Cell,
    ids::{self, entity},
    list::Order,
    types::{Inputs, Output, named},
};

impl Maker<'_> {
    /// The arguments of a field, in parentheses.
    pub fn arguments(&mut self, on: &str, name: &str, output: &Output) -> String {
        if output.arguments.is_empty() {
            return String::new();
        }
        let rows = named(&output.ty).strip_suffix("Connection");
        if name == "groups" {
            return self.grouped(entity(on.trim_end_matches("Connection")), &output.arguments);
        }
        let values = match (on, name, rows) {
            (_, _, Some(rows)) => self.list(entity(rows)),
            ("Query", "node", _) => vec![("id", self.any_id())],
            ("Query", "nodes", _) => {
                let count = 1 + self.dice.below(4);
                vec![("ids", Val::List((0..count).map(|_| self.any_id()).collect()))]
            }
            _ => {
                let of = CATALOG.root(name).expect("root fields are declared").0;
                self.key(of, &output.arguments)
            }
        };
        self.written(&output.arguments, &values)
    }

    /// The id of any object.
    fn any_id(&mut self) -> Val {
        let all: Vec<_> = CATALOG.iter().collect();
        let of = *self.dice.pick(&all);
        self.id(of)
    }

    /// The id of a row of this type; sometimes of none; sometimes no id.
    pub fn id(&mut self, of: &EntityType) -> Val {
        if self.faulty && self.dice.percent(12) {
            return match self.dice.below(4) {
                0 => Val::text("no id"),
                1 => Val::text(""),
                2 => Val::Int(5),
                _ => {
                    let all: Vec<_> = CATALOG.iter().collect();
                    let other = *self.dice.pick(&all);
                    Val::Text(ids::encode(other, &self.row_key(other)))
                }
            };
        }
        let unknown = match of.key_kind {
            KeyKind::Int => Cell::Int(-7),
            KeyKind::Text => Cell::Text("none:such".to_owned()),
        };
        let key = if self.dice.percent(8) { unknown } else { self.row_key(of) };
        Val::Text(ids::encode(of, &key))
    }

    fn row_key(&mut self, of: &EntityType) -> Cell {
        let visibility = self.world.visibility;
        let rows = visibility.dataset.rows(of.table);
        // Mostly rows that the viewer sees.
        let seen: Vec<_> = rows.iter().filter(|row| visibility.row(of, row, false)).collect();
        let row = if self.dice.percent(75) { self.dice.pick_any(&seen).copied() } else { None };
        row.unwrap_or_else(|| self.dice.pick(rows))[of.key].clone()
    }

    fn key<'b>(&mut self, of: &EntityType, definitions: &'b Inputs) -> Vec<(&'b str, Val)> {
        let keys: Vec<_> = definitions.keys().map(String::as_str).collect();
        let allowed: Vec<_> = keys
            .iter()
            .copied()
            .filter(|name| self.world.visibility.may_name(of, name) || self.dice.percent(15))
            .collect();
        let mut names = vec![*self.dice.pick(&allowed)];
        if self.faulty && self.dice.percent(12) {
            names = if self.dice.percent(50) { Vec::new() } else { keys };
        }
        names.into_iter().map(|name| (name, self.key_value(of, name))).collect()
    }

    fn key_value(&mut self, of: &EntityType, name: &str) -> Val {
        if name == "id" {
            return self.id(of);
        }
        if self.faulty && self.dice.percent(8) {
            return Val::Null;
        }
        let field = of.field(name).expect("keys are fields");
        let visibility = self.world.visibility;
        let rows = visibility.dataset.rows(of.table);
        let seen: Vec<_> = rows.iter().filter(|row| visibility.row(of, row, false)).collect();
        let row = self.dice.pick_any(&seen).copied().unwrap_or(&rows[0]);
        match &row[field.column] {
            Cell::Int(number) => Val::Int(*number),
            Cell::Text(text) => Val::text(text),
            _ => Val::text("nothing like it"),
        }
    }

    fn list(&mut self, of: &EntityType) -> Vec<(&'static str, Val)> {
        let mut values = Vec::new();
        let wrong = self.faulty && self.dice.percent(15);
        match self.dice.below(10) {
            0 if wrong => values.push(("first", Val::Int(*self.dice.pick(&[0, -1, 201, 1_000])))),
            1 if wrong => values.push(("last", Val::Int(*self.dice.pick(&[0, -5, 1_000])))),
            2 if wrong => values.extend([("first", Val::Int(2)), ("last", Val::Int(2))]),
            0..6 => values.push(("first", Val::Int(1 + self.dice.number(6)))),
            6..8 => values.push(("last", Val::Int(1 + self.dice.number(6)))),
            _ => {}
        }
        let terms = self.order(of);
        if let Some(terms) = &terms {
            let term = |(field, descending): &(String, bool)| {
                let mut parts = vec![("field".to_owned(), Val::Enum(field.clone()))];
                if *descending || self.dice.percent(30) {
                    let direction = if *descending { "DESC" } else { "ASC" };
                    parts.push(("direction".to_owned(), Val::Enum(direction.to_owned())));
                }
                Val::Object(parts)
            };
            values.push(("orderBy", Val::List(terms.iter().map(term).collect())));
        } else if self.dice.percent(4) {
            values.push(("orderBy", Val::Null));
        }
        for name in ["after", "before"] {
            if self.dice.percent(15) {
                values.push((name, self.cursor(of, terms.as_deref().unwrap_or_default())));
            }
        }
        if self.dice.percent(35) {
            values.push(("filter", self.filter(of, 3)));
        }
        if of.mirrored && self.dice.percent(20) {
            values.push(("includeDeleted", Val::Bool(self.dice.percent(75))));
        }
        self.dice.shuffle(&mut values);
        values
    }

    /// Enum values and directions; none for the type's own order.
    fn order(&mut self, of: &EntityType) -> Option<Vec<(String, bool)>> {
        if self.dice.percent(55) {
            return None;
        }
        let visibility = self.world.visibility;
        let orderable: Vec<_> = of
            .fields
            .iter()
            .filter(|field| field.sort.is_some())
            .filter(|field| visibility.may_name(of, &field.name) || self.faulty && self.dice.percent(60))
            .map(|field| constant_case(&field.name))
            .chain(of.counts().map(|(name, _)| constant_case(&name)))
            .collect();
        let count = self.dice.below(4);
        let mut terms: Vec<(String, bool)> = Vec::new();
        if self.dice.percent(15) {
            terms.push(("ID".to_owned(), self.dice.percent(50)));
        }
        for _ in 0..count {
            let field = self.dice.pick(&orderable).clone();
            let twice = terms.iter().any(|(known, _)| *known == field);
            if !twice || self.faulty && self.dice.percent(20) {
                terms.push((field, self.dice.percent(50)));
            }
        }
        Some(terms)
    }

    /// The cursor of a row in this order; sometimes of another order, sometimes none.
    fn cursor(&mut self, of: &EntityType, terms: &[(String, bool)]) -> Val {
        if self.dice.percent(4) {
            return Val::Null;
        }
        if self.faulty && self.dice.percent(12) {
            let bad = ["", "%%%", "x", "[]", "[\"promoter+id\"]", "[\"lead-createdAt-id\",null,1]", "{}"];
            let bad = *self.dice.pick(&bad);
            return if self.dice.percent(50) { Val::text(bad) } else { Val::Text(URL_SAFE_NO_PAD.encode(bad)) };
        }
        let visibility = self.world.visibility;
        let (order, of) = if self.faulty && self.dice.percent(10) {
            let other = entity(self.dice.pick::<&str>(&["Lead", "Promoter", "Offer"]));
            (Order::of(other, &[("ID".to_owned(), true)]), other)
        } else {
            (Order::of(of, terms), of)
        };
        let rows = visibility.dataset.rows(of.table);
        let seen: Vec<_> = rows.iter().filter(|row| visibility.row(of, row, true)).collect();
        match self.dice.pick_any(&seen) {
            Some(row) => Val::Text(order.cursor(&order.place(&visibility, of, row))),
            None => Val::Null,
        }
    }
}
