//! Single values as the sender writes them: numbers in strings, odd times, empty strings.

use std::borrow::Cow;

use super::{canonical::canonical, json::Json};
use crate::{projection::merge::Cell, time::parse_ms};

/// Decimals are kept in units of 1/10,000.
const DECIMAL_PLACES: usize = 4;
/// Text that indexes hold may not be longer, in characters: `PostgreSQL` limits an index entry to 2.7 kB.
const LINE_CHARS: usize = 600;

/// How a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text without spaces around it: codes, states, addresses of e-mail. `""` is null.
    Code,
    /// Short text as it stands. `""` is null.
    Line,
    /// Text of any length as it stands. `""` is null.
    Text,
    /// A whole number; of money the minor unit.
    Integer,
    /// A decimal number, kept in 1/10,000.
    Decimal,
    /// A time, kept in milliseconds since 1970 UTC.
    Time,
    /// True or false.
    Flag,
    /// The id of another row.
    Id,
    /// An object or array, kept as canonical JSON text.
    Tree,
}

impl Shape {
    /// Reads a value.
    ///
    /// # Errors
    /// What was expected, when the value is of no use.
    pub fn read(self, json: &Json<'_>) -> Result<Cell, &'static str> {
        if *json == Json::Null {
            return Ok(Cell::Null);
        }
        match self {
            Self::Code => line(json, true),
            Self::Line => line(json, false),
            Self::Text => text(json).map(|text| filled(text.into_owned())),
            Self::Integer => number(json, integer, "a whole 64-bit number"),
            Self::Decimal => number(json, decimal, "a decimal number below 922,337,203,685,477"),
            Self::Time => match plain(json).map(str::trim) {
                Some("") => Ok(Cell::Null),
                text => text.and_then(parse_ms).map(Cell::Int).ok_or("a time such as 2024-10-03T13:45:20.103Z"),
            },
            Self::Flag => flag(json),
            Self::Id => match number(json, integer, "an id")? {
                Cell::Int(..=0) => Err("a positive id"),
                cell => Ok(cell),
            },
            Self::Tree => match json {
                Json::Object(_) | Json::List(_) => Ok(Cell::Text(canonical(json))),
                Json::Text(text) if text.is_empty() => Ok(Cell::Null),
                _ => Err("an object"),
            },
        }
    }
}

fn filled(text: String) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text) }
}

fn plain<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    if let Json::Text(text) = json { Some(text) } else { None }
}

/// Text; a number counts as the text it is written as.
fn text<'a>(json: &'a Json<'_>) -> Result<Cow<'a, str>, &'static str> {
    match json {
        Json::Text(text) => Ok(Cow::Borrowed(text)),
        Json::Number(number) => Ok(Cow::Borrowed(number)),
        _ => Err("text"),
    }
}

fn line(json: &Json<'_>, trim: bool) -> Result<Cell, &'static str> {
    let text = text(json)?;
    let text = if trim { text.trim() } else { &text };
    // A character has at most four bytes: the exact count is seldom needed.
    if text.len() > LINE_CHARS && text.chars().count() > LINE_CHARS {
        return Err("text of at most 600 characters");
    }
    Ok(filled(text.to_owned()))
}

fn number(json: &Json<'_>, read: fn(&str) -> Option<i64>, expected: &'static str) -> Result<Cell, &'static str> {
    let text = match json {
        Json::Number(number) => number,
        Json::Text(text) => text.trim(),
        _ => return Err(expected),
    };
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    read(text).map(Cell::Int).ok_or(expected)
}

fn flag(json: &Json<'_>) -> Result<Cell, &'static str> {
    let word = match json {
        Json::Bool(value) => return Ok(Cell::Bool(*value)),
        Json::Number(number) => number,
        Json::Text(text) => text.trim(),
        _ => "",
    };
    match word {
        "true" | "1" => Ok(Cell::Bool(true)),
        "false" | "0" => Ok(Cell::Bool(false)),
        "" if plain(json).is_some() => Ok(Cell::Null),
        _ => Err("true or false"),
    }
}

/// A whole number that fits 64 bits, also written as `12.0` or `1.2e1`.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| scaled(text, 0, true))
}

/// A decimal number in 1/10,000, exact; further places are rounded, halves away from zero.
#[must_use]
pub fn decimal(text: &str) -> Option<i64> {
    scaled(text, DECIMAL_PLACES, false)
}

/// The number times ten to the power of `places`, from its written form.
fn scaled(text: &str, places: usize, exact: bool) -> Option<i64> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let first = digits.iter().position(|digit| *digit != b'0');
    let Some(first) = first else { return exponent.parse::<i64>().ok().map(|_| 0) };
    // Where the result ends in the row of digits; whatever stands behind is rounded.
    let end = i64::try_from(whole.len() + places).ok()?.checked_add(exponent.parse().ok()?)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(shape: Shape, json: &str) -> Result<Cell, &'static str> {
        shape.read(&Json::parse(json).unwrap())
    }

    fn text(value: &str) -> Cell {
        Cell::Text(value.to_owned())
    }

    #[test]
    fn null_is_told_in_every_shape_and_so_is_the_empty_string() {
        use Shape::{Code, Decimal, Flag, Id, Integer, Line, Text, Time, Tree};
        for shape in [Code, Line, Text, Integer, Decimal, Time, Flag, Id, Tree] {
            assert_eq!(read(shape, "null"), Ok(Cell::Null), "{shape:?}");
            assert_eq!(read(shape, r#""""#), Ok(Cell::Null), "{shape:?}");
        }
    }

    #[test]
    fn codes_are_trimmed_and_other_text_is_not() {
        assert_eq!(read(Shape::Code, r#"" SAVE5 ""#), Ok(text("SAVE5")));
        assert_eq!(read(Shape::Code, r#""  ""#), Ok(Cell::Null));
        assert_eq!(read(Shape::Line, r#"" Jane ""#), Ok(text(" Jane ")));
        assert_eq!(read(Shape::Text, "12"), Ok(text("12")));
        assert!(read(Shape::Text, "true").is_err());
    }

    #[test]
    fn text_that_no_index_can_hold_is_not_told() {
        assert_eq!(read(Shape::Line, &format!("{:?}", "é".repeat(600))), Ok(text(&"é".repeat(600))));
        assert!(read(Shape::Line, &format!("{:?}", "é".repeat(601))).is_err());
        assert!(read(Shape::Text, &format!("{:?}", "é".repeat(601))).is_ok());
    }

    #[test]
    fn ids_and_numbers_come_as_numbers_or_strings() {
        assert_eq!(read(Shape::Id, "29000000"), Ok(Cell::Int(29_000_000)));
        assert_eq!(read(Shape::Id, r#"" 29000000 ""#), Ok(Cell::Int(29_000_000)));
        assert_eq!(read(Shape::Integer, r#""-1000""#), Ok(Cell::Int(-1000)));
        assert_eq!(read(Shape::Integer, "12.0"), Ok(Cell::Int(12)));
        assert_eq!(read(Shape::Integer, "1.2e1"), Ok(Cell::Int(12)));
        assert_eq!(read(Shape::Integer, "9223372036854775807"), Ok(Cell::Int(i64::MAX)));
        assert_eq!(read(Shape::Integer, "-9223372036854775808.0"), Ok(Cell::Int(i64::MIN)));
    }

    #[test]
    fn numbers_that_do_not_fit_are_not_told() {
        for unusable in
            ["9223372036854775808", "1e999", "12.5", "-1e19", r#""12a""#, "true", "[]", r#""1e99999999999""#]
        {
            assert!(read(Shape::Integer, unusable).is_err(), "{unusable}");
        }
        for unusable in ["0", "-3", "1.5", r#""abc""#, "{}"] {
            assert!(read(Shape::Id, unusable).is_err(), "{unusable}");
        }
        for unusable in ["1e999", "922337203685478", r#""1.2.3""#, r#""e5""#, r#"".""#, r#""--1""#] {
            assert!(read(Shape::Decimal, unusable).is_err(), "{unusable}");
        }
    }

    #[test]
    fn decimals_are_exact_in_ten_thousandths() {
        for (written, kept) in [
            ("20", 200_000),
            ("0.1", 1_000),
            ("33.33333", 333_333),
            ("0.00005", 1),
            ("-0.00005", -1),
            ("0.000049999", 0),
            ("1.005", 10_050),
            ("2.5e1", 250_000),
            ("1e-999", 0),
            ("0e999", 0),
            ("000000000000000000000000012.5", 125_000),
            ("922337203685477.5807", i64::MAX),
        ] {
            assert_eq!(read(Shape::Decimal, &format!("{written:?}")), Ok(Cell::Int(kept)), "{written}");
        }
    }

    #[test]
    fn times_of_any_precision_are_milliseconds() {
        for (written, ms) in [
            ("2024-10-03T13:45:20.103Z", 1_727_963_120_103),
            ("2024-10-03T15:45:20.1039999+02:00", 1_727_963_120_103),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(read(Shape::Time, &format!("{written:?}")), Ok(Cell::Int(ms)), "{written}");
        }
        for unusable in [r#""yesterday""#, "1727963120", r#""2024-13-01""#, "{}"] {
            assert!(read(Shape::Time, unusable).is_err(), "{unusable}");
        }
    }

    #[test]
    fn flags_come_as_words_and_digits_too() {
        for (written, kept) in [("true", true), (r#""false""#, false), ("1", true), (r#""0""#, false)] {
            assert_eq!(read(Shape::Flag, written), Ok(Cell::Bool(kept)), "{written}");
        }
        assert!(read(Shape::Flag, "2").is_err() && read(Shape::Flag, "{}").is_err());
    }

    #[test]
    fn trees_are_canonical_text() {
        assert_eq!(read(Shape::Tree, r#"{"b": 1, "a": null}"#), Ok(text(r#"{"a":null,"b":1}"#)));
        assert!(read(Shape::Tree, "5").is_err(), "balances of old were documented as numbers, of no known unit");
    }
}
