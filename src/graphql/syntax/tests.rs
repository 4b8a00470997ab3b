use super::*;

fn parsed(text: &str) -> Result<ExecutableDocument, GraphqlError> {
    parse(text, &RequestLimits::default())
}

/// What a valid document means to async-graphql's parser it means to ours.
#[test]
fn documents_mean_what_they_always_did() {
    for text in [
        include_str!("../../../tests/it/limits/introspection.graphql"),
        "query Q($a: [[Int!]]! = [[1, -2], []], $b: T = {c: \"x\", d: E, e: null, f: true, g: 1.5e3}) @a(b: $c) {
            x: y(z: [$a, {b: $b}], w: \"\"\"\n  a\n   b\n\"\"\") @skip(if: $a) @include(if: true) { ... { a } ... on B @c { ...D @e } }
        } fragment D on on @x { type }",
        "mutation { a } ",
        "subscription S { a }",
        "{ a(b: \"\\u0041\\n\", c: 18446744073709551615, d: -9223372036854775808, e: 0.25) }",
    ] {
        let theirs = async_graphql::parser::parse_query(text).unwrap();
        let json = |document: &ExecutableDocument| serde_json::to_value(document).unwrap();
        assert_eq!(without_places(json(&parsed(text).unwrap())), without_places(json(&theirs)), "{text}");
    }
}

/// Theirs are other ones for some nodes.
fn without_places(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "pos")
            .map(|(name, value)| (name, without_places(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_places).collect(),
        value => value,
    }
}

#[test]
fn descriptions_may_stand_before_definitions_and_variables() {
    let text = "\"a\" query A(\"b\" $b: Int) { c } \"\"\"d\"\"\" fragment D on E { f }";
    let document = parsed(text).unwrap();
    assert_eq!((document.operations.iter().count(), document.fragments.len()), (1, 1));
    for wrong in ["\"a\" { b }", "\"a\"", "\"a\" \"b\" query { c }", "{ \"a\" b }"] {
        assert_eq!(parsed(wrong).unwrap_err().code, ErrorCode::GraphqlParseFailed, "{wrong}");
    }
}

#[test]
fn what_is_unexpected_is_told_with_its_place() {
    let error = parsed("query ()\n{ a }").unwrap_err();
    assert_eq!(error.message, "expected `$`, found `)`");
    assert_eq!(error.locations, [Pos { line: 1, column: 8 }]);
    let error = parsed("{ a").unwrap_err();
    assert_eq!(error.message, "expected a name, found the end of the document");
}

#[test]
fn an_input_object_has_a_field_once() {
    let message = parsed("{ a(b: {c: 1, d: {c: 2}, c: 3}) }").unwrap_err().message;
    assert_eq!(message, "the field `c` occurs twice");
    assert!(parsed("{ a(b: {c: 1, d: {c: 2}}) { c: e c: e } }").is_ok());
}

#[test]
fn a_number_with_more_digits_than_are_kept_is_refused() {
    let of = |number: &str| parsed(&format!("{{ a(b: {number}) }}"));
    for right in ["0.0", "-0.0", "0e9", "12345678901.2345", "0.000100", "100000000000000000000.00", "1.5e300", "1e-300"]
    {
        assert!(of(right).is_ok(), "{right}");
    }
    for wrong in ["0.99999999999999999999", "-1234567890123.4567", "1234567890123456.0", "1e400", "1e-400"] {
        let message = of(wrong).unwrap_err().message;
        assert_eq!(message, "this number is too large or too precise: write it as text", "{wrong}");
    }
}
