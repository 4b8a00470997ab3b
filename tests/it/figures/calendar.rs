//! The calendar of a time zone, the plain way: the interval of an instant is its local date, cut. Changes of clocks and
//! midnights are on quarters of an hour, so that edges are found by looking at all of them.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

/// An interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Interval {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "HOUR",
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
            Self::Quarter => "QUARTER",
            Self::Year => "YEAR",
        }
    }
}

const STEP: i64 = 15 * 60 * 1_000;

/// A time zone.
pub struct Calendar(TimeZone);

impl Calendar {
    pub fn of(zone: &str) -> Self {
        Self(TimeZone::get(zone).expect("a zone"))
    }

    pub fn date(&self, ms: i64) -> Date {
        self.0.to_datetime(instant(ms)).date()
    }

    /// What all instants of one interval have in common. An hour in which clocks change is two.
    fn bucket(&self, interval: Interval, ms: i64) -> (Date, i8, i32) {
        match interval {
            Interval::Hour => {
                let local = self.0.to_datetime(instant(ms));
                (local.date(), local.hour(), self.0.to_offset(instant(ms)).seconds())
            }
            _ => (cut(interval, self.date(ms)), 0, 0),
        }
    }

    /// The first instant of a date, or of the next one if clocks leave it out.
    pub fn start(&self, date: Date) -> i64 {
        let midnight = date.to_zoned(TimeZone::UTC).expect("in the calendar").timestamp().as_millisecond();
        let mut ms = midnight - 27 * 3_600_000;
        while self.date(ms) < date {
            ms += STEP;
        }
        ms
    }

    /// The start of the interval that is so many before (or behind) that of an instant.
    pub fn shifted(&self, interval: Interval, ms: i64, count: i64) -> i64 {
        if interval == Interval::Hour {
            return self.shifted_hour(ms, count);
        }
        self.start(moved(interval, cut(interval, self.date(ms)), count))
    }

    fn shifted_hour(&self, ms: i64, count: i64) -> i64 {
        let mut start = ms - ms.rem_euclid(STEP);
        let first = |start: i64| self.bucket(Interval::Hour, start) != self.bucket(Interval::Hour, start - 1);
        while !first(start) {
            start -= STEP;
        }
        for _ in 0..count.abs() {
            start += STEP * count.signum();
            while !first(start) {
                start += STEP * count.signum();
            }
        }
        start
    }

    /// The edges of the intervals of a period.
    pub fn edges(&self, interval: Interval, from: i64, to: i64) -> Vec<i64> {
        let mut edges = vec![from];
        let mut ms = from - from.rem_euclid(STEP) + STEP;
        while ms < to {
            if self.bucket(interval, ms) != self.bucket(interval, ms - 1) {
                edges.push(ms);
            }
            ms += STEP;
        }
        edges.push(to);
        edges
    }

    /// The same local time so many days or months before; the first of the next month for a date that is not there.
    pub fn before(&self, ms: i64, days: i64, months: i64) -> i64 {
        let local = self.0.to_datetime(instant(ms));
        let date = moved(Interval::Month, moved(Interval::Day, local.date(), -days), -months);
        let is_there = months == 0 || date.day() == local.day();
        let before = if is_there {
            date.to_datetime(local.time())
        } else {
            moved(Interval::Month, date.first_of_month(), 1).at(0, 0, 0, 0)
        };
        self.0.to_timestamp(before).expect("in the calendar").as_millisecond()
    }
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).expect("in the calendar")
}

fn cut(interval: Interval, date: Date) -> Date {
    match interval {
        Interval::Hour | Interval::Day => date,
        Interval::Week => moved(Interval::Day, date, -i64::from(date.weekday().to_monday_zero_offset())),
        Interval::Month => date.first_of_month(),
        Interval::Quarter => Date::constant(date.year(), (date.month() - 1) / 3 * 3 + 1, 1),
        Interval::Year => date.first_of_year(),
    }
}

pub fn moved(interval: Interval, date: Date, count: i64) -> Date {
    let span = match interval {
        Interval::Hour | Interval::Day => count.days(),
        Interval::Week => count.weeks(),
        Interval::Month => count.months(),
        Interval::Quarter => (3 * count).months(),
        Interval::Year => count.years(),
    };
    date.checked_add(span).expect("in the calendar")
}
