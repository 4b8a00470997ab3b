//! Lists: their arguments, their order, their pages and their cursors.

use std::cmp::Ordering;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use promograph::read::model::{EntityType, KeyKind};
use serde_json::Value;

use super::{
    dataset::{Cell, Row},
    filter,
    input::{Arguments, Given},
    interpret::{BAD_USER_INPUT, FORBIDDEN, Faults},
    visibility::{Shown, ViewerAccess},
};

/// The arguments of a list.
pub struct Request {
    pub order: Order,
    size: usize,
    backward: bool,
    after: Option<Vec<Cell>>,
    before: Option<Vec<Cell>>,
    pub filter: Option<Given>,
    pub deleted_too: bool,
}

/// A part of a list.
pub struct Page<'a> {
    pub rows: Vec<&'a Row>,
    pub total: i64,
    pub has_next: bool,
    pub has_previous: bool,
}

impl Request {
    /// Reads the arguments, and collects their errors.
    pub fn of(
        visibility: &ViewerAccess<'_>,
        entity: &EntityType,
        arguments: &Arguments,
        faults: &mut Faults,
    ) -> Option<Self> {
        let before = faults.count();
        let given = |name: &str| arguments.get(name).filter(|value| **value != Given::Null);
        let order = Order::of(entity, &terms(given("orderBy")));
        for term in &order.terms {
            if !visibility.may_name(entity, &term.field) {
                faults.add(FORBIDDEN);
            }
        }
        let mut names: Vec<_> = order.terms.iter().map(|term| &term.field).collect();
        names.sort();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            faults.add(BAD_USER_INPUT);
        }
        let mut size = |name: &str| match given(name) {
            Some(Given::Int(size)) if (1..=200).contains(size) => usize::try_from(*size).ok(),
            None => None,
            Some(_) => {
                faults.add(BAD_USER_INPUT);
                None
            }
        };
        let (first, last) = (size("first"), size("last"));
        if given("first").is_some() && given("last").is_some() {
            faults.add(BAD_USER_INPUT);
        }
        let mut place = |name: &str| match given(name) {
            Some(Given::Text(cursor)) => {
                let place = order.place_of(cursor);
                if place.is_none() {
                    faults.add(BAD_USER_INPUT);
                }
                place
            }
            _ => None,
        };
        let (after_place, before_place) = (place("after"), place("before"));
        let filter = given("filter").cloned();
        if let Some(filter) = &filter {
            filter::check(visibility, entity, filter, faults);
        }
        (faults.count() == before).then(|| Self {
            order,
            size: first.or(last).unwrap_or(25),
            backward: last.is_some(),
            after: after_place,
            before: before_place,
            filter,
            deleted_too: given("includeDeleted") == Some(&Given::Bool(true)),
        })
    }

    /// Those of these rows that pass the filter.
    pub fn passing<'a>(&self, visibility: &ViewerAccess<'_>, of: &EntityType, mut rows: Vec<&'a Row>) -> Vec<&'a Row> {
        if let Some(filter) = &self.filter {
            rows.retain(|row| filter::passes(visibility, of, filter, row));
        }
        rows
    }

    /// The requested page of the rows that pass.
    pub fn page<'a>(&self, visibility: &ViewerAccess<'_>, entity: &EntityType, mut rows: Vec<&'a Row>) -> Page<'a> {
        let total = i64::try_from(rows.len()).expect("few rows");
        let place = |row: &Row| self.order.place(visibility, entity, row);
        rows.sort_by(|one, other| self.order.compare(&place(one), &place(other)));
        rows.retain(|row| {
            let place = place(row);
            let after = self.after.as_ref().is_none_or(|after| self.order.compare(&place, after).is_gt());
            let before = self.before.as_ref().is_none_or(|before| self.order.compare(&place, before).is_lt());
            after && before
        });
        let more = rows.len() > self.size;
        if self.backward {
            rows.drain(..rows.len().saturating_sub(self.size));
        } else {
            rows.truncate(self.size);
        }
        let (has_next, has_previous) =
            if self.backward { (self.before.is_some(), more) } else { (more, self.after.is_some()) };
        Page { rows, total, has_next, has_previous }
    }
}

/// The terms that `orderBy` names: enum value, and whether descending.
fn terms(order_by: Option<&Given>) -> Vec<(String, bool)> {
    let Some(Given::List(items)) = order_by else { return Vec::new() };
    let term = |item: &Given| match item {
        Given::Object(parts) => match (&parts["field"], &parts["direction"]) {
            (Given::Enum(field), Given::Enum(direction)) => (field.clone(), direction == "DESC"),
            other => panic!("{other:?} is no term of an order"),
        },
        other => panic!("{other:?} is no term of an order"),
    };
    items.iter().map(term).collect()
}

/// A total order.
pub struct Order {
    name: String,
    terms: Vec<Term>,
}

struct Term {
    field: String,
    text: bool,
    descending: bool,
}

impl Order {
    /// By these terms, else by the type's own; the key decides last, in the direction of the last term.
    pub fn of(entity: &EntityType, terms: &[(String, bool)]) -> Self {
        let (field, descending) = entity.default_order;
        let mut terms: Vec<_> = terms.iter().map(|(name, down)| (field_of(entity, name), *down)).collect();
        if terms.is_empty() {
            terms.push((field.to_owned(), descending));
        }
        let text_key = entity.key_kind == KeyKind::Text;
        let term = |(field, descending): (String, bool)| {
            let declared = entity.field(&field);
            let text = if field == "id" { text_key } else { declared.is_some_and(|field| field.folded.is_some()) };
            Term { field, text, descending }
        };
        let mut terms: Vec<_> = terms.into_iter().map(term).collect();
        if terms.iter().all(|term| term.field != "id") {
            let descending = terms.last().is_some_and(|term| term.descending);
            terms.push(Term { field: "id".to_owned(), text: text_key, descending });
        }
        let mut name = entity.singular.to_owned();
        for term in deciding(&terms) {
            name.push(if term.descending { '-' } else { '+' });
            name.push_str(&term.field);
        }
        Self { name, terms }
    }

    /// The position of a row. Null is lowest, and case is ignored.
    pub fn place(&self, visibility: &ViewerAccess<'_>, entity: &EntityType, row: &Row) -> Vec<Cell> {
        let value = |term: &Term| {
            if term.field == "id" {
                return row[entity.key].clone();
            }
            let Some(field) = entity.field(&term.field) else {
                // What `totalCount` of the relation says.
                let counted = visibility.listed(entity, counted(&term.field), row, false).len();
                return Cell::Int(i64::try_from(counted).expect("few rows"));
            };
            let hidden = visibility.shown(entity, &term.field, row) == Shown::Hidden;
            match &row[field.column] {
                _ if hidden => {
                    if term.text {
                        Cell::Text(String::new())
                    } else {
                        Cell::Int(0)
                    }
                }
                Cell::Text(text) => Cell::Text(folding::fold(text)),
                Cell::Null if term.text => Cell::Text(String::new()),
                Cell::Null => Cell::Int(i64::MIN),
                cell => cell.clone(),
            }
        };
        deciding(&self.terms).iter().map(value).collect()
    }

    fn compare(&self, one: &[Cell], other: &[Cell]) -> Ordering {
        let mut pairs = one.iter().zip(other).zip(&self.terms);
        let decided = pairs.find_map(|((one, other), term)| match one.cmp(other) {
            Ordering::Equal => None,
            ordering if term.descending => Some(ordering.reverse()),
            ordering => Some(ordering),
        });
        decided.unwrap_or(Ordering::Equal)
    }

    /// The cursor of a place.
    pub fn cursor(&self, place: &[Cell]) -> String {
        let mut parts = vec![Value::from(self.name.as_str())];
        parts.extend(place.iter().map(|cell| match cell {
            Cell::Int(number) => Value::from(*number),
            Cell::Text(text) => Value::from(text.as_str()),
            other => panic!("{other:?} orders nothing"),
        }));
        URL_SAFE_NO_PAD.encode(Value::from(parts).to_string())
    }

    /// The place that a cursor of this order names.
    fn place_of(&self, cursor: &str) -> Option<Vec<Cell>> {
        let parts: Vec<Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (name, values) = parts.split_first()?;
        let terms = deciding(&self.terms);
        if *name != self.name.as_str() || values.len() != terms.len() {
            return None;
        }
        let cell = |(value, term): (&Value, &Term)| match value {
            Value::String(text) if term.text => Some(Cell::Text(text.clone())),
            Value::Number(number) if !term.text => number.as_i64().map(Cell::Int),
            _ => None,
        };
        values.iter().zip(terms).map(cell).collect()
    }
}

/// Behind the key nothing is left to decide.
fn deciding(terms: &[Term]) -> &[Term] {
    let key = terms.iter().position(|term| term.field == "id").map_or(terms.len(), |key| key + 1);
    &terms[..key]
}

/// `CREATED_AT` → `createdAt`.
fn field_of(entity: &EntityType, constant: &str) -> String {
    let fits = |name: &str| name.to_ascii_uppercase() == constant.replace('_', "");
    let field = entity.fields.iter().find(|field| fits(&field.name)).map(|field| field.name.clone());
    let count = || {
        let names = entity.relations.iter().flat_map(|of| ["Count", "TotalCount"].map(|end| of.name.to_owned() + end));
        names.into_iter().find(|name| fits(name))
    };
    field.or_else(count).unwrap_or_else(|| panic!("{constant} orders {}", entity.name))
}

/// `leadsCount` or, beside a field of that name, `leadsTotalCount` → `leads`.
fn counted(name: &str) -> &str {
    name.trim_end_matches("Count").trim_end_matches("Total")
}
