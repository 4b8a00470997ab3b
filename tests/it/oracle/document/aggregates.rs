//! Arguments of `groups`.

use promograph::read::model::{EntityField, EntityType, MeasuredKind, Statistic, constant_case};

use super::{Maker, value::Val};
use crate::oracle::types::Inputs;

impl Maker<'_> {
    /// The arguments of `groups` of rows of this type, in parentheses.
    pub fn grouped(&mut self, of: &EntityType, definitions: &Inputs) -> String {
        let mut keys = self.group_keys(of);
        let mut names: Vec<_> = keys.iter().map(|name| constant_case(name)).collect();
        let interval = if self.dice.percent(25) { self.interval(of) } else { None };
        if self.faulty && self.dice.percent(6) {
            names.extend(names.clone());
        }
        let mut values = vec![("by", Val::List(names.into_iter().map(Val::Enum).collect()))];
        if let Some(interval) = interval {
            values.push(("interval", interval));
            keys.push("start".to_owned());
        }
        if self.dice.percent(35) {
            values.push(("having", self.having(of, &keys)));
        }
        if self.dice.percent(45) {
            values.push(("orderBy", self.group_order(of, &keys)));
        }
        if self.dice.percent(30) {
            let wrong = self.faulty && self.dice.percent(15);
            let first = if wrong { *self.dice.pick(&[0, -1, 10_001]) } else { 1 + self.dice.number(4) };
            values.push(("first", Val::Int(first)));
        }
        self.dice.shuffle(&mut values);
        let arguments = self.written(definitions, &values);
        self.keys_of.insert(arguments.clone(), keys);
        arguments
    }

    /// Years, of which there are never too many.
    fn interval(&mut self, of: &EntityType) -> Option<Val> {
        let visibility = self.world.visibility;
        let hidden_too = self.faulty && self.dice.percent(20);
        let times: Vec<_> = of.times().filter(|field| hidden_too || visibility.may_name(of, &field.name)).collect();
        let field = Val::Enum(constant_case(&self.dice.pick_any(&times)?.name));
        let zone = Val::text(*self.dice.pick(&["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"]));
        let parts = [("field", field), ("unit", Val::Enum("YEAR".to_owned())), ("timezone", zone)];
        Some(Val::Object(parts.map(|(name, value)| (name.to_owned(), value)).to_vec()))
    }

    fn group_keys(&mut self, of: &EntityType) -> Vec<String> {
        let visibility = self.world.visibility;
        let hidden_too = self.faulty && self.dice.percent(20);
        let keys: Vec<_> = of.group_keys().filter(|field| hidden_too || visibility.may_name(of, &field.name)).collect();
        let count = if self.faulty { self.dice.below(5) } else { 1 + self.dice.below(2) };
        let mut chosen: Vec<String> = Vec::new();
        for _ in 0..count {
            let name = &self.dice.pick(&keys).name;
            if !chosen.contains(name) {
                chosen.push(name.clone());
            }
        }
        chosen
    }

    /// Figures that may be compared, but for the faults of the document.
    fn measures<'b>(&mut self, of: &'b EntityType, keys: &[String]) -> Vec<(&'b EntityField, MeasuredKind, Statistic)> {
        let visibility = self.world.visibility;
        let (hidden_too, mixed_too) = (self.faulty && self.dice.percent(20), self.faulty && self.dice.percent(20));
        let fields = of.measured().filter(|(field, _)| hidden_too || visibility.may_name(of, &field.name));
        let all = fields.flat_map(|(field, kind)| kind.statistics().iter().map(move |one| (field, kind, *one)));
        all.filter(|(field, _, statistic)| {
            let unit = field.measured_in.filter(|_| statistic.adds());
            mixed_too || unit.is_none_or(|unit| keys.iter().any(|key| key.trim_end_matches("Raw") == unit))
        })
        .collect()
    }

    fn having(&mut self, of: &EntityType, keys: &[String]) -> Val {
        let compared = self.comparisons_with(&[0, 1, 2, 3, 5]);
        let mut fields = Vec::new();
        if self.dice.percent(50) {
            fields.push(("count".to_owned(), compared));
        }
        let mut measures = self.measures(of, keys);
        measures.retain(|(_, kind, _)| *kind != MeasuredKind::Time);
        if let (Some((field, _, statistic)), true) = (self.dice.pick_any(&measures).copied(), self.dice.percent(60)) {
            let compared = self.comparisons_with(&[0, 1, 100, 2_500, -1]);
            let figure = Val::Object(vec![(statistic.name().to_owned(), compared)]);
            fields.push((field.name.clone(), figure));
        }
        if fields.is_empty() && self.faulty && self.dice.percent(15) {
            fields.push(("count".to_owned(), Val::Null));
        }
        Val::Object(fields)
    }

    fn comparisons_with(&mut self, numbers: &[i64]) -> Val {
        let comparator = *self.dice.pick(&["eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull"]);
        let value = match comparator {
            _ if self.faulty && self.dice.percent(4) => Val::Null,
            "isNull" => Val::Bool(self.dice.percent(50)),
            "in" | "notIn" => {
                let count = self.dice.below(4);
                Val::List((0..count).map(|_| Val::Int(*self.dice.pick(numbers))).collect())
            }
            _ => Val::Int(*self.dice.pick(numbers)),
        };
        Val::Object(vec![(comparator.to_owned(), value)])
    }

    fn group_order(&mut self, of: &EntityType, keys: &[String]) -> Val {
        let mut names = vec!["COUNT".to_owned()];
        names.extend(keys.iter().map(|key| constant_case(key)));
        for (field, _, statistic) in self.measures(of, keys) {
            names.push(format!("{}_{}", constant_case(&field.name), constant_case(statistic.name())));
        }
        if self.faulty && self.dice.percent(10) {
            names.extend(of.group_keys().map(|field| constant_case(&field.name)));
        }
        let mut terms: Vec<(String, Val)> = Vec::new();
        for _ in 0..self.dice.below(3) {
            let name = self.dice.pick(&names).clone();
            if terms.iter().any(|(known, _)| *known == name) && !self.faulty {
                continue;
            }
            let mut parts = vec![("field".to_owned(), Val::Enum(name.clone()))];
            if self.dice.percent(50) {
                let direction = *self.dice.pick(&["ASC", "DESC"]);
                parts.push(("direction".to_owned(), Val::Enum(direction.to_owned())));
            }
            terms.push((name, Val::Object(parts)));
        }
        Val::List(terms.into_iter().map(|(_, term)| term).collect())
    }
}
