//! JSON text as bytes: unescaping.

use std::borrow::Cow;

/// What the inside of a JSON string (without its quotes) says. An escaped surrogate without a
/// partner becomes U+FFFD; bytes that are not UTF-8 stay.
pub(super) fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', raw) else { return Cow::Borrowed(raw) };
    let mut out = raw[..first].to_vec();
    let mut rest = &raw[first..];
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'\\', [b'u', tail @ ..]) => {
                let (character, tail) = unicode(tail);
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = tail;
            }
            (b'\\', [letter, tail @ ..]) => {
                out.push(match letter {
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    letter => *letter,
                });
                rest = tail;
            }
            (byte, _) => out.push(*byte),
        }
    }
    Cow::Owned(out)
}

/// The same as text; what is not UTF-8 becomes U+FFFD.
pub(super) fn text(raw: &[u8]) -> String {
    String::from_utf8_lossy(&unescape(raw)).into_owned()
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

    use super::text;

    #[test]
    fn reads_every_escape() {
        assert_eq!(text(br#"\"\\\/\b\f\n\r\ta"#), "\"\\/\u{8}\u{c}\n\r\ta");
        assert_eq!(text(br"auth\u005ftoken"), "auth_token");
        assert_eq!(text(br"\ud83d\ude00!"), "😀!");
        assert_eq!(text(br"\ud83d!\ude00\ud83d\ud83d"), "\u{fffd}!\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(text(b"a\xffb"), "a\u{fffd}b");
    }

    proptest! {
        #[test]
        fn reads_back_what_a_serialiser_writes(original in any::<String>()) {
            let written = serde_json::to_string(&original).unwrap();
            prop_assert_eq!(text(&written.as_bytes()[1..written.len() - 1]), original);
        }
    }
}
