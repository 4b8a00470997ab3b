//! Canonical JSON: keys sorted and no spaces, so that equal values are equal text.

use std::collections::BTreeMap;

use super::{JsonValue, string::push_string};

/// The canonical text. Numbers beyond the range of a 64-bit float become strings, so that every JSON reader can read
/// it; values that were nested too deep are null.
#[must_use]
pub fn canonical(json: &JsonValue<'_>) -> String {
    let mut text = String::new();
    write(&mut text, json);
    text
}

fn write(out: &mut String, json: &JsonValue<'_>) {
    match json {
        JsonValue::Null | JsonValue::TooDeep => out.push_str("null"),
        JsonValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        JsonValue::Number(number) if number.parse().is_ok_and(f64::is_finite) => out.push_str(number),
        JsonValue::Number(number) => push_string(number, out),
        JsonValue::Text(text) => push_string(text, out),
        JsonValue::List(elements) => {
            for (position, element) in elements.iter().enumerate() {
                out.push(if position == 0 { '[' } else { ',' });
                write(out, element);
            }
            out.push_str(if elements.is_empty() { "[]" } else { "]" });
        }
        JsonValue::Object(fields) => {
            let sorted: BTreeMap<_, _> = fields.iter().map(|(key, value)| (key, value)).collect();
            for (position, (key, value)) in sorted.iter().enumerate() {
                out.push(if position == 0 { '{' } else { ',' });
                push_string(key, out);
                out.push(':');
                write(out, value);
            }
            out.push_str(if sorted.is_empty() { "{}" } else { "}" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(text: &str) -> String {
        canonical(&JsonValue::parse(text).unwrap())
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
