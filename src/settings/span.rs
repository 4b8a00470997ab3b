//! Spans of time: `500ms`, `10s`, `2m`.

use std::time::Duration;

/// A span of one millisecond to one hour.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    const LONGEST_MS: u64 = 3_600_000;
    let expected = || "expected a time with ms, s or m behind it, like 500ms or 10s, at most 60m".to_owned();
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err(expected()),
    };
    let ms = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_ms));
    ms.filter(|ms| (1..=LONGEST_MS).contains(ms)).map(Duration::from_millis).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_is_neither_nothing_nor_endless() {
        assert_eq!(span("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(span(" 10s"), Ok(Duration::from_secs(10)));
        assert_eq!(span("60m"), Ok(Duration::from_secs(3600)));
        for wrong in ["", "10", "s", "0s", "-1s", "1.5s", "61m", "1h", "99999999999999999999s", "1 s", "1é"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
