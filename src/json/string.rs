//! JSON strings: from their escaped inside to text, and back.

use std::borrow::Cow;

/// A part of the inside of a JSON string.
#[derive(Debug)]
pub enum StringPart<'a> {
    /// Bytes that stand for themselves.
    Literal(&'a [u8]),
    /// An escape sequence of this length, and the character it stands for.
    Escape(usize, char),
}

/// The parts of the inside of a JSON string (without its quotes). An unpaired surrogate stands for U+FFFD; bytes
/// that are not UTF-8 are literal; an escape that JSON does not define stands for its letter.
pub fn parts(inner: &[u8]) -> impl Iterator<Item = StringPart<'_>> {
    let mut rest = inner;
    std::iter::from_fn(move || {
        let (part, length) = match rest {
            [] => return None,
            [b'\\', b'u', tail @ ..] => {
                let (character, after) = unicode(tail);
                let length = rest.len() - after.len();
                (StringPart::Escape(length, character), length)
            }
            [b'\\', letter, ..] if letter.is_ascii() => (StringPart::Escape(2, letter_of(*letter)), 2),
            [_, tail @ ..] => {
                let length = memchr::memchr(b'\\', tail).map_or(rest.len(), |at| at + 1);
                (StringPart::Literal(&rest[..length]), length)
            }
        };
        rest = &rest[length..];
        Some(part)
    })
}

/// The bytes that the inside of a JSON string stands for; see [`parts`].
#[must_use]
pub fn unescape(inner: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', inner).is_none() {
        return Cow::Borrowed(inner);
    }
    let mut out = Vec::with_capacity(inner.len());
    for part in parts(inner) {
        match part {
            StringPart::Literal(bytes) => out.extend_from_slice(bytes),
            StringPart::Escape(_, character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(out)
}

/// The same as text; bytes that are not UTF-8 become U+FFFD.
#[must_use]
pub fn unescape_lossy(inner: &[u8]) -> String {
    String::from_utf8_lossy(&unescape(inner)).into_owned()
}

/// Appends text as a JSON string, with quotes.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    // A string always serialises, and writing to a vector cannot fail.
    let _ = serde_json::to_writer(out, text);
}

/// Appends text as a JSON string, with quotes, to a string.
pub fn push_string(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(&escape(text));
    out.push('"');
}

/// The inside of the JSON string that stands for this text.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\')) {
        return Cow::Borrowed(text);
    }
    // A string always serialises.
    let mut quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.pop();
    quoted.drain(..1);
    Cow::Owned(quoted)
}

fn letter_of(escape: u8) -> char {
    match escape {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        letter => char::from(letter),
    }
}

/// The character after `\u`, and what follows it.
fn unicode(after: &[u8]) -> (char, &[u8]) {
    let Some((unit, rest)) = hex_unit(after) else { return (char::REPLACEMENT_CHARACTER, after) };
    if let (0xd800..=0xdbff, [b'\\', b'u', low @ ..]) = (unit, rest)
        && let Some((low @ 0xdc00..=0xdfff, rest)) = hex_unit(low)
    {
        let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), rest);
    }
    (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), rest)
}

fn hex_unit(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn reads_every_escape() {
        assert_eq!(unescape_lossy(br#"\"\\\/\b\f\n\r\ta"#), "\"\\/\u{8}\u{c}\n\r\ta");
        assert_eq!(unescape_lossy(br"auth\u005ftoken"), "auth_token");
        assert_eq!(unescape_lossy(br"\ud83d\ude00!"), "😀!");
        assert_eq!(unescape_lossy(br"\ud83d!\ude00\ud83d\ud83d"), "\u{fffd}!\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(unescape_lossy(b"a\xffb"), "a\u{fffd}b");
    }

    proptest! {
        #[test]
        fn reads_back_what_a_serialiser_writes(original in any::<String>()) {
            let written = serde_json::to_string(&original).unwrap();
            prop_assert_eq!(unescape_lossy(&written.as_bytes()[1..written.len() - 1]), original);
        }

        #[test]
        fn all_writers_write_what_a_serialiser_writes(text in any::<String>()) {
            let expected = serde_json::to_string(&text).unwrap();
            let (mut bytes, mut string) = (Vec::new(), String::new());
            write_string(&text, &mut bytes);
            push_string(&text, &mut string);
            prop_assert_eq!(&bytes, expected.as_bytes());
            prop_assert_eq!(string, expected);
        }
    }
}
