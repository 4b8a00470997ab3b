//! The arguments of `groups` that the server applies itself.

use super::{Builder, DEFAULT_GROUPS, figure_name, not_grouped};
use crate::read::{
    aggregates::{GroupOrderBy, HavingCondition, MAX_GROUPS},
    error::ReadError,
    filter::MAX_LIST,
    model::constant_case,
    plan::level::undeclared,
    selection::ArgumentValue,
};

/// The number of groups that are returned.
pub fn first(first: Option<&ArgumentValue>) -> Result<usize, ReadError> {
    match first {
        Some(ArgumentValue::Int(first)) => {
            let fits = usize::try_from(*first).ok().filter(|first| (1..=MAX_GROUPS).contains(first));
            fits.ok_or_else(|| ReadError::bad(format!("`first` is {first}: expected a number from 1 to {MAX_GROUPS}")))
        }
        _ => Ok(usize::try_from(DEFAULT_GROUPS).unwrap_or(MAX_GROUPS)),
    }
}

impl Builder<'_> {
    /// The conditions of `having`.
    pub fn having(&mut self, given: &ArgumentValue) -> Result<Vec<HavingCondition>, ReadError> {
        let entity = self.request.entity;
        let mut conditions = Vec::new();
        for (name, value) in object(given, "having")? {
            let path = format!("having.{name}");
            if name == "count" {
                compare(None, value, &path, &mut conditions)?;
                continue;
            }
            let measured = entity.measured().find(|(field, _)| field.name == *name);
            let (field, kind) = measured.ok_or_else(|| undeclared(name))?;
            self.may_compare(field, &format!("`{path}`"))?;
            for (statistic, value) in object(value, &path)? {
                let known = kind.statistics().iter().find(|known| known.name() == *statistic);
                let measure = self.measure(field, kind, *known.ok_or_else(|| undeclared(statistic))?)?;
                compare(Some(measure), value, &format!("{path}.{statistic}"), &mut conditions)?;
            }
        }
        Ok(conditions)
    }

    /// The terms of `orderBy`.
    pub fn order_by(&mut self, terms: &[ArgumentValue]) -> Result<Vec<(GroupOrderBy, bool)>, ReadError> {
        let mut order = Vec::with_capacity(terms.len());
        for term in terms {
            let parts = object(term, "orderBy")?;
            let Some(ArgumentValue::Enum(name)) = parts.get("field") else { return Err(null("orderBy.field")) };
            let by = self.ordered_by(name)?;
            if order.iter().any(|(known, _)| *known == by) {
                return Err(ReadError::bad(format!("`orderBy` names {name} twice")));
            }
            let descending = matches!(parts.get("direction"), Some(ArgumentValue::Enum(name)) if name == "DESC");
            order.push((by, descending));
        }
        Ok(order)
    }

    fn ordered_by(&mut self, name: &str) -> Result<GroupOrderBy, ReadError> {
        if name == "COUNT" {
            return Ok(GroupOrderBy::Count);
        }
        if name == "START" {
            let place = self.keys.iter().position(|key| key.name == "start");
            return place.map(GroupOrderBy::Key).ok_or_else(|| ReadError::bad("`orderBy` START needs an `interval`"));
        }
        let entity = self.request.entity;
        if let Some(field) = entity.group_keys().find(|field| constant_case(&field.name) == name) {
            let place = self.keys.iter().position(|key| key.name == field.name);
            return Ok(GroupOrderBy::Key(place.ok_or_else(|| not_grouped("`orderBy`", &field.name))?));
        }
        let mut measures = entity
            .measured()
            .flat_map(|(field, kind)| kind.statistics().iter().map(move |statistic| (field, kind, *statistic)));
        let measure = measures.find(|(field, _, statistic)| figure_name(field, *statistic) == name);
        let (field, kind, statistic) = measure.ok_or_else(|| undeclared(name))?;
        self.may_compare(field, &format!("`orderBy` {name}"))?;
        Ok(GroupOrderBy::Measure(self.measure(field, kind, statistic)?))
    }
}

fn compare(
    measure: Option<usize>,
    comparisons: &ArgumentValue,
    path: &str,
    conditions: &mut Vec<HavingCondition>,
) -> Result<(), ReadError> {
    for (comparator, operand) in object(comparisons, path)? {
        let path = format!("{path}.{comparator}");
        if *operand == ArgumentValue::Null {
            return Err(null(&path));
        }
        if let Some(items) = operand.items().filter(|items| *items > MAX_LIST) {
            let message = format!("`{path}` lists {items} values: at most {MAX_LIST}");
            return Err(ReadError::over(message, "filterList", MAX_LIST as u64, items as u64));
        }
        conditions.push(HavingCondition { measure, comparator: comparator.clone(), operand: operand.clone() });
    }
    Ok(())
}

/// The fields of an input object.
pub fn object<'a>(
    value: &'a ArgumentValue,
    path: &str,
) -> Result<&'a indexmap::IndexMap<String, ArgumentValue>, ReadError> {
    match value {
        ArgumentValue::Object(fields) => Ok(fields),
        _ => Err(null(path)),
    }
}

fn null(path: &str) -> ReadError {
    ReadError::bad(format!("`{path}` is null: leave it out"))
}
