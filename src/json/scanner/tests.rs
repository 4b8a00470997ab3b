//! The scanner against another JSON parser.

use proptest::prelude::{any, prop, prop_assert_eq, proptest};
use serde::de::IgnoredAny;

use super::JsonScanner;

fn accepts(bytes: &[u8]) -> bool {
    let mut scanner = JsonScanner::new(bytes);
    loop {
        match scanner.next_token() {
            Ok(Some(token)) => assert!(token.range.start < token.range.end && token.range.end <= bytes.len()),
            Ok(None) => return true,
            Err(error) => {
                assert!(error.at <= bytes.len());
                return false;
            }
        }
    }
}

fn check(bytes: &[u8]) -> (bool, bool) {
    (accepts(bytes), serde_json::from_slice::<IgnoredAny>(bytes).is_ok())
}

#[test]
fn accepts_exactly_json() {
    for text in [
        "",
        " ",
        "{}",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "]",
        "[}",
        "{]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":]",
        "1",
        "-",
        "-0",
        "01",
        "1.",
        "1.5e",
        "1e+9",
        "1e999",
        ".5",
        "+1",
        "tru",
        "true",
        "truefalse",
        "nul",
        "\"\\ud800\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"a\nb\"",
        "\"",
        "{} {}",
        "[[[]]]",
        "[1",
        "{\"a\":[1,{\"b\":null}]}",
        "[\"\\u0000\"]",
        "99999999999999999999999999",
        "[false,true,null]",
        "NaN",
    ] {
        let (ours, theirs) = check(text.as_bytes());
        assert_eq!(ours, theirs, "{text}");
    }
    assert!(accepts("\u{feff}{}".as_bytes()), "a byte order mark is passed over");
}

#[test]
fn ten_thousand_levels_are_one_document() {
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    assert!(accepts(deep.as_bytes()));
}

proptest! {
    #[test]
    fn stays_inside_of_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        accepts(&bytes);
    }

    #[test]
    fn agrees_with_another_parser_on_almost_json(text in r#"[\[\]{},:" \\utrenfalse0-9.eE+\-]{0,24}"#) {
        let (ours, theirs) = check(text.as_bytes());
        prop_assert_eq!(ours, theirs);
    }
}
