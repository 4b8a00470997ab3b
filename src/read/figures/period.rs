//! The period of a report: its bounds, its intervals, and what it is compared with.

use crate::{
    read::{error::ReadError, selection::ArgumentValue},
    time::calendar::{Calendar, CalendarError, Interval, MAX_INTERVALS},
};

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The period before it, of the same length.
    PreviousPeriod,
    /// The same period a year before.
    PreviousYear,
}

/// The edges of a period's intervals: at least two, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodEdges {
    /// Of the period.
    pub edges: Vec<i64>,
    /// Of what it is compared with.
    pub compared: Option<Vec<i64>>,
}

/// A period as it is requested. Its values may come with each request.
#[derive(Clone, Debug)]
pub struct PeriodRequest {
    /// The argument `period`.
    pub period: ArgumentValue,
    /// The argument `timezone`.
    pub zone: ArgumentValue,
    /// The interval, if there is one.
    pub interval: Option<Interval>,
    /// The comparison, if there is one.
    pub comparison: Option<Comparison>,
}

impl PeriodRequest {
    /// The edges at this time, with these values of variables.
    ///
    /// # Errors
    /// When the period ends before it begins, is out of the calendar, or has too many intervals.
    pub fn edges(&self, slots: &[ArgumentValue], now_ms: i64) -> Result<PeriodEdges, ReadError> {
        let calendar = calendar(&self.zone.filled(slots))?;
        let period = self.period.filled(slots);
        let bounds = Bounds::of(&period, &calendar, now_ms)?;
        let compared = self.comparison.map(|comparison| bounds.compared(comparison, &calendar)).transpose();
        let divided = |(from, to)| divided(&calendar, self.interval, from, to);
        Ok(PeriodEdges {
            edges: divided((bounds.from, bounds.to))?,
            compared: compared.map_err(|error| refused("`compareTo`", error))?.map(divided).transpose()?,
        })
    }
}

/// The calendar of a zone's name.
///
/// # Errors
/// When there is no such zone. Coercion refuses it before.
pub fn calendar(zone: &ArgumentValue) -> Result<Calendar, ReadError> {
    let name = if let ArgumentValue::Text(name) = zone { name.as_str() } else { "UTC" };
    Calendar::of_zone(name).ok_or_else(|| {
        ReadError::bad(format!("`timezone` is {name:?}: expected an IANA time zone, such as \"Europe/Berlin\""))
    })
}

/// The edges of the intervals of a period: the first begins with it, the last ends with it.
fn divided(calendar: &Calendar, interval: Option<Interval>, from: i64, to: i64) -> Result<Vec<i64>, ReadError> {
    let Some(interval) = interval else { return Ok(vec![from, to]) };
    let mut edges = calendar.edges(interval, from, to).map_err(|error| refused("`interval`", error))?;
    if let Some(first) = edges.first_mut() {
        *first = from;
    }
    if let Some(last) = edges.last_mut() {
        *last = to;
    }
    Ok(edges)
}

#[derive(Clone, Copy)]
struct Bounds {
    from: i64,
    to: i64,
    /// The calendar's unit and its number, where the period is so many of them.
    length: Option<(Interval, i64)>,
}

impl Bounds {
    fn of(period: &ArgumentValue, calendar: &Calendar, now_ms: i64) -> Result<Self, ReadError> {
        let ArgumentValue::Object(fields) = period else { return Err(exactly_one()) };
        let mut given = fields.iter().filter(|(_, value)| **value != ArgumentValue::Null);
        let (Some((kind, value)), None) = (given.next(), given.next()) else { return Err(exactly_one()) };
        match (kind.as_str(), value) {
            ("current", ArgumentValue::Enum(unit)) => {
                let unit = interval(unit)?;
                let shifted = |count| calendar.shifted(unit, now_ms, count).map_err(|error| refused("`period`", error));
                Ok(Self { from: shifted(0)?, to: shifted(1)?, length: Some((unit, 1)) })
            }
            ("last", ArgumentValue::Object(last)) => {
                let (Some(ArgumentValue::Int(count)), Some(ArgumentValue::Enum(unit))) =
                    (last.get("count"), last.get("unit"))
                else {
                    return Err(exactly_one());
                };
                if *count < 1 {
                    return Err(ReadError::bad(format!("`period.last.count` is {count}: expected at least 1")));
                }
                let (unit, count) = (interval(unit)?, *count);
                let shifted = |count| calendar.shifted(unit, now_ms, count).map_err(|error| refused("`period`", error));
                Ok(Self { from: shifted(-count)?, to: shifted(0)?, length: Some((unit, count)) })
            }
            ("dates", ArgumentValue::Object(dates)) => {
                let text = |name: &str| match dates.get(name) {
                    Some(ArgumentValue::Text(text)) => Ok(text.as_str()),
                    _ => Err(exactly_one()),
                };
                let start = |name: &str| {
                    let start = calendar.start_of_date(text(name)?);
                    start.ok_or_else(|| refused(&format!("`period.dates.{name}`"), CalendarError::OutOfRange))
                };
                let (first, last) = (start("from")?, start("to")?);
                if last < first {
                    let (from, to) = (text("from")?, text("to")?);
                    return Err(ReadError::bad(format!("`period.dates` ends on {to}, before it begins on {from}")));
                }
                let to = calendar.next_day(last).map_err(|error| refused("`period.dates.to`", error))?;
                let days = calendar.days_between(first, to).map_err(|error| refused("`period.dates`", error))?;
                let months = calendar.whole_months(first, to).map(|months| (Interval::Month, months));
                Ok(Self { from: first, to, length: Some(months.unwrap_or((Interval::Day, days))) })
            }
            ("instants", ArgumentValue::Object(instants)) => {
                let instant = |name: &str| match instants.get(name) {
                    Some(ArgumentValue::Int(ms)) => Ok(*ms),
                    // The first stored time that is not before it.
                    Some(ArgumentValue::Behind(ms)) => Ok(ms + 1),
                    _ => Err(exactly_one()),
                };
                let (from, to) = (instant("from")?, instant("to")?);
                if to <= from {
                    return Err(ReadError::bad(
                        "`period.instants` is empty or ends before it begins: expected `from` before `to`",
                    ));
                }
                Ok(Self { from, to, length: None })
            }
            _ => Err(exactly_one()),
        }
    }

    fn compared(self, comparison: Comparison, calendar: &Calendar) -> Result<(i64, i64), CalendarError> {
        match (comparison, self.length) {
            (Comparison::PreviousPeriod, Some((unit, count))) => {
                Ok((calendar.shifted(unit, self.from, -count)?, self.from))
            }
            (Comparison::PreviousPeriod, None) => {
                let from = self.from.checked_sub(self.to - self.from).ok_or(CalendarError::OutOfRange)?;
                Ok((from, self.from))
            }
            (Comparison::PreviousYear, _) => Ok((calendar.year_before(self.from)?, calendar.year_before(self.to)?)),
        }
    }
}

fn interval(name: &str) -> Result<Interval, ReadError> {
    Interval::named(name).ok_or_else(|| ReadError::internal(format!("{name} is no interval")))
}

fn exactly_one() -> ReadError {
    ReadError::bad("`period` expects exactly one of `last`, `current`, `dates` and `instants`")
}

fn refused(what: &str, error: CalendarError) -> ReadError {
    match error {
        CalendarError::TooMany => {
            let most = MAX_INTERVALS as u64;
            let message = format!("{what} divides the period into more than {most} parts: take a longer one");
            ReadError::over(message, "intervals", most, most + 1)
        }
        CalendarError::OutOfRange => {
            ReadError::bad(format!("{what} leads out of the calendar: expected the years 1 to 9999"))
        }
    }
}
