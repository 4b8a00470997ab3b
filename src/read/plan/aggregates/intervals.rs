//! `interval`: groups by calendar intervals, whose edges are known once the earliest and the latest time are read.

use super::{Builder, GroupKey, PlannedStatement, ValueKind, arguments};
use crate::{
    read::{
        aggregates::GroupIntervals,
        error::ReadError,
        interval_sql::IntervalSql,
        model::constant_case,
        params::{Param, Params},
        plan::level::undeclared,
        selection::ArgumentValue,
    },
    time::calendar::Interval,
};

impl Builder<'_> {
    /// Groups by the start of an interval, the first key.
    pub fn interval(&mut self, given: &ArgumentValue) -> Result<GroupIntervals, ReadError> {
        let parts = arguments::object(given, "interval")?;
        let (Some(ArgumentValue::Enum(name)), Some(ArgumentValue::Enum(unit)), Some(zone)) =
            (parts.get("field"), parts.get("unit"), parts.get("timezone"))
        else {
            return Err(ReadError::bad("`interval` expects `field`, `unit` and `timezone`"));
        };
        let entity = self.request.entity;
        let field = entity.times().find(|field| constant_case(&field.name) == *name).ok_or_else(|| undeclared(name))?;
        self.may_compare(field, &format!("`interval` {name}"))?;
        let value = self.view.field(entity, field, "t", &mut self.params);
        let interval = IntervalSql::of(&value, "e", &mut self.params);
        self.keys.push(GroupKey { name: "start".to_owned(), kind: ValueKind::Time });
        self.columns.push(interval.start);
        self.intervals = (interval.first, interval.join);
        let mut params = Params::new(self.params.backend);
        let parents = self.parents.as_ref().map(|_| params.bind(Param::Parents));
        let value = self.view.field(entity, field, "t", &mut params);
        let condition = self.request.condition(self.view, "t", &mut params)?;
        let (from, _) = self.from(parents.as_deref());
        let text = format!("select min({value}), max({value}) from {from} where {condition}");
        let bounds = PlannedStatement { text: text.into(), params, long: Vec::new() };
        let unit = Interval::named(unit).ok_or_else(|| undeclared(unit))?;
        Ok(GroupIntervals { bounds, field: field.name.clone(), unit, zone: zone.clone() })
    }
}
