//! Strategies for values of every kind: what fields hold, and what no field should.

use proptest::{
    prelude::*,
    sample::select,
    strategy::{BoxedStrategy, Union},
};

use super::{
    document::{Document, Entry, Key, inside},
    vocabulary::{IDS, WORDS},
};
use crate::support::TOKEN;

const PLAIN: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1",
    "12.5",
    "1.2e1",
    "1e999",
    "-1e-999",
    "9007199254740993",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "922337203685477.5807",
    "123456789012345678901234567890123456789012345678901234567890",
];
/// The inside of strings, as it is written.
const TEXTS: &[&str] = &[
    "",
    " ",
    "null",
    "12",
    "-7",
    "1e999",
    "true",
    "active",
    "cash",
    "moved",
    " SAVE5 ",
    "a@b.example",
    "A@B.EXAMPLE",
    r"a\u0000b",
    r"\ud800",
    r"\ude00\ud83d",
    r"\ud83d\ude00",
    r"\\\/\b\f\n\r\t\u001f",
    "{}",
    r#"{\"cash\":5}"#,
    "%3b;:%",
    "'; drop table lead; --",
    "2024-10-03T13:45:20.103Z",
    "2024-10-03T15:45:20+02:00",
    "2024-10-03",
    "0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999-23:59",
    "2024-02-30T00:00:00Z",
    "yesterday",
    "\u{130}\u{df}\u{1e9e}\u{3a3}",
    "\u{fffe}\u{ffff}\u{10ffff}",
];
const BYTES: &[&[u8]] = &[b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80z"];

fn text(text: &str) -> Document {
    Document::Text(text.as_bytes().to_vec())
}

/// Characters of four bytes each that no compression makes fewer: the most that an index may get.
fn noise(length: u32) -> Document {
    let mut state = 1_u32;
    let mut next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x2_0000 + (state >> 8) % 0xa000).unwrap_or('x')
    };
    Document::Text((0..length).map(&mut next).collect::<String>().into_bytes())
}

fn deep(levels: usize) -> Document {
    let lists = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = format!("{}1{}", r#"{"id":"#.repeat(levels), "}".repeat(levels));
    Document::List(vec![Document::Plain(lists.into_bytes()), Document::Plain(objects.into_bytes())])
}

/// An id that other events name too.
pub fn id() -> BoxedStrategy<Document> {
    prop_oneof![
        6 => select(&**IDS).prop_map(|id| Document::Plain(id.into_bytes())),
        1 => select(&**IDS).prop_map(|id| text(&id)),
    ]
    .boxed()
}

/// A value without parts, or one that goes deeper than anything is read.
pub fn leaf() -> BoxedStrategy<Document> {
    prop_oneof![
        12 => select(PLAIN).prop_map(|plain| Document::Plain(plain.as_bytes().to_vec())),
        16 => select(TEXTS).prop_map(text),
        8 => id(),
        3 => any::<i64>().prop_map(|number| Document::Plain(number.to_string().into_bytes())),
        3 => (any::<String>(), any::<bool>()).prop_map(|(text, escaped)| Document::Text(inside(&text, escaped))),
        2 => select(&**WORDS).prop_map(|word| text(&word)),
        2 => select(BYTES).prop_map(|bytes| Document::Text(bytes.to_vec())),
        1 => Just(text(&format!("https://x.example/{TOKEN}?y"))),
        2 => select(vec![noise(600), noise(600), noise(601), noise(3_000)]),
        1 => select(vec![deep(3), deep(62), deep(300)]),
    ]
    .boxed()
}

/// A key: mostly one that a reader looks for.
pub fn key() -> BoxedStrategy<Key> {
    let name = prop_oneof![
        30 => select(&**WORDS),
        2 => select(vec!["auth_token", "temp_password", "password_setup_url", "default_webhook_url"]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => Just(format!("https://x.example/{TOKEN}")),
    ];
    // One that holds the token is looked for as it is written.
    (name, prop::bool::weighted(0.1))
        .prop_map(|(name, escaped)| Key { escaped: escaped && !name.contains(TOKEN), name })
        .boxed()
}

/// An object, mostly with an id.
pub fn object(value: BoxedStrategy<Document>) -> BoxedStrategy<Document> {
    let entries = prop::collection::vec((key(), value), 0..9);
    (prop::option::weighted(0.7, id()), entries)
        .prop_map(|(id, mut entries): (_, Vec<Entry>)| {
            entries.extend(id.map(|id| ("id".into(), id)));
            Document::Object(entries)
        })
        .boxed()
}

/// Any value.
pub fn value() -> BoxedStrategy<Document> {
    leaf()
        .prop_recursive(4, 40, 6, |inner| {
            Union::new_weighted(vec![
                (1, prop::collection::vec(inner.clone(), 0..4).prop_map(Document::List).boxed()),
                (3, object(inner.boxed())),
            ])
        })
        .boxed()
}
