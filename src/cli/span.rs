//! Spans of time on the command line: `90s`, `15m`, `12h`, `30d`.

/// A span in seconds, from one second to ten years.
pub fn seconds(text: &str) -> Result<i64, String> {
    const LONGEST: i64 = 3650 * 86_400;
    let expected = || "expected a number with s, m, h or d behind it, at most 3650d".to_owned();
    let unit = text.chars().last().ok_or_else(expected)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(expected()),
    };
    let number: i64 = text[..text.len() - 1].parse().map_err(|_| expected())?;
    number.checked_mul(seconds).filter(|span| (1..=LONGEST).contains(span)).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_span_has_a_unit_and_an_end() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("12h"), Ok(43_200));
        assert_eq!(seconds("30d"), Ok(2_592_000));
        for wrong in ["", "30", "d", "0d", "-1d", "1.5h", "3651d", "99999999999999999999d", "1w", "1é"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
