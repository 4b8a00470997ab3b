//! Calendar intervals in time zones: where hours, days, weeks, months, quarters and years begin, as instants.
//!
//! Both databases get these instants, and know no zones. The zone database is part of the binary.

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::{TimeZone, TimeZoneDatabase, TimeZoneTransition},
};

use super::YEARS_1_TO_9999;

/// The largest number of intervals that are told apart.
pub const MAX_INTERVALS: usize = 10_000;

const HOUR_MS: i64 = 3_600_000;

/// A calendar interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// An hour of local time. Where clocks change within it, the change ends it.
    Hour,
    /// A day, from midnight or the first time that there is behind it: 23 to 25 hours where clocks change.
    Day,
    /// A week from Monday (ISO 8601).
    Week,
    /// A month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A year.
    Year,
}

impl Interval {
    /// All of them, with the names that the API has for them and their meaning.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Hour, "HOUR", "An hour of local time. Where clocks change within an hour, the change ends it."),
        (Self::Day, "DAY", "A day of local time: 23 or 25 hours where clocks change."),
        (Self::Week, "WEEK", "A week from Monday to Sunday (ISO 8601)."),
        (Self::Month, "MONTH", "A month."),
        (Self::Quarter, "QUARTER", "Three months from January, April, July or October."),
        (Self::Year, "YEAR", "A year."),
    ];

    /// Whether it is made of months.
    #[must_use]
    pub fn is_of_months(self) -> bool {
        matches!(self, Self::Month | Self::Quarter | Self::Year)
    }

    /// The interval that the API has this name for.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(interval, ..)| *interval)
    }
}

/// More than [`MAX_INTERVALS`], or a time that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// There are more intervals than are told apart.
    TooMany,
    /// Before the year 1 or after the year 9999.
    OutOfRange,
}

/// The calendar of a time zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// The calendar of the zone with this IANA name, such as `Europe/Berlin` or `UTC`.
    #[must_use]
    pub fn of_zone(name: &str) -> Option<Self> {
        // The database ignores case. Names are told as they are.
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        (zone.iana_name() == Some(name)).then_some(Self { zone })
    }

    /// The start of the interval that this instant (milliseconds since 1970) is in.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn start(&self, interval: Interval, ms: i64) -> Result<i64, CalendarError> {
        match interval {
            Interval::Hour => self.start_of_hour(ms),
            interval => self.first_instant(first_day(interval, self.date(ms)?)?),
        }
    }

    /// The start of the interval that is `count` intervals after (or before) the one that this instant is in. Hours are
    /// counted as they pass.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn shifted(&self, interval: Interval, ms: i64, count: i64) -> Result<i64, CalendarError> {
        if interval == Interval::Hour {
            let shift = count.checked_mul(HOUR_MS).ok_or(CalendarError::OutOfRange)?;
            return self.start_of_hour(ms.checked_add(shift).ok_or(CalendarError::OutOfRange)?);
        }
        let first = first_day(interval, self.date(ms)?)?;
        self.first_instant(shifted_day(interval, first, count)?)
    }

    /// The same local time so many days, weeks, months, quarters or years before. Of a date that the month before does not
    /// have, such as 29 February, it is the beginning of the next month.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn before(&self, unit: Interval, ms: i64, count: i64) -> Result<i64, CalendarError> {
        let local = self.zone.to_datetime(timestamp(ms)?);
        let date = shifted_day(unit, local.date(), -count)?;
        let before = if unit.is_of_months() && date.day() != local.day() {
            date.tomorrow().map_err(out_of_range)?.at(0, 0, 0, 0)
        } else {
            date.to_datetime(local.time())
        };
        let instant = self.zone.to_ambiguous_timestamp(before).compatible().map_err(out_of_range)?;
        in_range(instant.as_millisecond())
    }

    /// The first instant of a date: `2026-11-30`. None if there is no such date.
    #[must_use]
    pub fn start_of_date(&self, date: &str) -> Option<i64> {
        self.first_instant(parsed_date(date)?).ok()
    }

    /// The day after an instant's, as instant.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn next_day(&self, ms: i64) -> Result<i64, CalendarError> {
        self.first_instant(self.date(ms)?.tomorrow().map_err(out_of_range)?)
    }

    /// The number of days from one instant's to another's.
    ///
    /// # Errors
    /// When one is out of range.
    pub fn days_between(&self, from_ms: i64, to_ms: i64) -> Result<i64, CalendarError> {
        let span = self.date(from_ms)?.until(self.date(to_ms)?).map_err(out_of_range)?;
        Ok(i64::from(span.get_days()))
    }

    /// The number of months between two instants, if both are the beginning of one.
    #[must_use]
    pub fn whole_months(&self, from_ms: i64, to_ms: i64) -> Option<i64> {
        let first = |ms| Some(self.date(ms).ok()?).filter(|date| date.day() == 1);
        let number = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let (from, to) = (first(from_ms)?, first(to_ms)?);
        let begin = [(from, from_ms), (to, to_ms)].iter().all(|(date, ms)| self.first_instant(*date) == Ok(*ms));
        begin.then(|| number(to) - number(from))
    }

    /// The edges of all intervals that hold an instant from `from_ms` (included) to `to_ms` (excluded): each begins at
    /// an edge and ends before the next. The first edge may lie before `from_ms`, the last one after `to_ms`. Days that
    /// a zone skipped are none.
    ///
    /// # Errors
    /// When there are too many, or one is out of range.
    pub fn edges(&self, interval: Interval, from_ms: i64, to_ms: i64) -> Result<Vec<i64>, CalendarError> {
        let mut edges = vec![self.start(interval, from_ms)?];
        let mut day = first_day(interval, self.date(from_ms)?)?;
        let mut last = edges[0];
        while last < to_ms {
            if edges.len() > MAX_INTERVALS {
                return Err(CalendarError::TooMany);
            }
            let next = if interval == Interval::Hour {
                self.end_of_hour(last)?
            } else {
                day = shifted_day(interval, day, 1)?;
                self.first_instant(day)?
            };
            if next > last {
                edges.push(next);
                last = next;
            }
        }
        Ok(edges)
    }

    fn date(&self, ms: i64) -> Result<Date, CalendarError> {
        Ok(self.zone.to_datetime(timestamp(ms)?).date())
    }

    fn first_instant(&self, date: Date) -> Result<i64, CalendarError> {
        let zoned = date.to_zoned(self.zone.clone()).map_err(out_of_range)?;
        in_range(zoned.start_of_day().map_err(out_of_range)?.timestamp().as_millisecond())
    }

    fn start_of_hour(&self, ms: i64) -> Result<i64, CalendarError> {
        let start = ms - self.within_hour(ms)?;
        let behind = timestamp(ms + 1)?;
        let change = self.zone.preceding(behind).find(|transition| self.is_change(transition));
        Ok(change.map_or(start, |change| start.max(change.timestamp().as_millisecond())))
    }

    fn end_of_hour(&self, start: i64) -> Result<i64, CalendarError> {
        let end = in_range(start + HOUR_MS - self.within_hour(start)?)?;
        let change = self.zone.following(timestamp(start)?).find(|transition| self.is_change(transition));
        Ok(change.map_or(end, |change| end.min(change.timestamp().as_millisecond())))
    }

    /// Milliseconds since the local hour began.
    fn within_hour(&self, ms: i64) -> Result<i64, CalendarError> {
        let offset = i64::from(self.zone.to_offset(timestamp(ms)?).seconds());
        Ok((ms + offset * 1_000).rem_euclid(HOUR_MS))
    }

    /// Whether clocks change there. Others change the zone's abbreviation alone.
    fn is_change(&self, transition: &TimeZoneTransition<'_>) -> bool {
        let before = transition.timestamp().checked_sub(jiff::SignedDuration::from_millis(1));
        before.is_ok_and(|before| self.zone.to_offset(before) != transition.offset())
    }
}

/// Whether a calendar has this date, from the year 1 on.
#[must_use]
pub fn is_date(text: &str) -> bool {
    parsed_date(text).is_some()
}

fn parsed_date(text: &str) -> Option<Date> {
    let fits = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let date: Date = (text.len() == 10 && text.bytes().enumerate().all(fits)).then(|| text.parse().ok()).flatten()?;
    (date.year() > 0).then_some(date)
}

fn first_day(interval: Interval, date: Date) -> Result<Date, CalendarError> {
    let first_of_month = |date: Date, month: i8| Date::new(date.year(), month, 1).map_err(out_of_range);
    match interval {
        Interval::Hour | Interval::Day => Ok(date),
        Interval::Week => {
            let days = i32::from(date.weekday().since(Weekday::Monday));
            date.checked_sub(jiff::Span::new().days(days)).map_err(out_of_range)
        }
        Interval::Month => first_of_month(date, date.month()),
        Interval::Quarter => first_of_month(date, (date.month() - 1) / 3 * 3 + 1),
        Interval::Year => first_of_month(date, 1),
    }
}

fn shifted_day(interval: Interval, date: Date, count: i64) -> Result<Date, CalendarError> {
    let span = jiff::Span::new();
    let months = |each: i64| span.try_months(count.checked_mul(each).unwrap_or(i64::MAX));
    let shift = match interval {
        Interval::Hour | Interval::Day => span.try_days(count),
        Interval::Week => span.try_weeks(count),
        Interval::Month => months(1),
        Interval::Quarter => months(3),
        Interval::Year => months(12),
    };
    date.checked_add(shift.map_err(out_of_range)?).map_err(out_of_range)
}

fn timestamp(ms: i64) -> Result<Timestamp, CalendarError> {
    Timestamp::from_millisecond(ms).map_err(out_of_range)
}

fn in_range(ms: i64) -> Result<i64, CalendarError> {
    if YEARS_1_TO_9999.contains(&ms) { Ok(ms) } else { Err(CalendarError::OutOfRange) }
}

fn out_of_range(_: jiff::Error) -> CalendarError {
    CalendarError::OutOfRange
}

#[cfg(test)]
mod tests;
