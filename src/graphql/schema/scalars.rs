//! The scalars, and the coercion of their values.

use serde_json::Number;

use crate::time::{
    Instant,
    calendar::{Calendar, is_date},
};

/// A scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// 32-bit integer.
    Int,
    /// Text.
    String,
    /// Boolean.
    Boolean,
    /// Opaque id.
    Id,
    /// 64-bit integer.
    BigInt,
    /// Point in time.
    DateTime,
    /// Decimal number with up to four digits after the point.
    Decimal,
    /// A day of a calendar.
    Date,
    /// The name of a time zone.
    TimeZone,
    /// Any JSON value; never an input.
    Json,
}

/// A scalar's input before coercion: from a literal or from a variable's JSON.
#[derive(Debug)]
pub enum ScalarInput<'a> {
    /// A number, as it is written.
    Number(&'a serde_json::Number),
    /// Text.
    Text(&'a str),
    /// Boolean.
    Bool(bool),
}

/// A scalar's value.
#[derive(Debug, PartialEq)]
pub enum ScalarValue {
    /// Integer, or 1/10,000.
    Int(i64),
    /// Point in time.
    Time(Instant),
    /// Text.
    Text(String),
    /// Boolean.
    Bool(bool),
}

impl Scalar {
    /// The value.
    ///
    /// # Errors
    /// The expected value; with the given one, if it is a time or a zone.
    pub fn read(self, raw: &ScalarInput<'_>) -> Result<ScalarValue, String> {
        let expected = match self {
            Self::Int => "a 32-bit integer",
            Self::BigInt => "a 64-bit integer",
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Id => "an id",
            Self::DateTime => {
                "a time such as \"2024-10-03T13:45:20Z\" (RFC 3339, no leap second) or a date such as \"2024-10-03\", from \
                 the year 1 to the year 9999"
            }
            Self::Decimal => {
                "a decimal number with at most four digits after the point, as text where it has more than 15 digits"
            }
            Self::Date => "a date such as \"2024-10-03\", from the year 1 to the year 9999",
            Self::TimeZone => "the name of a time zone in the IANA database such as \"Europe/Berlin\", or \"UTC\"",
            Self::Json => "no value: JSON is never an input",
        };
        let given = || match (self, raw) {
            (Self::Date | Self::DateTime | Self::TimeZone, ScalarInput::Text(text)) => repeated(text),
            _ => String::new(),
        };
        self.value(raw).ok_or_else(|| format!("{expected}{}", given()))
    }

    fn value(self, raw: &ScalarInput<'_>) -> Option<ScalarValue> {
        match (self, raw) {
            (Self::Int, ScalarInput::Number(number)) => {
                whole(number).filter(|value| i32::try_from(*value).is_ok()).map(ScalarValue::Int)
            }
            (Self::BigInt, ScalarInput::Number(number)) => whole(number).map(ScalarValue::Int),
            (Self::BigInt, ScalarInput::Text(text)) => {
                text.parse().ok().filter(|value: &i64| value.to_string() == *text).map(ScalarValue::Int)
            }
            (Self::String | Self::Id, ScalarInput::Text(text)) => Some(ScalarValue::Text((*text).to_owned())),
            (Self::Id, ScalarInput::Number(number)) => {
                (number.is_i64() || number.is_u64()).then(|| ScalarValue::Text(number.to_string()))
            }
            (Self::Boolean, ScalarInput::Bool(flag)) => Some(ScalarValue::Bool(*flag)),
            (Self::DateTime, ScalarInput::Text(text)) => Instant::rfc3339(text).map(ScalarValue::Time),
            (Self::Date, ScalarInput::Text(text)) => is_date(text).then(|| ScalarValue::Text((*text).to_owned())),
            (Self::TimeZone, ScalarInput::Text(text)) => {
                Calendar::of_zone(text).map(|_| ScalarValue::Text((*text).to_owned()))
            }
            (Self::Decimal, ScalarInput::Text(text)) => decimal(text),
            (Self::Decimal, ScalarInput::Number(number)) if is_as_written(number) => decimal(&number.to_string()),
            _ => None,
        }
    }
}

/// A wrong value behind what was expected, if it may be repeated: a short text of which a name, a date or a time consists,
/// so that no address and no token of another argument is.
pub fn repeated(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_/+-:. ".contains(&byte);
    if text.len() <= 40 && text.bytes().all(is_plain) { format!(", not \"{text}\"") } else { String::new() }
}

/// A whole number. Number parsers read `-0` as a float.
fn whole(number: &Number) -> Option<i64> {
    let minus_zero = || number.as_f64().filter(|value| *value == 0.0 && value.is_sign_negative()).map(|_| 0);
    number.as_i64().or_else(minus_zero)
}

/// Whether it equals the number in the request. Parsers round numbers with a point to a double, which keeps 15 digits.
fn is_as_written(number: &Number) -> bool {
    let text = number.to_string();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let trailing = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    !number.is_f64() || digits.len() - trailing <= 15
}

fn decimal(text: &str) -> Option<ScalarValue> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(fraction) || fraction.len() > 4 {
        return None;
    }
    format!("{sign}{whole}{fraction:0<4}").parse().ok().map(ScalarValue::Int)
}

#[cfg(test)]
mod tests {
    use super::{Scalar, ScalarInput, ScalarValue};

    #[test]
    fn large_integers_are_texts_of_digits_and_nothing_else() {
        let read = |text: &str| Scalar::BigInt.read(&ScalarInput::Text(text)).ok();
        for value in [0, 7, -7, i64::MAX, i64::MIN] {
            assert_eq!(read(&value.to_string()), Some(ScalarValue::Int(value)));
        }
        for wrong in ["", "-", "+1", "007", "-07", "-0", " 1", "1.0", "1e3", "9223372036854775808"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn decimals_are_read_exactly() {
        let read = |text: &str| Scalar::Decimal.read(&ScalarInput::Text(text)).ok();
        assert_eq!(read("12.5"), Some(ScalarValue::Int(125_000)));
        assert_eq!(read("-0.0001"), Some(ScalarValue::Int(-1)));
        assert_eq!(read("0.00001"), None);
        assert_eq!(read("1e3"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("99999999999999999999"), None);
        let number = |text| Scalar::Decimal.read(&ScalarInput::Number(&serde_json::from_str(text).unwrap())).ok();
        for (text, value) in [
            ("12.5", Some(125_000)),
            ("-0.0001", Some(-1)),
            ("12345678901.2345", Some(123_456_789_012_345)),
            ("922337203685477", Some(9_223_372_036_854_770_000)),
            ("1000000000000.0", Some(10_000_000_000_000_000)),
            ("0.00005", None),
            ("12.34567", None),
            // A double is 922337203685477.6.
            ("922337203685477.5808", None),
            ("1e300", None),
        ] {
            assert_eq!(number(text), value.map(ScalarValue::Int), "{text}");
        }
    }
}
