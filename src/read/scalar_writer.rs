//! Writes scalars as JSON.

/// Appends 1/10,000 as a decimal number without trailing zeros.
pub fn decimal(value: i128, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let (whole, mut fraction) = (value.unsigned_abs() / 10_000, value.unsigned_abs() % 10_000);
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    if fraction > 0 {
        out.push(b'.');
        let mut unit = 1_000;
        while fraction > 0 {
            out.push(b'0' + u8::try_from(fraction / unit).unwrap_or(0));
            fraction %= unit;
            unit /= 10;
        }
    }
}

/// `jane@example.com` → `j***@example.com`.
pub fn masked(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = name.chars().next().map_or_else(String::new, String::from);
    if domain.is_empty() { format!("{first}***") } else { format!("{first}***@{domain}") }
}

#[cfg(test)]
mod tests {
    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn decimals_are_written_exactly() {
        for (value, text) in [
            (0, "0"),
            (200_000, "20"),
            (125_000, "12.5"),
            (-1, "-0.0001"),
            (10_500, "1.05"),
            (i128::from(i64::MIN), "-922337203685477.5808"),
            (i128::from(i64::MAX) * 10_000 + 1, "9223372036854775807.0001"),
        ] {
            assert_eq!(written(|out| super::decimal(value, out)), text);
        }
    }

    #[test]
    fn a_masked_address_shows_its_first_letter_and_its_domain() {
        assert_eq!(super::masked("jane@example.com"), "j***@example.com");
        assert_eq!(super::masked("@example.com"), "***@example.com");
        assert_eq!(super::masked("jane"), "j***");
    }
}
