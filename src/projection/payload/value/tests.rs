use super::*;

fn read(value_type: ValueType, json: &str) -> Result<Cell, &'static str> {
    value_type.parse(&JsonValue::parse(json).unwrap())
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

#[test]
fn null_and_the_empty_string_are_null_in_every_value_type() {
    use ValueType::{Balances, Code, Decimal, Flag, Id, Integer, Line, Text, Time, Tree};
    for value_type in [Code, Line, Text, Integer, Decimal, Time, Flag, Id, Tree, Balances] {
        assert_eq!(read(value_type, "null"), Ok(Cell::Null), "{value_type:?}");
        assert_eq!(read(value_type, r#""""#), Ok(Cell::Null), "{value_type:?}");
    }
}

#[test]
fn codes_are_trimmed_and_other_text_is_not() {
    assert_eq!(read(ValueType::Code, r#"" SAVE5 ""#), Ok(text("SAVE5")));
    assert_eq!(read(ValueType::Code, r#""  ""#), Ok(Cell::Null));
    assert_eq!(read(ValueType::Line, r#"" Jane ""#), Ok(text(" Jane ")));
    assert_eq!(read(ValueType::Text, "12"), Ok(text("12")));
    assert!(read(ValueType::Text, "true").is_err());
}

#[test]
fn text_too_long_for_an_index_is_not_used() {
    assert_eq!(read(ValueType::Line, &format!("{:?}", "é".repeat(600))), Ok(text(&"é".repeat(600))));
    assert!(read(ValueType::Line, &format!("{:?}", "é".repeat(601))).is_err());
    assert!(read(ValueType::Text, &format!("{:?}", "é".repeat(601))).is_ok());
}

#[test]
fn ids_and_numbers_come_as_numbers_or_strings() {
    assert_eq!(read(ValueType::Id, "29000000"), Ok(Cell::Int(29_000_000)));
    assert_eq!(read(ValueType::Id, r#"" 29000000 ""#), Ok(Cell::Int(29_000_000)));
    assert_eq!(read(ValueType::Integer, r#""-1000""#), Ok(Cell::Int(-1000)));
    assert_eq!(read(ValueType::Integer, "12.0"), Ok(Cell::Int(12)));
    assert_eq!(read(ValueType::Integer, "1.2e1"), Ok(Cell::Int(12)));
    assert_eq!(read(ValueType::Integer, "9223372036854775807"), Ok(Cell::Int(i64::MAX)));
    assert_eq!(read(ValueType::Integer, "-9223372036854775808.0"), Ok(Cell::Int(i64::MIN)));
}

#[test]
fn numbers_out_of_range_are_not_used() {
    for unusable in ["9223372036854775808", "1e999", "12.5", "-1e19", r#""12a""#, "true", "[]", r#""1e99999999999""#] {
        assert!(read(ValueType::Integer, unusable).is_err(), "{unusable}");
    }
    for unusable in ["0", "-3", "1.5", r#""abc""#, "{}"] {
        assert!(read(ValueType::Id, unusable).is_err(), "{unusable}");
    }
    for unusable in ["1e999", "922337203685478", r#""1.2.3""#, r#""e5""#, r#"".""#, r#""--1""#] {
        assert!(read(ValueType::Decimal, unusable).is_err(), "{unusable}");
    }
}

#[test]
fn what_is_wrong_with_a_number_is_said() {
    for (value_type, written, problem) in [
        (ValueType::Integer, "12.5", "is not a whole number"),
        (ValueType::Integer, r#""1,250""#, "is not a number"),
        (ValueType::Integer, "1e19", "is out of range"),
        (ValueType::Decimal, r#""1,250""#, "is not a number"),
        (ValueType::Decimal, "1e15", "is out of range"),
        (ValueType::Decimal, "true", "is not a number"),
        (ValueType::Id, "1.5", "is not an id"),
    ] {
        assert_eq!(read(value_type, written), Err(problem), "{written}");
    }
}

#[test]
fn what_is_kept_with_a_loss_says_so() {
    let loss = |value_type: ValueType, json: &str| value_type.loss(&JsonValue::parse(json).unwrap()).is_some();
    for (value_type, lossless, lossy) in [
        (ValueType::Decimal, "12.5", "12.50001"),
        (ValueType::Decimal, r#""1e2""#, r#""1e-5""#),
        (ValueType::Decimal, r#""""#, "0.00005"),
        (ValueType::Code, r#""a""#, r#""a\u0000""#),
        (ValueType::Text, r#""é😀""#, r#""\ud83d""#),
        (ValueType::Tree, r#"{"a":[1,"x",null]}"#, r#"{"a":[1e999]}"#),
        (ValueType::Tree, "{}", r#"{"a\u0000":1}"#),
    ] {
        assert!(!loss(value_type, lossless) && loss(value_type, lossy), "{value_type:?} {lossless} {lossy}");
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(loss(ValueType::Tree, &deep));
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
        assert_eq!(read(ValueType::Decimal, &format!("{written:?}")), Ok(Cell::Int(kept)), "{written}");
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
        assert_eq!(read(ValueType::Time, &format!("{written:?}")), Ok(Cell::Int(ms)), "{written}");
    }
    for epoch in ["1727963120.103", "1727963120103", r#""1727963120103""#] {
        assert_eq!(read(ValueType::Time, epoch), Ok(Cell::Int(1_727_963_120_103)), "{epoch}");
    }
    for unusable in [r#""yesterday""#, "0", "true", r#""2024-13-01""#, "{}"] {
        assert!(read(ValueType::Time, unusable).is_err(), "{unusable}");
    }
}

#[test]
fn flags_come_as_words_and_digits_too() {
    for (written, kept) in [("true", true), (r#""false""#, false), ("1", true), (r#""0""#, false)] {
        assert_eq!(read(ValueType::Flag, written), Ok(Cell::Bool(kept)), "{written}");
    }
    assert!(read(ValueType::Flag, "2").is_err() && read(ValueType::Flag, "{}").is_err());
}

#[test]
fn trees_are_canonical_text() {
    assert_eq!(read(ValueType::Tree, r#"{"b": 1, "a": null}"#), Ok(text(r#"{"a":null,"b":1}"#)));
    assert!(read(ValueType::Balances, "[]").is_err() && read(ValueType::Tree, "[]").is_ok());
    assert!(read(ValueType::Balances, "5").is_err(), "balances of old were documented as numbers, of no known unit");
}
