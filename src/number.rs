//! Decimal numbers as senders write them, read exactly.

use crate::json::scanner::{JsonScanner, JsonTokenKind};

/// Whether the text is a decimal number: digits, at most one point, perhaps a sign and an exponent.
#[must_use]
pub fn is_number(text: &str) -> bool {
    Parts::of(text).is_some()
}

/// The number times ten to the power of `places`. Further places are rounded, halves away from zero;
/// where it has to be `exact`, such a number is `None`. So is one that does not fit 64 bits.
#[must_use]
pub fn scaled(text: &str, places: usize, exact: bool) -> Option<i64> {
    let Parts { negative, digits, whole, exponent } = Parts::of(text)?;
    let Some(first) = digits.iter().position(|digit| *digit != b'0') else { return Some(0) };
    // Where the result ends in the row of digits; whatever stands behind is rounded.
    let end = i64::try_from(whole + places).ok()?.checked_add(exponent?)?;
    let first = i64::try_from(first).ok()?;
    if end.saturating_sub(first) > 19 {
        return None;
    }
    let digit =
        |at: i64| usize::try_from(at).ok().and_then(|at| digits.get(at)).map_or(0, |digit| i128::from(digit - b'0'));
    let mut value = (first..end).fold(0, |value, at| value * 10 + digit(at));
    let rest = usize::try_from(end).unwrap_or(0).min(digits.len());
    if exact && digits[rest..].iter().any(|digit| *digit != b'0') {
        return None;
    }
    value += i128::from(digit(end) >= 5);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// The first number of a JSON text that has more digits than its reader keeps: neither a whole number of 64 bits,
/// nor what a double (IEEE 754) holds.
#[must_use]
pub fn inexact(json: &[u8]) -> Option<&str> {
    let mut scanner = JsonScanner::lenient(json);
    // Where the text stops being JSON, its parser says so.
    while let Ok(Some(token)) = scanner.next_token() {
        if token.kind == JsonTokenKind::Number {
            let number = std::str::from_utf8(&json[token.range]).ok()?;
            if !is_kept(number) {
                return Some(number);
            }
        }
    }
    None
}

fn is_kept(number: &str) -> bool {
    let whole = || number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
    let double = || number.parse::<f64>().is_ok_and(|double| Parts::equal(number, &double.to_string()));
    whole() || double()
}

struct Parts {
    negative: bool,
    digits: Vec<u8>,
    /// How many of the digits stand before the point.
    whole: usize,
    /// None beyond 64 bits.
    exponent: Option<i64>,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let power = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let plain = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        (plain(&digits) && plain(power.as_bytes())).then(|| Self {
            negative,
            digits,
            whole: whole.len(),
            exponent: exponent.parse().ok(),
        })
    }

    /// Whether two numbers have the same value.
    fn equal(a: &str, b: &str) -> bool {
        let (Some(a), Some(b)) = (Self::of(a), Self::of(b)) else { return false };
        match (a.significant(), b.significant()) {
            (None, None) => true,
            (Some(digits), Some(other)) => a.negative == b.negative && digits == other,
            _ => false,
        }
    }

    /// The digits from the first to the last that is not zero, and how many stand before the point; none in zero.
    fn significant(&self) -> Option<(&[u8], Option<i64>)> {
        let first = self.digits.iter().position(|digit| *digit != b'0')?;
        let last = self.digits.iter().rposition(|digit| *digit != b'0')?;
        let whole = i64::try_from(self.whole).ok()? - i64::try_from(first).ok()?;
        Some((&self.digits[first..=last], self.exponent.and_then(|exponent| exponent.checked_add(whole))))
    }
}

#[cfg(test)]
mod tests {
    use super::{inexact, is_number, scaled};

    #[test]
    fn a_number_is_read_exactly_or_not_at_all() {
        assert_eq!(scaled("7.5", 4, true), Some(75_000));
        assert_eq!(scaled("1e2", 4, true), Some(1_000_000));
        assert_eq!(scaled("12.50", 1, true), Some(125));
        assert_eq!((scaled("0.00005", 4, true), scaled("0.00005", 4, false)), (None, Some(1)));
        assert_eq!(scaled("1e99999999999999999999", 4, false), None);
        assert_eq!(scaled("0e99999999999999999999", 4, true), Some(0));
    }

    #[test]
    fn separators_of_thousands_make_no_number() {
        for text in ["1,250", "1 250", "1'250", "1.250.5", "", "-", ".", "e5", "1e", "1e1.5", "--1", "inf", "0x10"] {
            assert!(!is_number(text), "{text}");
        }
        for text in ["1", "-1", "+1.", ".5", "1E+2", "1e99999999999999999999"] {
            assert!(is_number(text), "{text}");
        }
    }

    #[test]
    fn a_number_that_its_reader_would_round_is_found_outside_of_strings() {
        for kept in
            ["0.1", "1e2", "-12.5000", "1E+300", "0.0000", "-0", "0e999999999999999999999", "18446744073709551615"]
        {
            assert_eq!(inexact(format!(r#"{{"a":[{kept}]}}"#).as_bytes()), None, "{kept}");
        }
        for rounded in ["0.10000000000000000001", "12345678901234567.89", "18446744073709551616", "1e-999", "5e-400"] {
            let text = format!(r#"{{"1e-999 \" 1e-999":[true,"{rounded}",{rounded} ,1]}}"#);
            assert_eq!(inexact(text.as_bytes()), Some(rounded));
        }
    }
}
