//! Parsers for the values of settings. A message says what was expected and never repeats the value.

use std::time::Duration;

/// The largest number of things that are counted.
pub(crate) const MILLION: u32 = 1_000_000;
/// The largest number of bytes, tokens and the like.
pub(crate) const BILLION: u32 = 1_000_000_000;

/// A whole number from 1 to `MAX`: zero would switch a limit off.
pub(crate) fn bounded<const MAX: u32, N: TryFrom<u32>>(text: &str) -> Result<N, String> {
    let number = text.trim().parse().ok().filter(|number| (1..=MAX).contains(number));
    number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| format!("expected a whole number from 1 to {MAX}"))
}

/// A duration of one millisecond to one hour.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    between(text, Duration::from_millis(1), Duration::from_secs(3600))
        .ok_or_else(|| "expected a duration from 1ms to 1h, like 500ms, 10s or 2m".to_owned())
}

/// A duration of one second to ten years, in seconds.
pub(crate) fn long_duration(text: &str) -> Result<i64, String> {
    between(text, Duration::from_secs(1), Duration::from_secs(3650 * 86_400))
        .and_then(|duration| i64::try_from(duration.as_secs()).ok())
        .ok_or_else(|| "expected a duration from 1s to 3650d, like 90s, 15m, 12h or 30d".to_owned())
}

fn between(text: &str, min: Duration, max: Duration) -> Option<Duration> {
    humantime::parse_duration(text.trim()).ok().filter(|duration| (min..=max).contains(duration))
}

/// A duration as [`duration`] reads it, for the defaults in `--help`.
pub(crate) fn shown(duration: Duration) -> String {
    humantime::format_duration(duration).to_string()
}

/// Text that is not empty.
pub(crate) fn not_empty(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("expected text that is not empty; unset it to use the default".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_at_least_one_and_at_most_the_maximum() {
        assert_eq!(bounded::<MILLION, usize>(" 1000000 "), Ok(1_000_000));
        assert_eq!(bounded::<BILLION, u32>("1"), Ok(1));
        for wrong in ["0", "-1", "many", "", "1e3", "1000001", "99999999999999999999"] {
            let expected = Err("expected a whole number from 1 to 1000000".to_owned());
            assert_eq!(bounded::<MILLION, usize>(wrong), expected, "{wrong}");
        }
    }

    #[test]
    fn a_duration_has_a_unit_and_is_neither_zero_nor_endless() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration(" 10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("60m"), Ok(Duration::from_secs(3600)));
        for wrong in ["", "10", "s", "0s", "-1s", "61m", "1d", "99999999999999999999s", "1é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(duration(&shown(Duration::from_secs(75))), Ok(Duration::from_secs(75)));
    }

    #[test]
    fn a_long_duration_is_at_most_ten_years() {
        assert_eq!(long_duration("90s"), Ok(90));
        assert_eq!(long_duration("12h"), Ok(43_200));
        assert_eq!(long_duration("30d"), Ok(2_592_000));
        for wrong in ["", "30", "d", "0d", "500ms", "-1d", "3651d", "99999999999999999999d", "1é"] {
            assert!(long_duration(wrong).is_err(), "{wrong}");
        }
    }
}
