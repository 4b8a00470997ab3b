//! Writes JSON by hand: strings, numbers, times, decimals.

/// Appends an integer.
pub fn int(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends an integer or null.
pub fn int_or_null(value: Option<i64>, out: &mut Vec<u8>) {
    match value {
        Some(value) => int(value, out),
        None => null(out),
    }
}

/// Appends a string or null.
pub fn text(value: Option<&str>, out: &mut Vec<u8>) {
    let Some(value) = value else { return null(out) };
    out.push(b'"');
    let mut plain = 0;
    for (index, byte) in value.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&value.as_bytes()[plain..index]);
        out.extend_from_slice(b"\\u00");
        out.extend_from_slice(&[hex(byte >> 4), hex(byte & 15)]);
        plain = index + 1;
    }
    out.extend_from_slice(&value.as_bytes()[plain..]);
    out.push(b'"');
}

/// Appends an enum's value or null: the stored word in capital letters.
pub fn word(value: Option<&str>, out: &mut Vec<u8>) {
    let begin = out.len();
    text(value, out);
    if value.is_some() {
        out[begin..].make_ascii_uppercase();
    }
}

/// Appends 1/10,000 as a decimal in a string, without trailing zeros, or null.
pub fn decimal(value: Option<i64>, out: &mut Vec<u8>) {
    let Some(value) = value else { return null(out) };
    out.push(b'"');
    if value < 0 {
        out.push(b'-');
    }
    let (whole, mut fraction) = (value.unsigned_abs() / 10_000, value.unsigned_abs() % 10_000);
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    if fraction > 0 {
        out.push(b'.');
        let mut unit = 1_000;
        while fraction > 0 {
            digits(fraction / unit, 1, out);
            fraction %= unit;
            unit /= 10;
        }
    }
    out.push(b'"');
}

/// Appends milliseconds since 1970 as RFC 3339 in UTC, or null. For years from 1970 to 9999.
pub fn time(value: Option<i64>, out: &mut Vec<u8>) {
    let Some(ms) = value.and_then(|ms| u64::try_from(ms).ok()) else { return null(out) };
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let (year, month, day) = civil(days);
    out.push(b'"');
    digits(year, 4, out);
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
    out.extend_from_slice(b"Z\"");
}

/// Year, month and day of a number of days since 1970: Howard Hinnant's `civil_from_days`.
pub fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Appends the last `width` digits.
fn digits(value: u64, width: u32, out: &mut Vec<u8>) {
    for place in (0..width).rev() {
        out.push(b'0' + (value / 10_u64.pow(place) % 10) as u8);
    }
}

fn hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(written(|out| text(Some("a\"\\\nü"), out)), r#""a\u0022\u005c\u000aü""#);
    }

    #[test]
    fn times_are_written_as_rfc_3339() {
        for (ms, expected) in [
            (0, r#""1970-01-01T00:00:00.000Z""#),
            (1_709_164_799_999, r#""2024-02-28T23:59:59.999Z""#),
            (1_709_164_800_000, r#""2024-02-29T00:00:00.000Z""#),
            (1_735_689_600_001, r#""2025-01-01T00:00:00.001Z""#),
        ] {
            assert_eq!(written(|out| time(Some(ms), out)), expected);
        }
    }

    #[test]
    fn decimals_are_written_exactly() {
        for (value, expected) in [(0, r#""0""#), (125_000, r#""12.5""#), (-10_500, r#""-1.05""#), (1, r#""0.0001""#)] {
            assert_eq!(written(|out| decimal(Some(value), out)), expected);
        }
    }
}
