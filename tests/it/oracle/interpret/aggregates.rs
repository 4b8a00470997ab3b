//! `aggregate` and `groups`: rows in groups of equal keys, and figures over them.

use std::{cmp::Ordering, collections::BTreeMap};

use async_graphql::{Positioned, parser::types::Field};
use promograph::{
    read::model::{EntityField, EntityType, FieldKind},
    time::calendar::{Calendar, Interval},
};

use super::{BAD_USER_INPUT, Cell, Execution, FORBIDDEN, Faults, Given, Json, Request, Row, entity, ids};
use crate::oracle::json::{decimal, enum_value, time};

type Fields<'a, 'b> = &'b [&'a Positioned<Field>];

/// A figure of a field: `("amount", "sum")`.
type Figure = (String, String);

/// What `groups` asks for; of `aggregate` there is one group of all rows.
#[derive(Default)]
pub struct Figures {
    keys: Vec<String>,
    /// Of the key `start`: a time, and a time zone.
    interval: Option<(String, String)>,
    first: Option<usize>,
    /// None is the number of rows.
    having: Vec<(Option<Figure>, String, Given)>,
    order: Vec<(By, bool)>,
    /// All that are computed, so that their sums must fit.
    computed: Vec<Figure>,
    /// Whether rows of a group have the same text as unit, known or not.
    same_unit_text: bool,
}

#[derive(PartialEq)]
enum By {
    Count,
    Key(usize),
    Figure(Figure),
}

impl<'a> Execution<'a> {
    /// Reads the arguments and what is selected, and collects the errors.
    pub fn figures_of(
        &self,
        of: &EntityType,
        list: &Request,
        fields: Fields<'a, '_>,
        faults: &mut Faults,
    ) -> Option<Figures> {
        let mut figures = Figures::default();
        let group = format!("{}Group", of.name);
        if fields[0].node.name.node == "aggregate" {
            self.computed(of, fields, &mut figures);
        } else {
            let arguments = self.arguments(&format!("{}Connection", of.name), fields, faults)?;
            let given = |name: &str| arguments.get(name).filter(|value| **value != Given::Null);
            figures.first = Some(match given("first") {
                Some(Given::Int(first)) if (1..=10_000).contains(first) => usize::try_from(*first).expect("small"),
                None => 100,
                _ => {
                    faults.add(BAD_USER_INPUT);
                    1
                }
            });
            if let Some(interval) = given("interval") {
                self.interval(of, interval, &mut figures, faults);
            }
            self.keys(of, given("by"), &mut figures, faults);
            for (name, value) in entries(given("having"), faults) {
                if name == "count" {
                    conditions(None, &value, &mut figures, faults);
                    continue;
                }
                if !self.visibility.may_name(of, &name) {
                    faults.add(FORBIDDEN);
                }
                for (statistic, compared) in entries(Some(&value), faults) {
                    conditions(Some(&(name.clone(), statistic)), &compared, &mut figures, faults);
                }
            }
            self.order(of, given("orderBy"), &mut figures, faults);
            for fields in self.collector.below(&group, fields).values() {
                match fields[0].node.name.node.as_str() {
                    "aggregate" => self.computed(of, fields, &mut figures),
                    "key" => {
                        let key = self.collector.below(&format!("{group}Key"), fields);
                        let names = key.values().map(|fields| fields[0].node.name.node.as_str());
                        let unknown = |name: &str| name != "__typename" && !figures.keys.iter().any(|key| key == name);
                        names.filter(|name| unknown(name)).for_each(|_| faults.add(BAD_USER_INPUT));
                    }
                    _ => {}
                }
            }
        }
        // Different units are not added.
        let filtered = |name: &str| match &list.filter {
            Some(Given::Object(fields)) => match fields.get(name) {
                Some(Given::Object(compared)) => compared.get("eq").cloned(),
                _ => None,
            },
            _ => None,
        };
        let is_key = |name: &str| figures.keys.iter().any(|key| key == name);
        for (name, statistic) in &figures.computed {
            let unit = of.field(name).and_then(|field| field.measured_in);
            let Some(unit) = unit.filter(|_| matches!(statistic.as_str(), "sum" | "avg")) else { continue };
            let one = filtered(unit).is_some_and(|unit| unit != Given::Enum("OTHER".to_owned()));
            let raw = format!("{unit}Raw");
            if !one && !is_key(unit) && !is_key(&raw) && filtered(&raw).is_none() {
                faults.add(BAD_USER_INPUT);
            }
        }
        figures.same_unit_text = is_key("unitRaw") || filtered("unitRaw").is_some();
        Some(figures)
    }

    fn keys(&self, of: &EntityType, by: Option<&Given>, figures: &mut Figures, faults: &mut Faults) {
        let names = match by {
            Some(Given::List(names)) => names.clone(),
            _ => Vec::new(),
        };
        if names.is_empty() && figures.interval.is_none() || names.len() > 3 {
            faults.add(BAD_USER_INPUT);
        }
        for name in &names {
            let Given::Enum(constant) = name else { panic!("{name:?} is no key") };
            let name = named(of, constant).expect("keys are fields");
            if !self.visibility.may_name(of, &name) {
                faults.add(FORBIDDEN);
            }
            if figures.keys.contains(&name) {
                faults.add(BAD_USER_INPUT);
            }
            figures.keys.push(name);
        }
    }

    fn interval(&self, of: &EntityType, given: &Given, figures: &mut Figures, faults: &mut Faults) {
        let Given::Object(parts) = given else { panic!("{given:?} is no interval") };
        let (Given::Enum(constant), Given::Text(zone)) = (&parts["field"], &parts["timezone"]) else {
            panic!("{given:?} is no interval")
        };
        let name = named(of, constant).expect("intervals are of fields");
        if !self.visibility.may_name(of, &name) {
            faults.add(FORBIDDEN);
        }
        figures.interval = Some((name, zone.clone()));
        figures.keys.push("start".to_owned());
    }

    /// The start of the year that a row's time is in.
    fn start(&self, of: &EntityType, (name, zone): &(String, String), row: &Row) -> Cell {
        let cell = self.visibility.value(of, of.field(name).expect("a field"), row);
        let Cell::Int(ms) = cell else { return Cell::Null };
        let calendar = Calendar::of_zone(zone).expect("a zone");
        let Ok(edges) = calendar.edges(Interval::Year, ms, ms + 1) else {
            // No calendar has it, which fails the whole field as a sum does that does not fit.
            self.overflow.set(true);
            return Cell::Null;
        };
        Cell::Int(edges[0])
    }

    fn order(&self, of: &EntityType, terms: Option<&Given>, figures: &mut Figures, faults: &mut Faults) {
        let Some(Given::List(terms)) = terms else { return };
        for term in terms {
            let Given::Object(parts) = term else { panic!("{term:?} is no term") };
            let Given::Enum(constant) = &parts["field"] else { panic!("{term:?} names nothing") };
            let by = if constant == "COUNT" {
                By::Count
            } else if constant == "START" {
                let Some(place) = figures.keys.iter().position(|key| key == "start") else {
                    faults.add(BAD_USER_INPUT);
                    continue;
                };
                By::Key(place)
            } else if let Some(name) =
                of.group_keys().find_map(|field| named(of, constant).filter(|name| *name == field.name))
            {
                let Some(place) = figures.keys.iter().position(|key| *key == name) else {
                    faults.add(BAD_USER_INPUT);
                    continue;
                };
                By::Key(place)
            } else {
                let ends = ["COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"];
                let end = ends.iter().find(|end| constant.ends_with(&format!("_{end}"))).expect("a figure");
                let name = named(of, &constant[..constant.len() - end.len() - 1]).expect("figures are of fields");
                if !self.visibility.may_name(of, &name) {
                    faults.add(FORBIDDEN);
                }
                let statistic = if *end == "COUNT_DISTINCT" { "countDistinct".to_owned() } else { end.to_lowercase() };
                figures.computed.push((name.clone(), statistic.clone()));
                By::Figure((name, statistic))
            };
            if figures.order.iter().any(|(known, _)| *known == by) {
                faults.add(BAD_USER_INPUT);
            }
            figures.order.push((by, parts["direction"] == Given::Enum("DESC".to_owned())));
        }
    }

    /// What is selected in an `aggregate`.
    fn computed(&self, of: &EntityType, fields: Fields<'a, '_>, figures: &mut Figures) {
        let aggregate = format!("{}Aggregate", of.name);
        for fields in self.collector.below(&aggregate, fields).values() {
            let name = fields[0].node.name.node.as_str();
            let Some(output) = self.world.types.field(&aggregate, name) else { continue };
            let below = crate::oracle::types::named(&output.ty);
            for fields in self.collector.below(below, fields).values() {
                let statistic = fields[0].node.name.node.as_str();
                if statistic != "__typename" && name != "count" {
                    figures.computed.push((name.to_owned(), statistic.to_owned()));
                }
            }
        }
    }

    /// The value of `aggregate` or `groups`, whose arguments were checked.
    pub fn figures(&self, of: &EntityType, list: &Request, rows: &[&Row], fields: Fields<'a, '_>) -> Json {
        let mut faults = Faults::default();
        let figures = self.figures_of(of, list, fields, &mut faults).expect("the arguments were checked");
        let Some(first) = figures.first else {
            self.check_sums(of, &figures, rows);
            return self.aggregate(of, &figures, rows, fields);
        };
        let mut groups: BTreeMap<Vec<Cell>, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            let key = figures.keys.iter().map(|name| match &figures.interval {
                Some(interval) if name == "start" => self.start(of, interval, row),
                _ => self.key_of(of, of.field(name).expect("a field"), row),
            });
            groups.entry(key.collect()).or_default().push(row);
        }
        for rows in groups.values() {
            self.check_sums(of, &figures, rows);
        }
        let mut groups: Vec<_> = groups.into_iter().filter(|(_, rows)| self.has(of, &figures, rows)).collect();
        // Stable: equal groups stay in the order of their keys.
        groups.sort_by(|one, other| {
            let terms = figures.order.iter().map(|(by, descending)| {
                let ordering = match by {
                    By::Count => one.1.len().cmp(&other.1.len()),
                    By::Key(place) => one.0[*place].cmp(&other.0[*place]),
                    By::Figure(figure) => {
                        let value = |rows| self.figure(of, &figures, figure, rows);
                        value(&one.1).cmp(&value(&other.1))
                    }
                };
                if *descending { ordering.reverse() } else { ordering }
            });
            terms.fold(Ordering::Equal, Ordering::then)
        });
        groups.truncate(first);
        let group = format!("{}Group", of.name);
        let written = groups.iter().map(|(key, rows)| {
            self.write(&group, &self.collector.below(&group, fields), |name, fields| match name {
                "key" => {
                    let object = format!("{group}Key");
                    self.write(&object, &self.collector.below(&object, fields), |name, _| {
                        let place = figures.keys.iter().position(|key| key == name).expect("keys were checked");
                        match &key[place] {
                            Cell::Int(ms) if name == "start" => Json::Text(time(*ms)),
                            Cell::Null => Json::Null,
                            key => written_key(of, of.field(name).expect("a field"), key),
                        }
                    })
                }
                _ => self.aggregate(of, &figures, rows, fields),
            })
        });
        Json::List(written.collect())
    }

    /// The value of a key: of an enum its name.
    fn key_of(&self, of: &EntityType, field: &EntityField, row: &Row) -> Cell {
        match (self.visibility.value(of, field, row), field.kind) {
            (Cell::Text(raw), FieldKind::Enum(values)) => Cell::Text(enum_value(values, &raw).to_owned()),
            (cell, _) => cell,
        }
    }

    fn aggregate(&self, of: &EntityType, figures: &Figures, rows: &[&Row], fields: Fields<'a, '_>) -> Json {
        let aggregate = format!("{}Aggregate", of.name);
        self.write(&aggregate, &self.collector.below(&aggregate, fields), |name, fields| {
            if name == "count" {
                return Json::Int(i64::try_from(rows.len()).expect("few rows"));
            }
            let output = self.world.types.field(&aggregate, name).expect("figures are declared");
            let below = crate::oracle::types::named(&output.ty);
            let kind = of.field(name).expect("a field").kind;
            self.write(below, &self.collector.below(below, fields), |statistic, _| {
                let value = self.figure(of, figures, &(name.to_owned(), statistic.to_owned()), rows);
                match (value, statistic, kind) {
                    (None, ..) => Json::Null,
                    (Some(value), "avg", _) | (Some(value), "min" | "max" | "sum", FieldKind::Decimal) => {
                        Json::Text(decimal(value))
                    }
                    (Some(value), "min" | "max", FieldKind::Time) => {
                        Json::Text(time(i64::try_from(value).expect("a time")))
                    }
                    // A sum that does not fit fails the whole field.
                    (Some(value), ..) => Json::Int(i64::try_from(value).unwrap_or_default()),
                }
            })
        })
    }

    /// A figure over rows: whole numbers, milliseconds, or 1/10,000.
    fn figure(&self, of: &EntityType, figures: &Figures, (name, statistic): &Figure, rows: &[&Row]) -> Option<i128> {
        let field = of.field(name).expect("a field");
        let adds = matches!(statistic.as_str(), "sum" | "avg");
        let rows = rows.iter().filter(|row| !adds || self.has_one_unit(of, field, figures, row));
        let values = rows.map(|row| self.visibility.value(of, field, row)).filter(|cell| *cell != Cell::Null);
        if statistic == "countDistinct" {
            let mut values: Vec<_> = values.collect();
            values.sort();
            values.dedup();
            return Some(values.len() as i128);
        }
        let numbers =
            values.map(|cell| if let Cell::Int(number) = cell { i128::from(number) } else { panic!("{cell:?}") });
        let numbers: Vec<_> = numbers.collect();
        let sum = || Some(numbers.iter().sum::<i128>()).filter(|_| !numbers.is_empty());
        match statistic.as_str() {
            "min" => numbers.iter().min().copied(),
            "max" => numbers.iter().max().copied(),
            "sum" => sum(),
            _ => {
                let unit = if field.kind == FieldKind::Decimal { 1 } else { 10_000 };
                sum().map(|sum| {
                    let (sum, count) = (sum * unit, numbers.len() as i128);
                    let (whole, rest) = (sum / count, sum % count);
                    whole + if rest.abs() * 2 >= count { sum.signum() } else { 0 }
                })
            }
        }
    }

    /// Whether the amount of a row may be added to the others of its group.
    fn has_one_unit(&self, of: &EntityType, field: &EntityField, figures: &Figures, row: &Row) -> bool {
        let unit = field.measured_in.and_then(|unit| of.field(unit));
        match unit.map(|unit| (self.visibility.value(of, unit, row), unit.kind)) {
            Some((Cell::Text(raw), FieldKind::Enum(values))) => {
                figures.same_unit_text || enum_value(values, &raw) != "OTHER"
            }
            Some((Cell::Text(_), _)) | None => true,
            Some(_) => false,
        }
    }

    fn check_sums(&self, of: &EntityType, figures: &Figures, rows: &[&Row]) {
        for figure in figures.computed.iter().filter(|(_, statistic)| statistic == "sum") {
            if self.figure(of, figures, figure, rows).is_some_and(|sum| i64::try_from(sum).is_err()) {
                self.overflow.set(true);
            }
        }
    }

    fn has(&self, of: &EntityType, figures: &Figures, rows: &[&Row]) -> bool {
        figures.having.iter().all(|(figure, comparator, operand)| {
            let value = match figure {
                None => Some(rows.len() as i128),
                Some(figure) => self.figure(of, figures, figure, rows),
            };
            let equals = |operand: &Given| matches!((operand, value), (Given::Int(one), Some(other)) if i128::from(*one) == other);
            match (comparator.as_str(), operand) {
                ("isNull", operand) => *operand == Given::Bool(value.is_none()),
                _ if value.is_none() => false,
                ("in", Given::List(items)) => items.iter().any(equals),
                ("notIn", Given::List(items)) => !items.iter().any(equals),
                ("eq", operand) => equals(operand),
                ("ne", operand) => !equals(operand),
                (comparator, Given::Int(number)) => {
                    let ordering = value.cmp(&Some(i128::from(*number)));
                    match comparator {
                        "lt" => ordering.is_lt(),
                        "lte" => ordering.is_le(),
                        "gt" => ordering.is_gt(),
                        _ => ordering.is_ge(),
                    }
                }
                other => panic!("{other:?} is no condition"),
            }
        })
    }
}

fn entries(value: Option<&Given>, faults: &mut Faults) -> Vec<(String, Given)> {
    match value {
        None => Vec::new(),
        Some(Given::Object(fields)) => fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        Some(_) => {
            faults.add(BAD_USER_INPUT);
            Vec::new()
        }
    }
}

fn conditions(of: Option<&Figure>, compared: &Given, figures: &mut Figures, faults: &mut Faults) {
    figures.computed.extend(of.cloned());
    for (comparator, operand) in entries(Some(compared), faults) {
        if operand == Given::Null {
            faults.add(BAD_USER_INPUT);
        }
        figures.having.push((of.cloned(), comparator, operand));
    }
}

fn written_key(of: &EntityType, field: &EntityField, key: &Cell) -> Json {
    match (key, field.kind) {
        (key, FieldKind::RelatedId(relation)) => {
            Json::Text(ids::encode(entity(of.relation(relation).expect("a relation").target), key))
        }
        (Cell::Text(text), _) => Json::text(text),
        (key, kind) => Json::cell(key, kind),
    }
}

/// `CREATED_AT` → `createdAt`.
fn named(of: &EntityType, constant: &str) -> Option<String> {
    let fits = |name: &str| name.to_ascii_uppercase() == constant.replace('_', "");
    of.fields.iter().find(|field| fits(&field.name)).map(|field| field.name.clone())
}
