//! Times: reading what senders write, writing them, and the clock that handlers and loops look at.

mod format;

pub use format::{format_ms, push_ms};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

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

/// Reads an ISO 8601 time as milliseconds since 1970-01-01T00:00:00Z.
///
/// Takes whole seconds and any fraction (cut to milliseconds), `Z`, an offset (`+02:00`, `+0200`,
/// `+02`) or none (then UTC), `T` or a space between date and time, and a bare date (its midnight).
/// White space around it is ignored. Anything else, and a date that no calendar has, is `None`.
#[must_use]
pub fn parse_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    };
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone);
    let (seconds, fraction) = clock.trim_end().split_once(['.', ',']).unwrap_or((clock.trim_end(), ""));
    let at: NaiveDateTime = date.and_time(read_clock(seconds)?);
    Some(at.and_utc().timestamp_millis() + fraction_ms(fraction)? - offset_ms(zone)?)
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

/// What to take away from the local time: `Z`, nothing, `+HH:MM`, `+HHMM` or `+HH`.
fn offset_ms(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
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
            (" 2024-10-03 12:00:00 UTC", -1),
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
            let expected = if text.ends_with("UTC") { None } else { Some(ms) };
            assert_eq!(parse_ms(text), expected, "{text}");
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
            "1727956800",
            "2024-10-03T12:00:00ZZ",
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
