//! Documents that other readers refuse.

use super::*;

fn text(json: &str) -> String {
    match JsonValue::parse(json) {
        Ok(JsonValue::Text(text)) => text.into_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn half_a_surrogate_pair_does_not_lose_the_document() {
    assert_eq!(text(r#""a\ud83dz""#), "a\u{fffd}z");
    assert_eq!(text(r#""\ude00""#), "\u{fffd}");
    assert_eq!(text(r#""\ud83d\ud83d\ude00""#), "\u{fffd}😀");
    assert_eq!(text(r#""\ud83d\n""#), "\u{fffd}\n");
    assert_eq!(text(r#""\ud83d\ude00""#), "😀");
}

#[test]
fn nul_becomes_the_replacement_character() {
    assert_eq!(text("\"a\\u0000b\""), "a\u{fffd}b");
    assert_eq!(text("\"a\0b\""), "a\u{fffd}b");
}

#[test]
fn every_escape_is_known_and_no_other() {
    assert_eq!(text(r#""\"\\\/\b\f\n\r\t\u00e9""#), "\"\\/\u{8}\u{c}\n\r\té");
    for broken in [r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""abc"#, r#""abc\"#, r#""abc\""#] {
        assert!(JsonValue::parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn numbers_of_any_size_stay_as_written() {
    for number in ["0", "-1", "1e999", "123456789012345678901234567890", "1.50", "2E-3"] {
        assert_eq!(JsonValue::parse(number), Ok(JsonValue::Number(number)));
    }
    for broken in ["-", "1.", "1e", "+1", ".5", "NaN", "0x1"] {
        assert!(JsonValue::parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn of_equal_keys_the_last_one_counts() {
    let json = JsonValue::parse(r#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
    assert_eq!(json.get("a"), Some(&JsonValue::Number("3")));
    assert_eq!(json.get("c"), None);
}

#[test]
fn ten_thousand_levels_are_skipped() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let json = format!(r#"{{"deep": {deep}, "text": "]", "after": 1}}"#);
        let json = JsonValue::parse(&json).unwrap();
        assert_eq!(json.get("after"), Some(&JsonValue::Number("1")));
        assert!(JsonValue::parse(&deep[..deep.len() - 1]).is_err(), "an open end is noticed");
    }
}

#[test]
fn an_error_says_where_and_repeats_nothing() {
    let error = JsonValue::parse(r#"{"email": secret}"#).unwrap_err();
    assert_eq!(error.to_string(), "not JSON: no value begins like this at byte 10");
    for broken in ["", "  ", "{", "[1,]", "{\"a\" 1}", "{a: 1}", "[1 2]", "nul", "1 1", "{\"a\":1,}"] {
        assert!(JsonValue::parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn what_serde_json_reads_is_read_alike() {
    let document = r#" {"a": [1, 2.5, null, true, false, "x\ty", {}], "b": {"c": []}} "#;
    assert_eq!(
        crate::json::canonical(&JsonValue::parse(document).unwrap()),
        serde_json::from_str::<serde_json::Value>(document).unwrap().to_string()
    );
    assert_eq!(JsonValue::parse("\u{feff}1"), Ok(JsonValue::Number("1")));
}
