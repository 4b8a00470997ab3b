//! `aggregate` and `groups` of a list: the groups of a statement, selected, sorted and written.
//!
//! `plan/aggregates` plans them. Sums are exact: they are read in parts that cannot overflow, and added in 128 bits.

use std::{cmp::Ordering, iter, mem};

use sea_orm::QueryResult;

use super::{
    error::ReadError,
    exact_sum,
    figures::rounded_quotient,
    params::Inputs,
    plan::{PlannedStatement, ValueKind},
    raw_row::RawRow,
    selection::ArgumentValue,
};
use crate::read::model::{MeasuredKind, Statistic};

mod intervals;
mod write;

pub use intervals::GroupIntervals;
pub use write::write;

/// Groups of one statement, of all parents together, at most.
pub const MAX_GROUPS: usize = 10_000;

/// One selected `aggregate` or `groups`.
#[derive(Debug)]
pub struct AggregatePlan {
    /// Reads the groups: keys, the number of rows, measures, and below a row the index of the parent.
    pub statement: PlannedStatement,
    /// What the rows are grouped by.
    pub keys: Vec<GroupKey>,
    /// What is computed.
    pub measures: Vec<AggregateMeasure>,
    /// The calendar intervals of the first key, if it is one.
    pub interval: Option<GroupIntervals>,
    /// The conditions that all hold for a group that is returned.
    pub having: Vec<HavingCondition>,
    /// The order, before that of the keys, and whether descending. Null is the lowest value.
    pub order: Vec<(GroupOrderBy, bool)>,
    /// The number of groups that are returned; none of an `aggregate`, which is one object.
    pub first: Option<usize>,
    /// The JSON of a group.
    pub shape: AggregateShape,
}

/// A field by which rows are grouped.
#[derive(Debug)]
pub struct GroupKey {
    /// Its GraphQL name.
    pub name: String,
    /// The JSON form of its values. An enum is one where the rows have its raw texts, text where they have its names.
    pub kind: ValueKind,
}

/// A figure of a field.
#[derive(Debug)]
pub struct AggregateMeasure {
    /// The GraphQL name of the field.
    pub field: String,
    /// What the field holds.
    pub kind: MeasuredKind,
    /// What is computed.
    pub statistic: Statistic,
}

/// A comparison with a figure of a group.
#[derive(Debug)]
pub struct HavingCondition {
    /// The measure; none for the number of rows.
    pub measure: Option<usize>,
    /// The comparator, as in filters.
    pub comparator: String,
    /// The operand, in the measure's unit.
    pub operand: ArgumentValue,
}

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupOrderBy {
    /// The number of rows.
    Count,
    /// A key.
    Key(usize),
    /// A measure.
    Measure(usize),
}

/// The JSON of a group, or of a part of it.
#[derive(Debug)]
pub enum AggregateShape {
    /// `__typename`.
    TypeName(String),
    /// The number of rows.
    Count,
    /// A measure.
    Measure(usize),
    /// A key.
    Key(usize),
    /// Keys, as `"key":`, and their values.
    Object(Vec<(Vec<u8>, AggregateShape)>),
}

impl AggregateShape {
    /// Its approximate size in memory, in bytes.
    fn size(&self) -> usize {
        let below = match self {
            Self::Object(fields) => fields.iter().map(|(key, shape)| key.len() + shape.size()).sum(),
            Self::TypeName(name) => name.len(),
            _ => 0,
        };
        size_of::<Self>() + below
    }
}

/// The value of a key. Null, as `None`, is the lowest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValue {
    /// A boolean.
    Bool(bool),
    /// A number, a time or a key of a row.
    Int(i64),
    /// Text, the name of an enum's value, or a key of a row.
    Text(String),
}

/// The figures of one group.
#[derive(Clone, Debug, Default)]
pub struct AggregateGroup {
    /// The values of the keys.
    pub keys: Vec<Option<KeyValue>>,
    /// The number of rows.
    pub count: i64,
    /// The values of the measures: whole numbers, milliseconds, or 1/10,000 of decimals.
    pub values: Vec<Option<i128>>,
}

impl AggregatePlan {
    /// Its statements.
    pub fn statements(&self) -> impl Iterator<Item = &PlannedStatement> {
        [&self.statement].into_iter().chain(self.interval.as_ref().map(|interval| &interval.bounds))
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let operands = self.having.iter().map(|condition| condition.operand.size() + size_of::<HavingCondition>());
        let parts = self.keys.len() * size_of::<GroupKey>() + self.measures.len() * size_of::<AggregateMeasure>();
        size_of::<Self>() + parts + operands.sum::<usize>() + self.shape.size()
    }

    /// The groups of each parent, or of the root, in the order in which they are returned.
    ///
    /// # Errors
    /// When there are too many groups, or a sum exceeds 64 bits.
    pub fn groups(
        &self,
        results: &[QueryResult],
        inputs: Inputs<'_>,
        parents: Option<usize>,
    ) -> Result<Vec<Vec<AggregateGroup>>, ReadError> {
        if results.len() > MAX_GROUPS {
            let message = format!("there are more than {MAX_GROUPS} groups: filter the list, or group by fewer fields");
            return Err(ReadError::over(message, "groups", MAX_GROUPS as u64, results.len() as u64));
        }
        let mut all = vec![Vec::new(); parents.unwrap_or(1)];
        for result in results {
            let row = RawRow::of(result)?;
            let group = self.parts(row)?;
            let parent = if parents.is_some() { row.int(row.len() - 1)? } else { Some(0) };
            let parent = parent.and_then(|parent| all.get_mut(usize::try_from(parent).ok()?));
            parent.ok_or_else(|| ReadError::internal("a group belongs to no parent"))?.push(group);
        }
        let merges = self.keys.iter().any(|key| matches!(key.kind, ValueKind::Enum(_)));
        for groups in &mut all {
            if merges {
                groups.sort_unstable_by(|one: &AggregateGroup, other| one.keys.cmp(&other.keys));
                groups.dedup_by(|next, kept| next.keys == kept.keys && self.merge(kept, next));
            }
            for group in &mut *groups {
                self.compute(group)?;
            }
            groups.retain(|group| self.holds(group, inputs));
            groups.sort_unstable_by(|one, other| self.compare(one, other));
            groups.truncate(self.first.unwrap_or(1));
        }
        Ok(all)
    }

    /// A group whose values are those that its figures are computed of: an average's are sum and count.
    fn parts(&self, row: RawRow<'_>) -> Result<AggregateGroup, ReadError> {
        let mut group = AggregateGroup::default();
        for (column, key) in self.keys.iter().enumerate() {
            group.keys.push(match key.kind {
                ValueKind::Bool => row.bool(column)?.map(KeyValue::Bool),
                ValueKind::Id(_) | ValueKind::Time => row.int(column)?.map(KeyValue::Int),
                ValueKind::Enum(kind) => row.text(column)?.map(|raw| KeyValue::Text(kind.value_of(raw).to_owned())),
                _ => row.text(column)?.map(|text| KeyValue::Text(text.to_owned())),
            });
        }
        let mut column = self.keys.len();
        group.count = row.int(column)?.unwrap_or_default();
        column += 1;
        let backend = self.statement.params.backend;
        for AggregateMeasure { statistic, .. } in &self.measures {
            let int = |column: &mut usize| {
                *column += 1;
                Ok::<_, ReadError>(row.int(*column - 1)?.map(i128::from))
            };
            let sum = if statistic.adds() { exact_sum::read(backend, row, &mut column) } else { int(&mut column) };
            group.values.push(sum?);
            if *statistic == Statistic::Avg {
                group.values.push(int(&mut column)?);
            }
        }
        Ok(group)
    }

    /// Adds a group of another raw text of the same value of an enum.
    fn merge(&self, group: &mut AggregateGroup, other: &AggregateGroup) -> bool {
        group.count += other.count;
        let statistics = self.measures.iter().map(|measure| measure.statistic);
        let parts = statistics.flat_map(|one| iter::repeat_n(one, if one == Statistic::Avg { 2 } else { 1 }));
        for ((value, other), statistic) in group.values.iter_mut().zip(&other.values).zip(parts) {
            *value = match (*value, *other) {
                (Some(value), Some(other)) => Some(match statistic {
                    Statistic::Min => value.min(other),
                    Statistic::Max => value.max(other),
                    // Distinct ids are counted by the database, which then knows the values of enums.
                    Statistic::Sum | Statistic::Avg | Statistic::CountDistinct => value + other,
                }),
                (value, other) => value.or(other),
            };
        }
        true
    }

    /// Computes the figures of a group from its parts.
    fn compute(&self, group: &mut AggregateGroup) -> Result<(), ReadError> {
        let mut parts = mem::take(&mut group.values).into_iter();
        for measure in &self.measures {
            let value = parts.next().flatten();
            group.values.push(match measure.statistic {
                Statistic::Sum if value.is_some_and(|sum| i64::try_from(sum).is_err()) => {
                    let message = format!("the sum of `{}` does not fit into 64 bits: filter the list", measure.field);
                    return Err(ReadError::bad(message));
                }
                Statistic::Avg => {
                    let count = parts.next().flatten().unwrap_or_default();
                    // In 1/10,000, as the sums of decimals are already.
                    let unit = if measure.kind == MeasuredKind::Decimal { 1 } else { 10_000 };
                    value.and_then(|sum| rounded_quotient(sum * unit, count))
                }
                _ => value,
            });
        }
        Ok(())
    }

    fn holds(&self, group: &AggregateGroup, inputs: Inputs<'_>) -> bool {
        self.having.iter().all(|condition| {
            let value = match condition.measure {
                None => Some(i128::from(group.count)),
                Some(measure) => group.values.get(measure).copied().flatten(),
            };
            let operand = condition.operand.filled(inputs.slots);
            match (&*operand, value) {
                (ArgumentValue::Bool(null), value) => *null == value.is_none(),
                (_, None) => false,
                (ArgumentValue::List(items), Some(value)) => {
                    let listed = items.iter().any(|item| number(item) == Some(value));
                    listed == (condition.comparator == "in")
                }
                (operand, Some(value)) => {
                    let ordering = number(operand).map(|operand| value.cmp(&operand));
                    ordering.is_some_and(|ordering| match condition.comparator.as_str() {
                        "eq" => ordering.is_eq(),
                        "ne" => ordering.is_ne(),
                        "lt" => ordering.is_lt(),
                        "lte" => ordering.is_le(),
                        "gt" => ordering.is_gt(),
                        _ => ordering.is_ge(),
                    })
                }
            }
        })
    }

    fn compare(&self, one: &AggregateGroup, other: &AggregateGroup) -> Ordering {
        let terms = self.order.iter().map(|(by, descending)| {
            let ordering = match by {
                GroupOrderBy::Count => one.count.cmp(&other.count),
                GroupOrderBy::Key(key) => one.keys.get(*key).cmp(&other.keys.get(*key)),
                GroupOrderBy::Measure(measure) => one.values.get(*measure).cmp(&other.values.get(*measure)),
            };
            if *descending { ordering.reverse() } else { ordering }
        });
        terms.fold(Ordering::Equal, Ordering::then).then_with(|| one.keys.cmp(&other.keys))
    }
}

fn number(operand: &ArgumentValue) -> Option<i128> {
    match operand {
        ArgumentValue::Int(number) => Some(i128::from(*number)),
        _ => None,
    }
}
