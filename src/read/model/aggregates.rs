//! What `aggregate` and `groups` compute of a field, and which fields rows are grouped by.

use super::{EntityField, EntityType, FieldKind};

/// What is computed of the values of a field in several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The number of different values.
    CountDistinct,
    /// The smallest value.
    Min,
    /// The greatest value.
    Max,
    /// The sum.
    Sum,
    /// The average, rounded half away from zero to 1/10,000.
    Avg,
}

impl Statistic {
    /// The GraphQL name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CountDistinct => "countDistinct",
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
            Self::Avg => "avg",
        }
    }

    /// Whether it adds values, so that all must have one unit.
    #[must_use]
    pub fn adds(self) -> bool {
        matches!(self, Self::Sum | Self::Avg)
    }
}

/// Fields of which the same statistics are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasuredKind {
    /// Ids of other rows.
    Id,
    /// Times.
    Time,
    /// Integers.
    Integer,
    /// Decimal numbers.
    Decimal,
}

impl MeasuredKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Id, Self::Time, Self::Integer, Self::Decimal];

    /// What is computed.
    #[must_use]
    pub fn statistics(self) -> &'static [Statistic] {
        use Statistic::{Avg, CountDistinct, Max, Min, Sum};
        match self {
            Self::Id => &[CountDistinct],
            Self::Time => &[Min, Max],
            Self::Integer | Self::Decimal => &[Min, Max, Sum, Avg],
        }
    }

    /// The GraphQL type of the values, in the singular: of ids they are counts.
    #[must_use]
    pub fn scalar(self, statistic: Statistic) -> &'static str {
        match self {
            _ if statistic == Statistic::Avg => "Decimal",
            Self::Id | Self::Integer => "BigInt",
            Self::Time => "DateTime",
            Self::Decimal => "Decimal",
        }
    }

    /// The start of the names of its GraphQL types.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Time => "DateTime",
            Self::Integer => "BigInt",
            Self::Decimal => "Decimal",
        }
    }
}

impl EntityType {
    /// The fields of which figures are computed. Numbers that are ids have none.
    pub fn measured(&self) -> impl Iterator<Item = (&EntityField, MeasuredKind)> {
        self.fields.iter().filter_map(|field| {
            let kind = match field.kind {
                FieldKind::RelatedId(_) => MeasuredKind::Id,
                FieldKind::Time => MeasuredKind::Time,
                FieldKind::BigInt | FieldKind::Int if !field.name.ends_with("Id") => MeasuredKind::Integer,
                FieldKind::Decimal => MeasuredKind::Decimal,
                _ => return None,
            };
            Some((field, kind))
        })
    }

    /// The fields by which rows are grouped.
    pub fn group_keys(&self) -> impl Iterator<Item = &EntityField> {
        let is_key = |field: &&EntityField| {
            matches!(field.kind, FieldKind::Enum(_) | FieldKind::Bool | FieldKind::RelatedId(_) | FieldKind::Text)
        };
        self.fields.iter().filter(is_key)
    }

    /// The times by whose intervals rows are grouped.
    pub fn times(&self) -> impl Iterator<Item = &EntityField> {
        self.fields.iter().filter(|field| field.kind == FieldKind::Time)
    }
}
