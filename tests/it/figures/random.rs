//! Random questions.

use promograph::auth::Viewer;

use super::{
    calendar::{Interval, moved},
    dataset::{self, ZONES},
    measures::{AMOUNTS, NOW_MEASURES, STAFF_MEASURES, tells},
    question::{Chosen, Compare, Comparison, Condition, DIMENSIONS, Dimension, Key, Period, Question},
};
use crate::support::Dice;

/// Every measure.
pub const MEASURES: &[&str] = &[
    "referrals",
    "customers",
    "referralToCustomerRate",
    "conversionRate",
    "timeToConvertMedian",
    "timeToConvertP90",
    "activeCustomers",
    "cancellations",
    "cancellationRate",
    "sales",
    "grossSales",
    "refundCount",
    "refundedAmount",
    "revenue",
    "refundRate",
    "averageOrderValue",
    "revenuePerReferral",
    "revenuePerCustomer",
    "commissions",
    "earnings",
    "earningsPending",
    "earningsApproved",
    "earningsDenied",
    "earningsPaid",
    "commissionRate",
    "netRevenue",
    "payoutsPaid",
    "payoutsDue",
    "liability",
    "liabilityUnknown",
    "promotersJoined",
    "promotersActive",
    "promotersFirstReferral",
    "activationRate",
    "enrolments",
    "selfReferrals",
    "suspicious",
];
const UNITS: &[&str] = &["CASH", "CREDITS", "FREE_MONTHS"];
const AGES: &[&str] = &["DAYS_0_TO_30", "DAYS_31_TO_60", "DAYS_61_TO_90", "OVER_90_DAYS"];
const INTERVALS: &[Interval] =
    &[Interval::Hour, Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year];

/// A question to which a viewer gets an answer.
pub fn question(dice: &mut Dice, viewer: Viewer) -> Question {
    let now = dice.percent(12);
    let by = dimensions(dice, viewer);
    let filter = filter(dice, viewer);
    let told = |measure: &str| {
        by.iter().all(|dimension| tells(measure, *dimension))
            && filter.iter().all(|condition| tells(measure, condition.dimension))
    };
    let seen = |measure: &str| !matches!(viewer, Viewer::Promoter { .. }) || !STAFF_MEASURES.contains(&measure);
    let fitting = |measure: &&str| NOW_MEASURES.contains(measure) == now && told(measure) && seen(measure);
    let fitting: Vec<&'static str> = MEASURES.iter().copied().filter(fitting).collect();
    if fitting.is_empty() {
        return question(dice, viewer);
    }
    let count = 1 + dice.below(5);
    let chosen = (0..count).map(|_| chosen(dice, &fitting)).collect();
    let (period, interval) = if now { (None, None) } else { period(dice) };
    let mut question = Question {
        zone: dice.pick::<&str>(ZONES),
        period: if now && dice.percent(30) { Some(Period::Last(1, Interval::Month)) } else { period },
        interval,
        by,
        filter,
        compare: if now || dice.percent(60) {
            None
        } else {
            Some(*dice.pick(&[Compare::PreviousPeriod, Compare::PreviousYear]))
        },
        fill: dice.percent(70),
        chosen,
        order: Vec::new(),
        variables: dice.percent(50),
    };
    order(dice, &mut question, &fitting);
    question
}

/// The same question with other values of its variables: it shares the plan.
pub fn altered(dice: &mut Dice, question: &Question) -> Question {
    let mut altered = question.clone();
    let days = dice.number(200) - 100;
    altered.zone = *dice.pick(ZONES);
    altered.period = question.period.map(|period| match period {
        Period::Dates(first, last) => {
            Period::Dates(moved(Interval::Day, first, days), moved(Interval::Day, last, days))
        }
        Period::Instants(from, to) => Period::Instants(from + days * 86_400_001, to + days * 86_400_001),
        period => period,
    });
    for Condition { dimension, comparisons } in &mut altered.filter {
        for value in comparisons.iter_mut().flat_map(Comparison::keys) {
            *value = key(dice, *dimension);
        }
    }
    altered
}

fn order(dice: &mut Dice, question: &mut Question, fitting: &[&'static str]) {
    let mut measures = fitting.to_vec();
    dice.shuffle(&mut measures);
    for measure in measures.into_iter().take(dice.below(3)) {
        question.order.push((question.chosen.len(), dice.percent(50)));
        question.chosen.push(Chosen { measure, unit: None, age: None, shown: false });
    }
}

fn chosen(dice: &mut Dice, measures: &[&'static str]) -> Chosen {
    let measure = *dice.pick(measures);
    let unit = (AMOUNTS.contains(&measure) && dice.percent(40)).then(|| *dice.pick(UNITS));
    let age = (measure.starts_with("liability") && dice.percent(70)).then(|| *dice.pick(AGES));
    Chosen { measure, unit, age, shown: true }
}

/// Whether the viewer may divide and filter by it.
pub fn may_name(viewer: Viewer, dimension: Dimension) -> bool {
    match viewer {
        Viewer::Promoter { .. } => !matches!(dimension, Dimension::Suspicion | Dimension::SelfReferral),
        Viewer::Analyst { pii: false } => dimension != Dimension::SubId,
        _ => true,
    }
}

fn dimensions(dice: &mut Dice, viewer: Viewer) -> Vec<Dimension> {
    let mut dimensions: Vec<_> = DIMENSIONS.iter().copied().filter(|dimension| may_name(viewer, *dimension)).collect();
    dice.shuffle(&mut dimensions);
    dimensions.truncate(*dice.pick(&[0, 0, 1, 1, 1, 2, 2, 3]));
    dimensions
}

/// Conditions on up to two fields.
pub fn filter(dice: &mut Dice, viewer: Viewer) -> Vec<Condition> {
    let mut dimensions: Vec<_> = DIMENSIONS.iter().copied().chain([Dimension::SelfReferral]).collect();
    dimensions.retain(|dimension| may_name(viewer, *dimension));
    dice.shuffle(&mut dimensions);
    dimensions.truncate(*dice.pick(&[0, 0, 0, 1, 1, 2]));
    dimensions.into_iter().map(|dimension| condition(dice, dimension)).collect()
}

fn condition(dice: &mut Dice, dimension: Dimension) -> Condition {
    if dimension == Dimension::SelfReferral {
        let comparisons = vec![Comparison::Equal(Key::Int(dice.number(2)))];
        return Condition { dimension, comparisons };
    }
    let mut comparisons = vec![comparison(dice, dimension)];
    if dice.percent(25) {
        let other = comparison(dice, dimension);
        if std::mem::discriminant(&other) != std::mem::discriminant(&comparisons[0]) {
            comparisons.push(other);
        }
    }
    Condition { dimension, comparisons }
}

fn comparison(dice: &mut Dice, dimension: Dimension) -> Comparison {
    let ordered = matches!(dimension, Dimension::Tier | Dimension::Country | Dimension::Plan | Dimension::SubId);
    let many = |dice: &mut Dice| (0..dice.below(4)).map(|_| key(dice, dimension)).collect();
    match dice.below(if ordered { 9 } else { 5 }) {
        0 => Comparison::Equal(key(dice, dimension)),
        1 => Comparison::NotEqual(key(dice, dimension)),
        2 => Comparison::In(many(dice)),
        3 => Comparison::NotIn(many(dice)),
        4 => Comparison::IsNull(dice.percent(30)),
        5 => Comparison::Less(key(dice, dimension)),
        6 => Comparison::LessOrEqual(key(dice, dimension)),
        7 => Comparison::Greater(key(dice, dimension)),
        _ => Comparison::GreaterOrEqual(key(dice, dimension)),
    }
}

fn key(dice: &mut Dice, dimension: Dimension) -> Key {
    let id = |dice: &mut Dice, ids: std::ops::Range<i64>| Key::Int(ids.start + dice.number(ids.end - ids.start + 1));
    let text = |dice: &mut Dice, texts: &[&str]| Key::Text((*dice.pick(texts)).to_owned());
    match dimension {
        Dimension::Campaign => id(dice, dataset::CAMPAIGNS),
        Dimension::Promoter => id(dice, dataset::PROMOTERS),
        Dimension::Promotion => id(dice, dataset::PROMOTIONS),
        Dimension::ParentPromoter => id(dice, 1..3),
        Dimension::Offer | Dimension::Reward => id(dice, dataset::OFFERS),
        Dimension::Tier => Key::Int(dice.number(4)),
        Dimension::Country => text(dice, dataset::COUNTRIES),
        Dimension::Plan | Dimension::SubId => text(dice, dataset::TEXTS),
        Dimension::LeadState => text(dice, &["SIGNUP", "ACTIVE", "CANCELLED", "REFUNDED", "OTHER", "MOVED"]),
        Dimension::EntrySource => text(dice, &["API", "COOKIE", "OTHER"]),
        Dimension::Suspicion => text(dice, &["NO_SUSPICION", "AD_SOURCE", "OTHER"]),
        Dimension::Unit => text(dice, &["CASH", "FREE_MONTHS", "CREDITS", "OTHER"]),
        Dimension::CommissionStatus => text(dice, &["PENDING", "APPROVED", "DENIED", "OTHER"]),
        Dimension::PayoutStatus => text(dice, &["PENDING", "COMPLETED", "OTHER"]),
        Dimension::SelfReferral => Key::Int(dice.number(2)),
    }
}

/// A period, divided into some hundred intervals at most.
fn period(dice: &mut Dice) -> (Option<Period>, Option<Interval>) {
    let unit = *dice.pick(INTERVALS);
    let day = |dice: &mut Dice| moved(Interval::Day, jiff::civil::Date::constant(2026, 7, 20), -dice.number(420));
    let (period, days) = match dice.below(4) {
        0 => (Period::Current(unit), days(unit)),
        1 => {
            let count = 1 + dice.number(if unit == Interval::Year { 2 } else { 6 });
            (Period::Last(count, unit), count * days(unit))
        }
        2 => {
            let (first, length) = (day(dice), dice.number(60));
            (Period::Dates(first, moved(Interval::Day, first, length)), length + 1)
        }
        _ => {
            let (one, other) = (dataset::time(dice), dataset::time(dice));
            let (from, to) = (one.min(other), one.max(other) + 1);
            (Period::Instants(from, to), (to - from) / 86_400_000 + 1)
        }
    };
    let mut fitting = INTERVALS.to_vec();
    fitting.retain(|interval| match interval {
        Interval::Hour => days < 5,
        Interval::Day => days < 60,
        Interval::Week => days < 400,
        _ => true,
    });
    let interval = dice.percent(60).then(|| *dice.pick(&fitting));
    (Some(period), interval)
}

fn days(unit: Interval) -> i64 {
    match unit {
        Interval::Hour | Interval::Day => 1,
        Interval::Week => 7,
        Interval::Month => 31,
        Interval::Quarter => 92,
        Interval::Year => 366,
    }
}
