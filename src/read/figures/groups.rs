//! The values of groups, as the statements of a report read them.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use sea_orm::QueryResult;

use super::{
    component::Aggregate,
    plan::{FigurePlan, FigureStatement, KeyForm, ValueForm},
};
use crate::read::{Reader, error::ReadError, exact_sum, fetch, params::Inputs, raw_row::RawRow};

/// The most rows that a report is sorted of.
const MAX_ROWS: usize = 100_000;

/// The value of a dimension. None sorts first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// None.
    Null,
    /// An id or a number.
    Int(i64),
    /// Text, or the name of an enum's value.
    Text(String),
}

/// The values of the dimensions, in the order of `by`.
pub type Keys = Vec<Key>;

/// A value of each figure.
pub type Values = Vec<Option<i128>>;

/// The groups of a report.
#[derive(Debug, Default)]
pub struct FigureGroups {
    /// By interval, if rows are divided by intervals.
    parts: HashMap<Keys, HashMap<Option<usize>, Values>>,
    /// Of intervals without rows, in which only numbers at their beginning are something.
    openings: HashMap<Keys, HashMap<Option<usize>, Values>>,
    /// Of all groups together.
    totals: Values,
    /// Of a group without rows.
    empty: Values,
}

impl FigureGroups {
    /// Runs the statements of a plan over the edges of `inputs`.
    ///
    /// # Errors
    /// When the database fails, or the rows exceed the response's maximum size.
    pub async fn read(reader: &Reader, plan: &FigurePlan, inputs: Inputs<'_>) -> Result<Self, ReadError> {
        let run = |statements| run_all(reader, statements, inputs);
        let (parts, totals) = (run(&plan.statements), run(&plan.totals));
        let (parts, totals) = futures_util::try_join!(parts, totals)?;
        let empty = plan.figures.iter().map(|figure| match figure.component.aggregate {
            Aggregate::NearestRank(..) => None,
            _ => Some(0),
        });
        let mut groups = Self { empty: empty.collect(), ..Self::default() };
        groups.totals = groups.empty.clone();
        for (statement, rows) in plan.statements.iter().zip(&parts) {
            groups.add(statement, rows)?;
        }
        for (statement, rows) in plan.totals.iter().zip(&totals) {
            for row in rows {
                let (.., values) = read_row(statement, row)?;
                for ((figure, _), value) in statement.values.iter().zip(values) {
                    groups.totals[*figure] = value;
                }
            }
        }
        let intervals = inputs.edges.len().saturating_sub(1);
        groups.open(plan, intervals)?;
        Ok(groups)
    }

    fn add(&mut self, statement: &FigureStatement, rows: &[QueryResult]) -> Result<(), ReadError> {
        for row in rows {
            let (interval, keys, values) = read_row(statement, row)?;
            let empty = &self.empty;
            let group = self.parts.entry(keys).or_default().entry(interval).or_insert_with(|| empty.clone());
            for ((figure, _), value) in statement.values.iter().zip(values) {
                // Several raw texts may mean one value of an enum.
                let merged = if statement.additive { added(group[*figure], value) } else { value };
                group[*figure] = merged;
                if statement.additive {
                    self.totals[*figure] = added(self.totals[*figure], value);
                } else if statement.is_whole() {
                    self.totals[*figure] = value;
                }
            }
        }
        Ok(())
    }

    /// Numbers at the beginning of each interval.
    fn open(&mut self, plan: &FigurePlan, intervals: usize) -> Result<(), ReadError> {
        for (index, figure) in plan.figures.iter().enumerate() {
            let Aggregate::Opening { base, gained, lost } = figure.component.aggregate else { continue };
            let (Some(base), Some(gained), Some(lost)) = (plan.of(base), plan.of(gained), plan.of(lost)) else {
                continue;
            };
            self.totals[index] = self.totals[base];
            let divided = plan.statements.iter().any(|statement| statement.intervals);
            if divided {
                check_rows(self.parts.len().saturating_mul(intervals))?;
            }
            for (keys, parts) in &mut self.parts {
                let mut number = parts.get(&None).map_or(Some(0), |whole| whole[base]);
                if !divided {
                    if let Some(whole) = parts.get_mut(&None) {
                        whole[index] = number;
                    }
                    continue;
                }
                for interval in 0..intervals {
                    let part = if let Some(part) = parts.get_mut(&Some(interval)) {
                        part
                    } else {
                        let openings = self.openings.entry(keys.clone()).or_default();
                        openings.entry(Some(interval)).or_insert_with(|| self.empty.clone())
                    };
                    part[index] = number;
                    number = added(number, part[gained]).zip(part[lost]).map(|(number, lost)| number - lost);
                }
            }
        }
        Ok(())
    }

    /// The keys of all groups.
    pub fn keys(&self) -> impl Iterator<Item = &Keys> {
        self.parts.keys()
    }

    /// The intervals in which a group has rows.
    pub fn intervals(&self, keys: &Keys) -> impl Iterator<Item = Option<usize>> {
        self.parts.get(keys).into_iter().flat_map(|parts| parts.keys().copied())
    }

    /// The values of a group.
    #[must_use]
    pub fn values(&self, keys: &Keys, interval: Option<usize>) -> &Values {
        let mut found = [&self.parts, &self.openings].into_iter().filter_map(|parts| parts.get(keys)?.get(&interval));
        found.next().unwrap_or(&self.empty)
    }

    /// The values of all groups together.
    #[must_use]
    pub fn totals(&self) -> &Values {
        &self.totals
    }
}

/// Refuses a report with too many rows.
pub(super) fn check_rows(rows: usize) -> Result<(), ReadError> {
    if rows <= MAX_ROWS {
        return Ok(());
    }
    let message = format!(
        "the report has more than {MAX_ROWS} rows: take a longer `interval`, a `filter`, fewer dimensions, or `fill: false`"
    );
    Err(ReadError::over(message, "reportRows", MAX_ROWS as u64, rows as u64))
}

async fn run_all(
    reader: &Reader,
    statements: &[FigureStatement],
    inputs: Inputs<'_>,
) -> Result<Vec<Vec<QueryResult>>, ReadError> {
    try_join_all(statements.iter().map(|statement| fetch::run(reader, &statement.statement, inputs, &[]))).await
}

impl FigureStatement {
    fn is_whole(&self) -> bool {
        !self.intervals && self.keys.is_empty()
    }
}

fn added(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    Some(one? + other?)
}

fn read_row(statement: &FigureStatement, row: &QueryResult) -> Result<(Option<usize>, Keys, Values), ReadError> {
    let row = RawRow::of(row)?;
    let mut column = 0;
    let interval = if statement.intervals {
        let number = row.int(column)?.and_then(|number| usize::try_from(number).ok());
        column += 1;
        Some(number.ok_or_else(|| ReadError::internal("a row of no interval"))?)
    } else {
        None
    };
    let mut keys = Keys::with_capacity(statement.keys.len());
    for form in &statement.keys {
        let text = |text: &str| Key::Text(text.to_owned());
        keys.push(match form {
            KeyForm::Int => row.int(column)?.map_or(Key::Null, Key::Int),
            KeyForm::Text => row.text(column)?.map_or(Key::Null, text),
            KeyForm::Raw(kind) => row.text(column)?.map_or(Key::Null, |raw| text(kind.value_of(raw))),
        });
        column += 1;
    }
    let backend = statement.statement.params.backend;
    let mut values = Values::with_capacity(statement.values.len());
    for (_, form) in &statement.values {
        values.push(match form {
            ValueForm::Int => {
                column += 1;
                row.int(column - 1)?.map(i128::from)
            }
            ValueForm::Sum => Some(exact_sum::read(backend, row, &mut column)?.unwrap_or(0)),
        });
    }
    Ok((interval, keys, values))
}
