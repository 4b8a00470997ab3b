//! Text that may be escaped in any way: as in JSON, in a URL, in markup (`&quot;`, `&#x2d;`), or as bytes in the
//! source of a program (`\x2d`, `\55`).

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::json::string::unescape;

/// The text with one level of every kind of escape resolved.
pub(super) fn decode_once(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(b'\\', b'%', b'&', text).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = bytes_and_entities(text);
    Cow::Owned(percent_decode(&unescape(&bytes)).collect())
}

fn bytes_and_entities(text: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some(at) = memchr::memchr2(b'\\', b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if let Some((character, length)) = if rest[0] == b'&' { entity(rest) } else { byte(rest) } {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[length..];
        } else {
            // A backslash after a backslash begins no escape.
            let length = if rest.starts_with(b"\\\\") { 2 } else { 1 };
            out.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The character of `\xHH` or `\ooo`, and the length of the escape.
fn byte(text: &[u8]) -> Option<(char, usize)> {
    if text[1..].starts_with(b"x") {
        return Some((number(text.get(2..4)?, 16)?, 4));
    }
    let length = text[1..].iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    Some((number(&text[1..=length], 8)?, 1 + length))
}

/// The character of an entity of markup, and the length of the entity.
fn entity(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let character = match &text[1..end] {
        b"quot" | b"QUOT" => '"',
        b"amp" | b"AMP" => '&',
        b"apos" => '\'',
        b"lt" | b"LT" => '<',
        b"gt" | b"GT" => '>',
        b"lowbar" => '_',
        b"colon" => ':',
        b"equals" => '=',
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((character, end + 1))
}

fn number(digits: &[u8], base: u32) -> Option<char> {
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, base).ok()?)
}

#[cfg(test)]
mod tests {
    use super::decode_once;

    #[test]
    fn every_kind_of_escape_is_resolved_once() {
        for (text, expected) in [
            ("a%2Db%2d%zz%6", "a-b-%zz%6"),
            (r"a\x2db\55c\042\8\xzz\", "a-b-c\"8xzz\\"),
            (r"\\x2d", r"\x2d"),
            ("&quot;&#45;&#x2D;&#X2d;&amp;quot;&lt;&nope;&#xzz;&", "\"---&quot;<&nope;&#xzz;&"),
            (r"\u0026%41", "&A"),
            ("plain", "plain"),
        ] {
            assert_eq!(decode_once(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
