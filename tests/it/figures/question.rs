//! A question: the arguments and the selection of `performance`.

use super::{
    calendar::{Calendar, Interval, moved},
    measures::AMOUNTS,
};
use jiff::civil::Date;

/// What rows are divided by, and filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Campaign,
    Promoter,
    Promotion,
    ParentPromoter,
    Country,
    Offer,
    Reward,
    Tier,
    LeadState,
    Plan,
    EntrySource,
    SubId,
    Suspicion,
    Unit,
    CommissionStatus,
    PayoutStatus,
    /// For filters alone.
    SelfReferral,
}

pub const DIMENSIONS: &[Dimension] = {
    use Dimension as D;
    &[
        D::Campaign,
        D::Promoter,
        D::Promotion,
        D::ParentPromoter,
        D::Country,
        D::Offer,
        D::Reward,
        D::Tier,
        D::LeadState,
        D::Plan,
        D::EntrySource,
        D::SubId,
        D::Suspicion,
        D::Unit,
        D::CommissionStatus,
        D::PayoutStatus,
    ]
};

impl Question {
    /// Whether it asks for amounts of units that are not known, and of no others.
    pub fn adds_unknown_units(&self) -> bool {
        let other = Key::Text("OTHER".to_owned());
        let takes_other = |comparison: &Comparison| match comparison {
            Comparison::Equal(key) => *key == other,
            Comparison::In(keys) => !keys.is_empty() && keys.iter().all(|key| *key == other),
            _ => false,
        };
        let of_unit = self.filter.iter().filter(|condition| condition.dimension == Dimension::Unit);
        of_unit.flat_map(|condition| &condition.comparisons).any(takes_other)
            && self.chosen.iter().any(|chosen| AMOUNTS.contains(&chosen.measure))
    }
}

impl Dimension {
    /// Its names: in `by`, as a field, in the filter; and the type of its ids.
    pub fn names(self) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Campaign => ("CAMPAIGN", "campaign", "campaignId", Some("Campaign")),
            Self::Promoter => ("PROMOTER", "promoter", "promoterId", Some("Promoter")),
            Self::Promotion => ("PROMOTION", "promotion", "promotionId", Some("Promotion")),
            Self::ParentPromoter => ("PARENT_PROMOTER", "parentPromoter", "parentPromoterId", Some("Promoter")),
            Self::Country => ("COUNTRY", "country", "country", None),
            Self::Offer => ("OFFER", "offer", "offerId", Some("Offer")),
            Self::Reward => ("REWARD", "reward", "rewardId", Some("Reward")),
            Self::Tier => ("TIER", "tier", "tier", None),
            Self::LeadState => ("LEAD_STATE", "leadState", "leadState", None),
            Self::Plan => ("PLAN", "plan", "plan", None),
            Self::EntrySource => ("ENTRY_SOURCE", "entrySource", "entrySource", None),
            Self::SubId => ("SUB_ID", "subId", "subId", None),
            Self::Suspicion => ("SUSPICION", "suspicion", "suspicion", None),
            Self::Unit => ("UNIT", "unit", "unit", None),
            Self::CommissionStatus => ("COMMISSION_STATUS", "commissionStatus", "commissionStatus", None),
            Self::PayoutStatus => ("PAYOUT_STATUS", "payoutStatus", "payoutStatus", None),
            Self::SelfReferral => ("", "", "selfReferral", None),
        }
    }

    pub fn is_enum(self) -> bool {
        use Dimension as D;
        matches!(self, D::LeadState | D::EntrySource | D::Suspicion | D::Unit | D::CommissionStatus | D::PayoutStatus)
    }
}

/// The value of a dimension. None sorts first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Null,
    Int(i64),
    Text(String),
}

/// A comparator with its values.
#[derive(Clone, Debug)]
pub enum Comparison {
    Equal(Key),
    NotEqual(Key),
    In(Vec<Key>),
    NotIn(Vec<Key>),
    IsNull(bool),
    Less(Key),
    LessOrEqual(Key),
    Greater(Key),
    GreaterOrEqual(Key),
}

impl Comparison {
    /// Whether a key fulfils it. A null only equals null.
    pub fn holds(&self, key: &Key) -> bool {
        let present = *key != Key::Null;
        match self {
            Self::Equal(value) => key == value,
            Self::NotEqual(value) => present && key != value,
            Self::In(values) => values.contains(key),
            Self::NotIn(values) => present && !values.contains(key),
            Self::IsNull(null) => present != *null,
            Self::Less(value) => present && key < value,
            Self::LessOrEqual(value) => present && key <= value,
            Self::Greater(value) => present && key > value,
            Self::GreaterOrEqual(value) => present && key >= value,
        }
    }

    /// The values that keys are compared with.
    pub fn keys(&mut self) -> &mut [Key] {
        match self {
            Self::Equal(key)
            | Self::NotEqual(key)
            | Self::Less(key)
            | Self::LessOrEqual(key)
            | Self::Greater(key)
            | Self::GreaterOrEqual(key) => std::slice::from_mut(key),
            Self::In(keys) | Self::NotIn(keys) => keys,
            Self::IsNull(_) => &mut [],
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Equal(_) => "eq",
            Self::NotEqual(_) => "ne",
            Self::In(_) => "in",
            Self::NotIn(_) => "notIn",
            Self::IsNull(_) => "isNull",
            Self::Less(_) => "lt",
            Self::LessOrEqual(_) => "lte",
            Self::Greater(_) => "gt",
            Self::GreaterOrEqual(_) => "gte",
        }
    }
}

/// The conditions of one field of the filter.
#[derive(Clone, Debug)]
pub struct Condition {
    pub dimension: Dimension,
    pub comparisons: Vec<Comparison>,
}

/// The argument `period`.
#[derive(Clone, Copy, Debug)]
pub enum Period {
    Last(i64, Interval),
    Current(Interval),
    Dates(Date, Date),
    Instants(i64, i64),
}

impl Period {
    /// Its first instant, and the first behind it.
    pub fn bounds(self, calendar: &Calendar, now: i64) -> (i64, i64) {
        match self {
            Self::Last(count, unit) => (calendar.shifted(unit, now, -count), calendar.shifted(unit, now, 0)),
            Self::Current(unit) => (calendar.shifted(unit, now, 0), calendar.shifted(unit, now, 1)),
            Self::Dates(first, last) => (calendar.start(first), calendar.start(moved(Interval::Day, last, 1))),
            Self::Instants(from, to) => (from, to),
        }
    }

    /// The start of the period of the same length before it.
    pub fn before(self, calendar: &Calendar, from: i64) -> i64 {
        match self {
            Self::Last(count, unit) => calendar.shifted(unit, from, -count),
            Self::Current(unit) => calendar.shifted(unit, from, -1),
            Self::Dates(first, last) => {
                let end = moved(Interval::Day, last, 1);
                if first.day() == 1 && end.day() == 1 {
                    let month = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
                    return calendar.start(moved(Interval::Month, first, month(first) - month(end)));
                }
                let days = (last - first).get_days();
                calendar.start(moved(Interval::Day, first, -i64::from(days) - 1))
            }
            Self::Instants(..) => panic!("instants have a length in milliseconds"),
        }
    }
}

/// The argument `compareTo`.
#[derive(Clone, Copy, Debug)]
pub enum Compare {
    PreviousPeriod,
    PreviousYear,
}

/// A selected measure.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    pub measure: &'static str,
    pub unit: Option<&'static str>,
    pub age: Option<&'static str>,
    /// Whether it is selected; else only ordered by.
    pub shown: bool,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    pub zone: &'static str,
    pub period: Option<Period>,
    pub interval: Option<Interval>,
    pub by: Vec<Dimension>,
    pub filter: Vec<Condition>,
    pub compare: Option<Compare>,
    pub fill: bool,
    pub chosen: Vec<Chosen>,
    /// Places in `chosen`, and whether the largest comes first.
    pub order: Vec<(usize, bool)>,
    /// Which arguments are variables.
    pub variables: bool,
}

impl Question {
    pub fn calendar(&self) -> Calendar {
        Calendar::of(self.zone)
    }

    /// Places in the values of a row, and whether the largest comes first.
    pub fn order_places(&self) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.order.iter().copied()
    }
}
