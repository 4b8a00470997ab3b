use super::*;

fn read(shape: Shape, json: &str) -> Result<Cell, &'static str> {
    shape.read(&Json::parse(json).unwrap())
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

#[test]
fn null_is_told_in_every_shape_and_so_is_the_empty_string() {
    use Shape::{Balances, Code, Decimal, Flag, Id, Integer, Line, Text, Time, Tree};
    for shape in [Code, Line, Text, Integer, Decimal, Time, Flag, Id, Tree, Balances] {
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
    for unusable in ["9223372036854775808", "1e999", "12.5", "-1e19", r#""12a""#, "true", "[]", r#""1e99999999999""#] {
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
fn what_is_wrong_with_a_number_is_said() {
    for (shape, written, problem) in [
        (Shape::Integer, "12.5", "is not a whole number"),
        (Shape::Integer, r#""1,250""#, "is not a number"),
        (Shape::Integer, "1e19", "is out of range"),
        (Shape::Decimal, r#""1,250""#, "is not a number"),
        (Shape::Decimal, "1e15", "is out of range"),
        (Shape::Decimal, "true", "is not a number"),
        (Shape::Id, "1.5", "is not an id"),
    ] {
        assert_eq!(read(shape, written), Err(problem), "{written}");
    }
}

#[test]
fn what_is_kept_with_a_loss_says_so() {
    let loss = |shape: Shape, json: &str| shape.loss(&Json::parse(json).unwrap()).is_some();
    for (shape, lossless, lossy) in [
        (Shape::Decimal, "12.5", "12.50001"),
        (Shape::Decimal, r#""1e2""#, r#""1e-5""#),
        (Shape::Decimal, r#""""#, "0.00005"),
        (Shape::Code, r#""a""#, r#""a\u0000""#),
        (Shape::Text, r#""é😀""#, r#""\ud83d""#),
        (Shape::Tree, r#"{"a":[1,"x",null]}"#, r#"{"a":[1e999]}"#),
        (Shape::Tree, "{}", r#"{"a\u0000":1}"#),
    ] {
        assert!(!loss(shape, lossless) && loss(shape, lossy), "{shape:?} {lossless} {lossy}");
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(loss(Shape::Tree, &deep));
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
    for epoch in ["1727963120.103", "1727963120103", r#""1727963120103""#] {
        assert_eq!(read(Shape::Time, epoch), Ok(Cell::Int(1_727_963_120_103)), "{epoch}");
    }
    for unusable in [r#""yesterday""#, "0", "true", r#""2024-13-01""#, "{}"] {
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
    assert!(read(Shape::Balances, "[]").is_err() && read(Shape::Tree, "[]").is_ok());
    assert!(read(Shape::Balances, "5").is_err(), "balances of old were documented as numbers, of no known unit");
}
