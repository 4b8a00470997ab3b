//! Times: parsing in many formats, formatting, and the clock.

pub mod calendar;
mod format;

pub use format::{format_ms, push_ms};

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::number::scaled;

/// The milliseconds since 1970-01-01T00:00:00Z of the years that the API can write.
pub const YEARS_1_TO_9999: RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// Now, in milliseconds since 1970-01-01T00:00:00Z. Only for handlers, loops and commands: everything else takes the
/// time as an argument.
#[must_use]
pub fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// A time to compare stored times with. Stored times are whole milliseconds; this may be finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// Exactly this many milliseconds since 1970-01-01T00:00:00Z.
    At(i64),
    /// After this millisecond, and before the next.
    Behind(i64),
}

impl Instant {
    /// A date and time in RFC 3339, or a date: the start of that day in UTC. Leap seconds, which no stored time has,
    /// are refused, and times that the API cannot write.
    #[must_use]
    pub fn rfc3339(text: &str) -> Option<Self> {
        Self::any_rfc3339(text).filter(|(Self::At(ms) | Self::Behind(ms))| YEARS_1_TO_9999.contains(ms))
    }

    fn any_rfc3339(text: &str) -> Option<Self> {
        let fits = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() == 10 && text.bytes().enumerate().all(fits) {
            return parse_ms(text).map(Self::At);
        }
        let ms = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
        Self::of(text, ms)
    }

    /// As [`parse_ms`] reads it, but nothing is cut. Leap seconds are none.
    #[must_use]
    pub fn iso8601(text: &str) -> Option<Self> {
        let text = text.trim();
        // Only the comma behind a weekday is none of a fraction.
        let behind_weekday = text.split_once(", ").map_or(text, |(_, rest)| rest);
        match scaled(text, 0, false) {
            Some(_) => Self::of_epoch(text),
            None => Self::of(behind_weekday, parse_ms(text)?),
        }
    }

    /// The first whole millisecond that is not before it: stored times are before that one, or not, exactly when they
    /// are before this, or not.
    #[must_use]
    pub fn first_ms(self) -> i64 {
        match self {
            Self::At(ms) => ms,
            Self::Behind(ms) => ms + 1,
        }
    }

    fn of_epoch(text: &str) -> Option<Self> {
        let ms = parse_ms(text)?;
        let is_whole = if is_finer(text) {
            text.bytes().skip(MS_DIGITS).all(|digit| digit == b'0')
        } else {
            let is_seconds = scaled(text, 6, false).is_some_and(|micros| micros < SECONDS_BELOW * 1_000_000);
            scaled(text, if is_seconds { 3 } else { 0 }, true).is_some()
        };
        Some(if is_whole { Self::At(ms) } else { Self::Behind(ms) })
    }

    fn of(text: &str, ms: i64) -> Option<Self> {
        let fraction = text.split_once(['.', ',']).map_or("", |(_, fraction)| fraction);
        let mut smaller = fraction.bytes().take_while(u8::is_ascii_digit).skip(3);
        let instant = if smaller.any(|digit| digit != b'0') { Self::Behind(ms) } else { Self::At(ms) };
        let is_leap = text.contains(":60") || (!text.contains(':') && text.get(13..15) == Some("60"));
        (!is_leap).then_some(instant)
    }
}

/// Reads a time as milliseconds since 1970-01-01T00:00:00Z.
///
/// Takes what senders write: RFC 3339 and its sloppy relatives (`T`, `t` or a space between date and time; seconds
/// or none; any fraction, cut to milliseconds; `Z`, `z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02` or no zone, which
/// is UTC; a bare date, which is its midnight in UTC), the same without separators (`20241003T120000Z`) or with the
/// zone's name added (`Z[UTC]`, `CET +01:00`), RFC 2822 and what Rails prints (`Thu, 03 Oct 2024 12:00:00 UTC +00:00`),
/// and the seconds, milliseconds, microseconds (16 digits) or nanoseconds (19) since 1970. White space around it
/// is ignored. Anything else, and a date that no calendar has, is `None`.
#[must_use]
pub fn parse_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let rfc2822 = || Some(DateTime::parse_from_rfc2822(text).ok()?.timestamp_millis());
    calendar_ms(text).or_else(|| epoch_ms(text)).or_else(rfc2822).or_else(|| day_first_ms(text))
}

/// Year, month and day first.
fn calendar_ms(text: &str) -> Option<i64> {
    if let Some((day, rest)) = text.split_once(['T', 't'])
        && day.len() == 8
        && day.bytes().all(|byte| byte.is_ascii_digit())
    {
        return clock_ms(NaiveDate::parse_from_str(day, "%Y%m%d").ok()?, rest);
    }
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    };
    clock_ms(date, rest.strip_prefix(['T', 't', ' '])?)
}

/// `[Thu, ]03 Oct 2024`, and a time with its zone.
fn day_first_ms(text: &str) -> Option<i64> {
    let (weekday, text) = text.split_once(", ").map_or((None, text), |(weekday, rest)| (Some(weekday), rest));
    let (date, rest) = NaiveDate::parse_and_remainder(text, "%d %b %Y").ok()?;
    let is_right = weekday.is_none_or(|weekday| date.format("%a").to_string().eq_ignore_ascii_case(weekday));
    let rest = rest.strip_prefix(' ').filter(|rest| is_right && rest.contains(' '))?;
    clock_ms(date, rest)
}

/// The time of this day: the clock, and its zone if there is one.
fn clock_ms(date: NaiveDate, rest: &str) -> Option<i64> {
    let zone = rest.find(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '+' | '-'));
    let (clock, zone) = rest.split_at(zone.unwrap_or(rest.len()));
    let (seconds, fraction) = clock.trim_end().split_once(['.', ',']).unwrap_or((clock.trim_end(), ""));
    let at: NaiveDateTime = date.and_time(read_clock(seconds)?);
    Some(at.and_utc().timestamp_millis() + fraction_ms(fraction)? - offset_ms(zone)?)
}

/// Seconds since 1970 if they are fewer than this, else milliseconds: the year 5138, or 1973.
const SECONDS_BELOW: i64 = 100_000_000_000;
/// A smaller number is more likely a date without separators, or stands for no time at all: 1973.
const LEAST_SECONDS: i64 = 100_000_000;
/// Of this century's times in milliseconds, micro- and nanoseconds.
const MS_DIGITS: usize = 13;
const FINER_DIGITS: [usize; 2] = [16, 19];
/// The end of the year 9999.
const LAST_MS: i64 = 253_402_300_799_999;

/// Whether it is microseconds or nanoseconds, from 2001 to 2033: what begins with a 2 may be a year.
fn is_finer(text: &str) -> bool {
    FINER_DIGITS.contains(&text.len()) && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn epoch_ms(text: &str) -> Option<i64> {
    if is_finer(text) {
        return text[..MS_DIGITS].parse().ok();
    }
    match scaled(text, 6, false) {
        Some(micros) if micros < LEAST_SECONDS * 1_000_000 => None,
        Some(micros) if micros < SECONDS_BELOW * 1_000_000 => Some(micros / 1_000),
        _ => scaled(text, 1, false).map(|tenths| tenths / 10).filter(|ms| (SECONDS_BELOW..=LAST_MS).contains(ms)),
    }
}

/// `HH:MM` or `HH:MM:SS`, or the same without colons.
fn read_clock(text: &str) -> Option<NaiveTime> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            4 => read_clock(&format!("{}:{}", &text[..2], &text[2..])),
            6 => read_clock(&format!("{}:{}:{}", &text[..2], &text[2..4], &text[4..])),
            _ => None,
        };
    }
    let mut parts = text.split(':');
    let (hours, minutes) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), two_digits)?;
    if parts.next().is_some() {
        return None;
    }
    // A leap second counts as the second before it.
    NaiveTime::from_hms_opt(hours, minutes, if seconds == 60 { 59 } else { seconds })
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn fraction_ms(digits: &str) -> Option<i64> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.bytes().chain(*b"000").take(3).try_fold(0, |ms, digit| Some(ms * 10 + i64::from(digit - b'0')))
}

/// What to take away from the local time: nothing, a name of UTC, `+HH:MM`, `+HHMM` or `+HH`.
fn offset_ms(zone: &str) -> Option<i64> {
    let is_utc = |name: &str| ["", "Z", "UTC", "GMT"].iter().any(|utc| name.eq_ignore_ascii_case(utc));
    if is_utc(zone) {
        return Some(0);
    }
    if let Some((zone, _)) = zone.strip_suffix(']').and_then(|zone| zone.split_once('[')) {
        return offset_ms(zone).filter(|_| !zone.is_empty());
    }
    // Some write both, in either order: the offset counts.
    if let Some((name, offset)) = zone.split_once(' ')
        && offset.starts_with(['+', '-'])
    {
        let ms = offset_ms(offset).filter(|ms| !is_utc(name) || *ms == 0)?;
        let is_name = (1..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        return (is_name || offset_ms(name) == Some(ms)).then_some(ms);
    }
    let (offset, name) = zone.split_once(' ').unwrap_or((zone, ""));
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) if is_utc(name) => (1, digits),
        ("-", digits) if is_utc(name) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = match minutes.strip_prefix(':').unwrap_or(minutes) {
        "" => 0,
        minutes => two_digits(minutes)?,
    };
    let hours = two_digits(hours)?;
    (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 60 + minutes) * 60_000)
}

#[cfg(test)]
mod tests;
