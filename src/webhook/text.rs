//! Escaped text as bytes: JSON's escapes, and those of URLs.

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

    use super::{percent_decode, text};

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

    proptest! {
        #[test]
        fn reads_back_what_a_serialiser_writes(original in any::<String>()) {
            let written = serde_json::to_string(&original).unwrap();
            prop_assert_eq!(text(&written.as_bytes()[1..written.len() - 1]), original);
        }
    }
}
