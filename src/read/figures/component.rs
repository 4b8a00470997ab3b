//! What measures are computed from: one aggregate each over the rows of a source.

use super::source::Source;

/// One aggregate.
#[derive(Debug)]
pub struct FigureComponent {
    /// Its rows.
    pub source: &'static Source,
    /// What is computed.
    pub aggregate: Aggregate,
    /// Which of the rows count; empty for all.
    pub condition: &'static str,
    /// Which units count.
    pub unit: UnitChoice,
    /// Whether the argument `age` divides it.
    pub by_age: bool,
}

/// What is computed.
#[derive(Debug)]
pub enum Aggregate {
    /// The number of rows.
    Count,
    /// The number of different values of an expression; null is none.
    Distinct(&'static str),
    /// The sum of an expression; 0 when there is no value.
    Sum(&'static str),
    /// The value at this percentage of an expression's values, by nearest rank.
    NearestRank(&'static str, u8),
    /// The number at the beginning of each interval: that at the beginning of the period, with all that came before the
    /// interval and without all that went.
    Opening {
        /// At the beginning of the period.
        base: &'static FigureComponent,
        /// Came in an interval.
        gained: &'static FigureComponent,
        /// Went in an interval.
        lost: &'static FigureComponent,
    },
}

/// Which units count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitChoice {
    /// It has none.
    None,
    /// Money.
    Cash,
    /// The one of the argument `unit`: money if it is not given, or the row's own if it is divided by unit.
    Argument,
}

const fn component(source: &'static Source, aggregate: Aggregate, condition: &'static str) -> FigureComponent {
    FigureComponent { source, aggregate, condition, unit: UnitChoice::None, by_age: false }
}

/// The number of the rows that fulfil a condition.
pub(super) const fn count(source: &'static Source, condition: &'static str) -> FigureComponent {
    component(source, Aggregate::Count, condition)
}

/// The number of different values.
pub(super) const fn distinct(source: &'static Source, of: &'static str, condition: &'static str) -> FigureComponent {
    component(source, Aggregate::Distinct(of), condition)
}

/// The sum.
pub(super) const fn sum(source: &'static Source, of: &'static str, condition: &'static str) -> FigureComponent {
    component(source, Aggregate::Sum(of), condition)
}

/// The value at a percentage.
pub(super) const fn nearest_rank(source: &'static Source, of: &'static str, percent: u8) -> FigureComponent {
    component(source, Aggregate::NearestRank(of, percent), "")
}

/// The number at the beginning.
pub(super) const fn opening(
    base: &'static FigureComponent,
    gained: &'static FigureComponent,
    lost: &'static FigureComponent,
) -> FigureComponent {
    component(base.source, Aggregate::Opening { base, gained, lost }, "")
}

impl FigureComponent {
    pub(super) const fn in_unit(self) -> Self {
        Self { unit: UnitChoice::Argument, ..self }
    }

    pub(super) const fn in_cash(self) -> Self {
        Self { unit: UnitChoice::Cash, ..self }
    }

    pub(super) const fn by_age(self) -> Self {
        Self { by_age: true, ..self }
    }

    /// What is read for it, and whether its values of parts add up.
    #[must_use]
    pub fn sources(&self) -> Vec<(&'static str, bool)> {
        match self.aggregate {
            Aggregate::Opening { base, gained, lost } => {
                [base, gained, lost].map(|part| (part.source.name, true)).to_vec()
            }
            // Another statement.
            Aggregate::NearestRank(of, _) => vec![(of, false)],
            _ => vec![(self.source.name, self.is_additive())],
        }
    }

    /// Whether its values of parts add up to that of the whole.
    #[must_use]
    pub fn is_additive(&self) -> bool {
        matches!(self.aggregate, Aggregate::Count | Aggregate::Sum(_))
    }
}

/// The age of what is owed, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Age {
    /// The name in the API.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// The youngest, in days.
    pub from_days: i64,
    /// Younger than this; none for any.
    pub below_days: Option<i64>,
}

/// All ages.
pub static AGES: [Age; 4] = [
    Age { name: "DAYS_0_TO_30", description: "At most 30 days.", from_days: 0, below_days: Some(31) },
    Age { name: "DAYS_31_TO_60", description: "31 to 60 days.", from_days: 31, below_days: Some(61) },
    Age { name: "DAYS_61_TO_90", description: "61 to 90 days.", from_days: 61, below_days: Some(91) },
    Age { name: "OVER_90_DAYS", description: "More than 90 days.", from_days: 91, below_days: None },
];
