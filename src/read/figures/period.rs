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
    /// Of what each of its intervals is compared with, which may be nothing: an interval without length. One more interval
    /// may follow, with which none is compared.
    pub compared: Option<Vec<i64>>,
}

/// How far before an interval is what it is compared with.
#[derive(Clone, Copy)]
enum Shift {
    /// Milliseconds.
    Time(i64),
    /// So many units of the calendar, at the same local time.
    Calendar(Interval, i64),
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
        let edges = divided(&calendar, self.interval, bounds.from, bounds.to)?;
        let compared = self.comparison.map(|comparison| bounds.compared(comparison, self.interval, &edges, &calendar));
        let compared = compared.transpose().map_err(|error| refused("`compareTo`", error))?;
        Ok(PeriodEdges { edges, compared })
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
                // Days that begin and end within the calendar in every zone.
                let refused_day = |name: &str, day: &str| {
                    ReadError::bad(format!(
                        "`period.dates.{name}` is {day}: expected a day from 0001-01-02 to 9999-12-29"
                    ))
                };
                let start = |name: &str| {
                    let day = text(name)?;
                    calendar.start_of_date(day).ok_or_else(|| refused_day(name, day))
                };
                let (first, last) = (start("from")?, start("to")?);
                if last < first {
                    let (from, to) = (text("from")?, text("to")?);
                    return Err(ReadError::bad(format!("`period.dates` ends on {to}, before it begins on {from}")));
                }
                let to = text("to")?;
                let to = calendar.next_day(last).map_err(|_| refused_day("to", to))?;
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

    /// What the intervals between these edges are compared with: each with as much of the calendar.
    fn compared(
        self,
        comparison: Comparison,
        interval: Option<Interval>,
        edges: &[i64],
        calendar: &Calendar,
    ) -> Result<Vec<i64>, CalendarError> {
        let (from, to, shift) = match (comparison, self.length) {
            (Comparison::PreviousYear, _) => {
                let before = |ms| calendar.before(Interval::Year, ms, 1);
                (before(self.from)?, before(self.to)?, Shift::Calendar(Interval::Year, 1))
            }
            (Comparison::PreviousPeriod, Some((unit, count))) if unit != Interval::Hour => {
                let from = calendar.shifted(unit, self.from, -count)?;
                let shift = if unit.is_of_months() && interval.is_some_and(Interval::is_of_months) {
                    Shift::Calendar(unit, count)
                } else {
                    // The first day with the first, though months have different numbers of them.
                    Shift::Calendar(Interval::Day, calendar.days_between(from, self.from)?)
                };
                (from, self.from, shift)
            }
            (Comparison::PreviousPeriod, hours) => {
                let from = match hours {
                    Some((unit, count)) => calendar.shifted(unit, self.from, -count)?,
                    None => self.from.checked_sub(self.to - self.from).ok_or(CalendarError::OutOfRange)?,
                };
                (from, self.from, Shift::Time(self.from - from))
            }
        };
        if interval.is_none() {
            return Ok(vec![from, to]);
        }
        let mut compared = vec![from];
        let mut last = from;
        for edge in &edges[1..] {
            let before = match shift {
                Shift::Time(ms) => edge - ms,
                Shift::Calendar(unit, count) => calendar.before(unit, *edge, count)?,
            };
            // Local time goes back where clocks do.
            last = before.min(to).max(last);
            compared.push(last);
        }
        if last < to {
            compared.push(to);
        }
        Ok(compared)
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

#[cfg(test)]
mod tests;
