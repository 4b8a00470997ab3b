//! JSON in one form only, so that equal values are equal text: keys sorted, no spaces.

use std::{collections::BTreeMap, fmt::Write as _};

use super::json::Json;

/// The canonical text. Numbers that no 64-bit float holds become strings, so that every JSON reader
/// can read it; what was too deep to read is null.
#[must_use]
pub fn canonical(json: &Json<'_>) -> String {
    let mut text = String::new();
    write(&mut text, json);
    text
}

fn write(out: &mut String, json: &Json<'_>) {
    match json {
        Json::Null | Json::TooDeep => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) if number.parse().is_ok_and(f64::is_finite) => out.push_str(number),
        Json::Number(number) => string(out, number),
        Json::Text(text) => string(out, text),
        Json::List(elements) => {
            for (position, element) in elements.iter().enumerate() {
                out.push(if position == 0 { '[' } else { ',' });
                write(out, element);
            }
            out.push_str(if elements.is_empty() { "[]" } else { "]" });
        }
        Json::Object(fields) => {
            let sorted: BTreeMap<_, _> = fields.iter().map(|(key, value)| (key, value)).collect();
            for (position, (key, value)) in sorted.iter().enumerate() {
                out.push(if position == 0 { '{' } else { ',' });
                string(out, key);
                out.push(':');
                write(out, value);
            }
            out.push_str(if sorted.is_empty() { "{}" } else { "}" });
        }
    }
}

/// Writes a string as JSON.
pub fn string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(text: &str) -> String {
        canonical(&Json::parse(text).unwrap())
    }

    #[test]
    fn equal_values_are_equal_text() {
        assert_eq!(
            canonical_of(r#"{"b": [], "a": {"y": 1, "x": "é\u0001\""}}"#),
            "{\"a\":{\"x\":\"é\\u0001\\\"\",\"y\":1},\"b\":[]}"
        );
        assert_eq!(canonical_of(r#"{"a": 1, "a": 2}"#), r#"{"a":2}"#);
        assert_eq!(canonical_of("{}"), "{}");
    }

    #[test]
    fn a_number_beyond_every_float_becomes_a_string() {
        assert_eq!(
            canonical_of(r"[1e999, -1e999, 1.5, 12345678901234567890]"),
            r#"["1e999","-1e999",1.5,12345678901234567890]"#
        );
    }
}
