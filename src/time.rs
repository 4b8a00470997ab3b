//! Times: reading what senders write, writing them, and the clock that handlers and loops look at.

mod format;

pub use format::{format_ms, push_ms};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::number::scaled;

/// Now, in milliseconds since 1970-01-01T00:00:00Z. For handlers, loops and commands only: everything
/// else takes the time as an argument.
#[must_use]
pub fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// A time that somebody names to compare stored times with. Those are whole milliseconds, this need not be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// Exactly this many milliseconds since 1970-01-01T00:00:00Z.
    At(i64),
    /// After this millisecond, and before the next.
    Behind(i64),
}

impl Instant {
    /// As RFC 3339 writes it. Leap seconds, which no stored time has, are none.
    #[must_use]
    pub fn rfc3339(text: &str) -> Option<Self> {
        let ms = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
        Self::of(text, ms)
    }

    /// As [`parse_ms`] reads it, but nothing is cut. Leap seconds are none.
    #[must_use]
    pub fn iso8601(text: &str) -> Option<Self> {
        Self::of(text, parse_ms(text)?)
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

    fn of(text: &str, ms: i64) -> Option<Self> {
        let fraction = text.split_once(['.', ',']).map_or("", |(_, fraction)| fraction);
        let mut smaller = fraction.bytes().take_while(u8::is_ascii_digit).skip(3);
        let instant = if smaller.any(|digit| digit != b'0') { Self::Behind(ms) } else { Self::At(ms) };
        (!text.contains(":60")).then_some(instant)
    }
}

/// Reads a time as milliseconds since 1970-01-01T00:00:00Z.
///
/// Takes what senders write: RFC 3339 and its sloppy relatives (`T`, `t` or a space between date and time; seconds
/// or none; any fraction, cut to milliseconds; `Z`, `z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02` or no zone, which
/// is UTC; a bare date, which is its midnight in UTC), RFC 2822, and the seconds or milliseconds since 1970. White
/// space around it is ignored. Anything else, and a date that no calendar has, is `None`.
#[must_use]
pub fn parse_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    calendar_ms(text).or_else(|| epoch_ms(text)).or_else(|| {
        let time = DateTime::parse_from_rfc2822(text).ok()?;
        Some(time.timestamp_millis())
    })
}

/// Year, month and day first.
fn calendar_ms(text: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    };
    let rest = rest.strip_prefix(['T', 't', ' '])?;
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
/// The end of the year 9999.
const LAST_MS: i64 = 253_402_300_799_999;

fn epoch_ms(text: &str) -> Option<i64> {
    match scaled(text, 6, false) {
        Some(micros) if micros < LEAST_SECONDS * 1_000_000 => None,
        Some(micros) if micros < SECONDS_BELOW * 1_000_000 => Some(micros / 1_000),
        _ => scaled(text, 1, false).map(|tenths| tenths / 10).filter(|ms| (SECONDS_BELOW..=LAST_MS).contains(ms)),
    }
}

/// `HH:MM` or `HH:MM:SS`.
fn read_clock(text: &str) -> Option<NaiveTime> {
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
    // Some write both.
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
mod tests {
    use super::{Instant, format_ms, parse_ms};

    const NOON: i64 = 1_727_956_800_000;

    #[test]
    fn reads_every_precision_and_zone() {
        for (text, ms) in [
            ("2024-10-03T12:00:00Z", NOON),
            ("2024-10-03T12:00:00", NOON),
            ("2024-10-03T12:00Z", NOON),
            (" 2024-10-03 12:00:00 UTC", NOON),
            ("2024-10-03 12:00:00 +0000", NOON),
            ("2024-10-03 12:00:00 +0000 UTC", NOON),
            ("2024-10-03 12:00 gmt", NOON),
            ("2024-10-03t12:00:00z", NOON),
            ("2024-10-03 12:00:00+00", NOON),
            ("Thu, 03 Oct 2024 12:00:00 +0000", NOON),
            ("3 Oct 2024 14:00 +0200", NOON),
            ("Thu, 03 Oct 2024 12:00:00 GMT", NOON),
            ("1727956800", NOON),
            ("1727956800.1039", NOON + 103),
            ("1.7279568e9", NOON),
            ("1727956800103", NOON + 103),
            ("1727956800103.9", NOON + 103),
            ("2024-10-03 12:00:00", NOON),
            ("2024-10-03T12:00:00.5Z", NOON + 500),
            ("2024-10-03T12:00:00.103Z", NOON + 103),
            ("2024-10-03T12:00:00.103999Z", NOON + 103),
            ("2024-10-03T12:00:00.103999999999Z", NOON + 103),
            ("2024-10-03T14:00:00+02:00", NOON),
            ("2024-10-03T14:00:00.250+0200", NOON + 250),
            ("2024-10-03T07:00:00-05", NOON),
            ("2024-10-03", NOON - 12 * 3_600_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000),
        ] {
            assert_eq!(parse_ms(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "soon",
            "2024-02-30T00:00:00Z",
            "2024-10-03T25:00:00Z",
            "2024-10-03T12:00:00.x",
            "2024-10-03T+2:00:00Z",
            "2024-10-03T12:00:00+99:00",
            "2024-10-03T12:00:00+",
            "10000-01-01T00:00:00Z",
            "2024-10-0😀",
            "2024-10-03T12:00:00ZZ",
            "2024-10-03 12:00:00 CET",
            "2024-10-03 12:00:00 +0000 CET",
            "Fri, 03 Oct 2024 12:00:00 +0000",
            "0",
            "20241003",
            "-1727956800",
            "1727956800103000000",
            "1e99",
        ] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_to_compare_with_is_never_cut() {
        for (text, instant) in [
            ("2024-10-03T12:00:00Z", Some(Instant::At(NOON))),
            ("2024-10-03T14:00:00.031000+02:00", Some(Instant::At(NOON + 31))),
            ("2024-10-03T12:00:00.0315Z", Some(Instant::Behind(NOON + 31))),
            ("2024-10-03T12:00:00.0310000000000000000001Z", Some(Instant::Behind(NOON + 31))),
            ("1969-12-31T23:59:59.9999Z", Some(Instant::Behind(-1))),
            ("2016-12-31T23:59:60Z", None),
            ("2016-12-31T23:59:60.5Z", None),
            ("2024-02-30T00:00:00Z", None),
            ("10000-01-01T00:00:00Z", None),
        ] {
            assert_eq!(Instant::rfc3339(text), instant, "{text}");
            assert_eq!(Instant::iso8601(text), instant, "{text}");
        }
        assert_eq!(
            (Instant::rfc3339("2024-10-03"), Instant::iso8601("2024-10-03")),
            (None, Some(Instant::At(NOON - 43_200_000)))
        );
        assert_eq!((Instant::At(7).first_ms(), Instant::Behind(7).first_ms()), (7, 8));
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["2024-10-03T12:00:00.103Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"] {
            assert_eq!(format_ms(parse_ms(text).unwrap()), text);
        }
    }
}
