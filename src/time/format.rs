//! Writing times.

/// Writes a time as RFC 3339 in UTC with milliseconds, as [`push_ms`] does.
#[must_use]
pub fn format_ms(ms: i64) -> String {
    let mut out = Vec::with_capacity(24);
    push_ms(ms, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends milliseconds since 1970 as RFC 3339 in UTC, with three digits of the second.
///
/// Days to dates by the algorithm of Howard Hinnant ("days from civil" backwards): a list of leads
/// writes hundreds of times, and a formatter for all formats takes ten times as long.
pub fn push_ms(ms: i64, out: &mut Vec<u8>) {
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    if (0..=9_999).contains(&year) {
        digits(year, 4, out);
    } else {
        // RFC 3339 ends at 9999; ISO 8601 goes on with a sign.
        out.push(if year < 0 { b'-' } else { b'+' });
        digits(year.abs(), 6, out);
    }
    for (separator, value, width) in [
        (b'-', month, 2),
        (b'-', day, 2),
        (b'T', rest / 3_600_000, 2),
        (b':', rest / 60_000 % 60, 2),
        (b':', rest / 1_000 % 60, 2),
        (b'.', rest % 1_000, 3),
    ] {
        out.push(separator);
        digits(value, width, out);
    }
    out.push(b'Z');
}

fn digits(value: i64, width: usize, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(value);
    for _ in text.len()..width {
        out.push(b'0');
    }
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn times_are_written_as_rfc_3339(ms in -62_167_219_200_000_i64..253_402_300_800_000) {
            let expected = DateTime::from_timestamp_millis(ms).unwrap().to_rfc3339_opts(SecondsFormat::Millis, true);
            prop_assert_eq!(super::format_ms(ms), expected);
        }
    }
}
