//! Escaped text as bytes: JSON's escapes, and those of URLs, markup and programs.

use std::borrow::Cow;

/// A part of the inside of a JSON string.
#[derive(Debug)]
pub(super) enum Run<'a> {
    /// Bytes that say themselves.
    Plain(&'a [u8]),
    /// An escape of so many bytes, and the character that it says.
    Escape(usize, char),
}

/// The parts of the inside of a JSON string (without its quotes). An escaped surrogate without a partner
/// says U+FFFD; bytes that are not UTF-8 stay; an escape that JSON does not know says its letter.
pub(super) fn runs(raw: &[u8]) -> impl Iterator<Item = Run<'_>> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        let (run, length) = match rest {
            [] => return None,
            [b'\\', b'u', tail @ ..] => {
                let (character, after) = unicode(tail);
                let length = rest.len() - after.len();
                (Run::Escape(length, character), length)
            }
            [b'\\', letter, ..] if letter.is_ascii() => (Run::Escape(2, letter_of(*letter)), 2),
            [_, tail @ ..] => {
                let length = memchr::memchr(b'\\', tail).map_or(rest.len(), |at| at + 1);
                (Run::Plain(&rest[..length]), length)
            }
        };
        rest = &rest[length..];
        Some(run)
    })
}

/// What the inside of a JSON string says; see [`runs`].
pub(super) fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    for run in runs(raw) {
        match run {
            Run::Plain(bytes) => out.extend_from_slice(bytes),
            Run::Escape(_, character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(out)
}

/// What a text says whose bytes may be escaped as in a URL.
pub(super) fn percent_decode(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'%', text) else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_vec();
    let mut rest = &text[first..];
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, tail @ ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            out.extend(u8::try_from(high * 16 + low));
            rest = tail;
        } else {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

/// What a text says that may be escaped in any way: as in JSON, a URL, markup (`&quot;`, `&#x2d;`), or as
/// programs write bytes (`\x2d`, `\55`).
pub(super) fn plainer(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(b'\\', b'%', b'&', text).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = bytes_and_entities(text);
    Cow::Owned(percent_decode(&unescape(&bytes)).into_owned())
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
            // The backslash behind a backslash begins no escape.
            let length = if rest.starts_with(b"\\\\") { 2 } else { 1 };
            out.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The character of `\xHH` or `\ooo`, and the length of that.
fn byte(text: &[u8]) -> Option<(char, usize)> {
    if text[1..].starts_with(b"x") {
        return Some((number(text.get(2..4)?, 16)?, 4));
    }
    let length = text[1..].iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    Some((number(&text[1..=length], 8)?, 1 + length))
}

/// The character of an entity of markup, and the length of that.
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

/// The same as text; what is not UTF-8 becomes U+FFFD.
pub(super) fn text(raw: &[u8]) -> String {
    String::from_utf8_lossy(&unescape(raw)).into_owned()
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

    use super::{percent_decode, plainer, text};

    #[test]
    fn reads_every_escape() {
        assert_eq!(text(br#"\"\\\/\b\f\n\r\ta"#), "\"\\/\u{8}\u{c}\n\r\ta");
        assert_eq!(text(br"auth\u005ftoken"), "auth_token");
        assert_eq!(text(br"\ud83d\ude00!"), "😀!");
        assert_eq!(text(br"\ud83d!\ude00\ud83d\ud83d"), "\u{fffd}!\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(text(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn reads_what_a_url_escapes() {
        assert_eq!(percent_decode(b"a%2Db%2d%zz%6").as_ref(), b"a-b-%zz%6");
    }

    #[test]
    fn reads_what_markup_and_programs_escape() {
        for (text, expected) in [
            (r"a\x2db\55c\042\8\xzz\", "a-b-c\"8xzz\\"),
            (r"\\x2d", r"\x2d"),
            ("&quot;&#45;&#x2D;&#X2d;&amp;quot;&lt;&nope;&#xzz;&", "\"---&quot;<&nope;&#xzz;&"),
            (r"\u0026%41", "&A"),
            ("plain", "plain"),
        ] {
            assert_eq!(plainer(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_a_serialiser_writes(original in any::<String>()) {
            let written = serde_json::to_string(&original).unwrap();
            prop_assert_eq!(text(&written.as_bytes()[1..written.len() - 1]), original);
        }
    }
}
