//! The reference: a plain, slow program that answers reports from rows in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::{
    calendar::{Calendar, Interval, moved},
    facts::{Fact, Source, World},
    measures::{AMOUNTS, Cut, Value, sources},
    question::{Chosen, Compare, Dimension, Key, Period, Question},
};

/// A row, or the totals.
#[derive(Clone, Debug)]
pub struct Line {
    pub bounds: Option<(i64, i64)>,
    pub keys: Vec<Key>,
    pub values: Vec<Value>,
    pub previous: Option<Vec<Value>>,
}

/// A report.
#[derive(Debug)]
pub struct Report {
    pub bounds: Option<(i64, i64)>,
    pub totals: Line,
    pub rows: Vec<Line>,
}

/// The facts of the group of these keys in each interval, and those that have no date.
type Group<'a> = HashMap<(Option<usize>, Source), Vec<Fact<'a>>>;

/// The facts of one period.
struct Facts<'a> {
    world: World<'a>,
    edges: Vec<i64>,
    groups: BTreeMap<Vec<Key>, Group<'a>>,
    all: Group<'a>,
}

impl<'a> Facts<'a> {
    fn new(world: World<'a>, question: &Question, edges: &[i64]) -> Self {
        let sources: BTreeSet<Source> =
            question.chosen.iter().flat_map(|chosen| sources(chosen.measure)).copied().collect();
        let mut found = Self { world, edges: edges.to_vec(), groups: BTreeMap::new(), all: Group::new() };
        for source in sources {
            for fact in world.facts(source) {
                if !world.matches(&fact, &question.filter) {
                    continue;
                }
                let interval = match fact.date {
                    None => None,
                    Some(at) => {
                        let Some(interval) = edges.windows(2).position(|pair| pair[0] <= at && at < pair[1]) else {
                            continue;
                        };
                        question.interval.map(|_| interval)
                    }
                };
                let keys = question.by.iter().map(|dimension| world.key(&fact, *dimension)).collect();
                found.all.entry((None, source)).or_default().push(fact.clone());
                found.groups.entry(keys).or_default().entry((interval, source)).or_default().push(fact);
            }
        }
        found
    }

    /// The values of a group in an interval; of all groups together if none is named.
    fn values(&self, question: &Question, keys: Option<&[Key]>, interval: Option<usize>) -> Vec<Value> {
        let place = question.by.iter().position(|dimension| *dimension == Dimension::Unit);
        let own_unit = keys.zip(place).map(|(keys, place)| &keys[place]);
        let value = |chosen: &Chosen| {
            if let (Some(own), None, true) = (own_unit, chosen.unit, AMOUNTS.contains(&chosen.measure)) {
                // Amounts of units that are not known are never added.
                if *own == Key::Null || *own == Key::Text("OTHER".to_owned()) {
                    return Value::Decimal(None);
                }
            }
            let facts = |source: Source| {
                let dated = !matches!(source, Source::LeadsNow | Source::CommissionsNow | Source::PayoutsNow);
                let place = (interval.filter(|_| dated), source);
                let group = keys.map_or(Some(&self.all), |keys| self.groups.get(keys));
                group.and_then(|group| group.get(&place)).map(|facts| facts.iter().collect()).unwrap_or_default()
            };
            let unit = chosen.unit.or(if own_unit.is_some() { None } else { Some("CASH") });
            let start = self.edges.get(interval.unwrap_or(0)).copied().unwrap_or(0);
            Cut { world: self.world, facts: &facts, start, unit, age: chosen.age }.value(chosen.measure)
        };
        question.chosen.iter().map(value).collect()
    }
}

/// The edges of the period and of what it is compared with.
fn edges(question: &Question, now: i64) -> (Vec<i64>, Option<Vec<i64>>) {
    let Some(period) = question.period else { return (Vec::new(), None) };
    let calendar = &question.calendar();
    let (from, to) = period.bounds(calendar, now);
    let Some(interval) = question.interval else {
        let compared = question.compare.map(|compare| {
            let (start, end) = compared_bounds(compare, period, calendar, (from, to));
            vec![start, end]
        });
        return (vec![from, to], compared);
    };
    let edges = calendar.edges(interval, from, to);
    let compared = question.compare.map(|compare| {
        let (start, end) = compared_bounds(compare, period, calendar, (from, to));
        let of_months = |interval| matches!(interval, Interval::Month | Interval::Quarter | Interval::Year);
        let in_months = match period {
            Period::Last(_, unit) | Period::Current(unit) => of_months(unit),
            Period::Dates(first, last) => first.day() == 1 && moved(Interval::Day, last, 1).day() == 1,
            Period::Instants(..) => false,
        };
        let in_time =
            matches!(period, Period::Instants(..) | Period::Last(_, Interval::Hour) | Period::Current(Interval::Hour));
        let (first, first_before) = (calendar.date(from), calendar.date(start));
        let number = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let (mut counterparts, mut reached) = (Vec::new(), start);
        for edge in &edges {
            let before = match compare {
                Compare::PreviousYear => calendar.before(*edge, 0, 12),
                Compare::PreviousPeriod if in_time => edge - (from - start),
                Compare::PreviousPeriod if in_months && of_months(interval) => {
                    calendar.before(*edge, 0, number(first) - number(first_before))
                }
                Compare::PreviousPeriod => calendar.before(*edge, i64::from((first - first_before).get_days()), 0),
            };
            reached = reached.max(before.min(end));
            counterparts.push(reached);
        }
        counterparts[0] = start;
        // What no interval is compared with.
        if reached < end {
            counterparts.push(end);
        }
        counterparts
    });
    (edges, compared)
}

fn compared_bounds(compare: Compare, period: Period, calendar: &Calendar, (from, to): (i64, i64)) -> (i64, i64) {
    match (compare, period) {
        (Compare::PreviousYear, _) => (calendar.before(from, 0, 12), calendar.before(to, 0, 12)),
        (Compare::PreviousPeriod, Period::Instants(..)) => (from - (to - from), from),
        (Compare::PreviousPeriod, period) => (period.before(calendar, from), from),
    }
}

/// The answer to a question that has one.
pub fn report(world: World<'_>, question: &Question) -> Report {
    let (present_edges, compared_edges) = edges(question, world.now);
    let present = Facts::new(world, question, &present_edges);
    let previous = compared_edges.as_ref().map(|edges| Facts::new(world, question, edges));
    let mut keys: BTreeSet<Vec<Key>> = present.groups.keys().cloned().collect();
    keys.extend(previous.iter().flat_map(|facts| facts.groups.keys().cloned()));
    if question.by.is_empty() {
        keys.insert(Vec::new());
    }
    let intervals = present_edges.len().saturating_sub(1);
    let mut rows = Vec::new();
    for keys in keys {
        let shown: Vec<Option<usize>> = if question.interval.is_none() {
            vec![None]
        } else {
            let has = |facts: &Facts<'_>, at| facts.has(&keys, at);
            let shown = |at: &Option<usize>| {
                question.fill || has(&present, *at) || previous.as_ref().is_some_and(|facts| has(facts, *at))
            };
            (0..intervals).map(Some).filter(shown).collect()
        };
        for interval in shown {
            let has_counterpart = |at: usize, edges: &[i64]| at + 1 < edges.len() && edges[at] < edges[at + 1];
            let comparable = |facts: &&Facts<'_>| match interval {
                Some(at) => has_counterpart(at, &facts.edges),
                None => facts.has_length(),
            };
            let place = interval.unwrap_or(0);
            let end = if interval.is_some() { place + 1 } else { present_edges.len().saturating_sub(1) };
            rows.push(Line {
                bounds: present_edges.get(place).copied().zip(present_edges.get(end).copied()),
                values: present.values(question, Some(&keys), interval),
                previous: previous
                    .as_ref()
                    .filter(comparable)
                    .map(|facts| facts.values(question, Some(&keys), interval)),
                keys: keys.clone(),
            });
        }
    }
    let bounds = present_edges.first().copied().zip(present_edges.last().copied());
    rows.sort_by(|one, other| {
        let mut ordering = std::cmp::Ordering::Equal;
        for (place, descending) in question.order_places() {
            let by_value = one.values[place].number().cmp(&other.values[place].number());
            ordering = ordering.then(if descending { by_value.reverse() } else { by_value });
        }
        ordering.then(one.bounds.cmp(&other.bounds)).then(one.keys.cmp(&other.keys))
    });
    let totals = Line {
        bounds,
        keys: Vec::new(),
        values: present.values(question, None, None),
        previous: previous.as_ref().filter(|facts| facts.has_length()).map(|facts| facts.values(question, None, None)),
    };
    Report { bounds, totals, rows }
}

impl Facts<'_> {
    /// Whether there is any time in its period: a year before 29 February there is none.
    fn has_length(&self) -> bool {
        self.edges.first() < self.edges.last()
    }

    /// Whether a group has anything in an interval.
    fn has(&self, keys: &[Key], interval: Option<usize>) -> bool {
        self.groups.get(keys).is_some_and(|group| group.keys().any(|(at, _)| *at == interval))
    }
}
