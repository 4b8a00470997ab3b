//! How a question is written as GraphQL: with literals, or with variables.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::{
    calendar::Interval,
    measures::AMOUNTS,
    question::{Chosen, Compare, Comparison, Condition, Dimension, Key, Period, Question},
};
use crate::oracle::{dataset::Cell, ids};

/// A GraphQL value.
enum Literal {
    Name(String),
    Plain(Json),
    List(Vec<Literal>),
    Object(Vec<(&'static str, Literal)>),
}

impl Literal {
    fn write(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Plain(json) => json.to_string(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::write).collect::<Vec<_>>().join(", ")),
            Self::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {}", value.write())).collect();
                format!("{{{}}}", fields.join(", "))
            }
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Name(name) => json!(name),
            Self::Plain(json) => json.clone(),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Object(fields) => {
                fields.iter().map(|(name, value)| ((*name).to_owned(), value.json())).collect::<Map<_, _>>().into()
            }
        }
    }
}

fn name(name: &str) -> Literal {
    Literal::Name(name.to_owned())
}

fn plain(json: impl Into<Json>) -> Literal {
    Literal::Plain(json.into())
}

fn time(ms: i64) -> Literal {
    plain(promograph::time::format_ms(ms))
}

impl Question {
    fn arguments(&self) -> Vec<(&'static str, &'static str, Literal)> {
        let mut arguments = vec![("timezone", "TimeZone!", plain(self.zone))];
        if let Some(period) = self.period {
            let unit = |unit: Interval| name(unit.name());
            let date = |date: Date| plain(date.to_string());
            let period = match period {
                Period::Last(count, of) => ("last", Literal::Object(vec![("count", plain(count)), ("unit", unit(of))])),
                Period::Current(of) => ("current", unit(of)),
                Period::Dates(from, to) => ("dates", Literal::Object(vec![("from", date(from)), ("to", date(to))])),
                Period::Instants(from, to) => {
                    ("instants", Literal::Object(vec![("from", time(from)), ("to", time(to))]))
                }
            };
            arguments.push(("period", "PerformancePeriod", Literal::Object(vec![period])));
        }
        if let Some(interval) = self.interval {
            arguments.push(("interval", "Interval", name(interval.name())));
        }
        if !self.by.is_empty() {
            let by = self.by.iter().map(|dimension| name(dimension.names().0)).collect();
            arguments.push(("by", "[PerformanceDimension!]", Literal::List(by)));
        }
        if !self.filter.is_empty() {
            let filter = self.filter.iter().map(|condition| (condition.dimension.names().2, condition.literal()));
            arguments.push(("filter", "PerformanceFilter", Literal::Object(filter.collect())));
        }
        if let Some(compare) = self.compare {
            let compare = match compare {
                Compare::PreviousPeriod => "PREVIOUS_PERIOD",
                Compare::PreviousYear => "PREVIOUS_YEAR",
            };
            arguments.push(("compareTo", "PerformanceComparison", name(compare)));
        }
        if !self.order.is_empty() {
            let term = |(place, descending): &(usize, bool)| {
                let measure = name(&constant_case(self.chosen[*place].measure));
                let direction = name(if *descending { "DESC" } else { "ASC" });
                Literal::Object(vec![("measure", measure), ("direction", direction)])
            };
            arguments.push(("orderBy", "[PerformanceOrder!]", Literal::List(self.order.iter().map(term).collect())));
        }
        arguments.push(("fill", "Boolean!", plain(self.fill)));
        arguments
    }

    /// The document and its variables for a page.
    pub fn document(&self, first: usize, after: Option<&str>) -> (String, Map<String, Json>) {
        let mut arguments = self.arguments();
        arguments.push(("first", "Int", plain(first)));
        if let Some(after) = after {
            arguments.push(("after", "String", plain(after)));
        }
        let mut variables = Map::new();
        let (mut declared, mut given) = (String::new(), String::new());
        for (argument, ty, value) in arguments {
            if self.variables {
                write!(declared, "${argument}: {ty} ").unwrap();
                write!(given, "{argument}: ${argument} ").unwrap();
                variables.insert(argument.to_owned(), value.json());
            } else {
                write!(given, "{argument}: {} ", value.write()).unwrap();
            }
        }
        let head = if self.variables { format!("query Q({declared})") } else { "query Q".to_owned() };
        let measures = self.selection();
        let previous = if self.compare.is_some() { format!("previous {{ {measures} }}") } else { String::new() };
        let keys = self.by.iter().map(|dimension| match dimension.names() {
            (_, field, _, Some(_)) => format!("{field} {{ id }} "),
            (_, field, ..) => format!("{field} "),
        });
        let keys: String = keys.collect();
        let query = format!(
            "{head} {{ performance({given}) {{ start end totalCount totals {{ {measures} {previous} }} nodes {{ start end \
             {keys} {measures} {previous} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        (query, variables)
    }

    fn selection(&self) -> String {
        let shown = self.chosen.iter().enumerate().filter(|(_, chosen)| chosen.shown);
        let field = |(place, chosen): (usize, &Chosen)| {
            let argument = match (chosen.unit, chosen.age) {
                (Some(unit), _) if AMOUNTS.contains(&chosen.measure) => format!("(unit: {unit})"),
                (_, Some(age)) => format!("(age: {age})"),
                _ => String::new(),
            };
            format!("m{place}: {}{argument} ", chosen.measure)
        };
        shown.map(field).collect()
    }
}

impl Condition {
    fn literal(&self) -> Literal {
        let value = |key: &Key| match (key, self.dimension.names().3) {
            (Key::Int(id), Some(entity)) => {
                let entity = ids::entity(entity);
                plain(ids::encode(entity, &Cell::Int(*id)))
            }
            (Key::Int(flag), None) if self.dimension == Dimension::SelfReferral => plain(*flag == 1),
            (Key::Int(number), None) => plain(*number),
            (Key::Text(text), _) if self.dimension.is_enum() => name(text),
            (Key::Text(text), _) => plain(text.as_str()),
            (Key::Null, _) => plain(Json::Null),
        };
        let comparison = |comparison: &Comparison| {
            let literal = match comparison {
                Comparison::IsNull(null) => plain(*null),
                Comparison::In(keys) | Comparison::NotIn(keys) => Literal::List(keys.iter().map(value).collect()),
                Comparison::Equal(key)
                | Comparison::NotEqual(key)
                | Comparison::Less(key)
                | Comparison::LessOrEqual(key)
                | Comparison::Greater(key)
                | Comparison::GreaterOrEqual(key) => value(key),
            };
            (comparison.name(), literal)
        };
        Literal::Object(self.comparisons.iter().map(comparison).collect())
    }
}

/// The argument `filter` as GraphQL; nothing without conditions.
pub fn filter_argument(filter: &[Condition]) -> String {
    let fields = filter.iter().map(|condition| (condition.dimension.names().2, condition.literal()));
    let fields: Vec<_> = fields.collect();
    if fields.is_empty() { String::new() } else { format!("filter: {}", Literal::Object(fields).write()) }
}

/// `netRevenue` as `NET_REVENUE`.
pub fn constant_case(name: &str) -> String {
    let letter = |letter: char| {
        let gap = if letter.is_ascii_uppercase() { "_" } else { "" };
        format!("{gap}{}", letter.to_ascii_uppercase())
    };
    name.chars().map(letter).collect()
}
