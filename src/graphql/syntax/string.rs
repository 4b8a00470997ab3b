//! The values of string literals.

/// The value of the quoted string at the start of the text, and its length in the text.
///
/// # Errors
/// The reason.
pub fn quoted(text: &str) -> Result<(String, usize), &'static str> {
    let mut value = String::new();
    let mut at = 1;
    loop {
        let rest = &text[at..];
        let plain = rest.find(['"', '\\', '\n', '\r']).ok_or("this string is not terminated")?;
        value.push_str(&rest[..plain]);
        at += plain;
        match rest.as_bytes()[plain] {
            b'"' => return Ok((value, at + 1)),
            b'\\' => {
                let (letter, length) = escaped(&text[at..])?;
                value.push(letter);
                at += length;
            }
            _ => return Err("this string is not terminated in its line"),
        }
    }
}

/// The character of the escape at the start of the text, and its length in the text.
fn escaped(text: &str) -> Result<(char, usize), &'static str> {
    let letter = match text.as_bytes().get(1) {
        Some(letter @ (b'"' | b'\\' | b'/')) => char::from(*letter),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text).ok_or("this string has an escape that is not a Unicode character"),
        _ => return Err("this string has an unknown escape"),
    };
    Ok((letter, 2))
}

/// `\u0041`, `\ud83d\ude00` (a pair of surrogates) or `\u{1F600}`.
fn unicode(text: &str) -> Option<(char, usize)> {
    if let Some(digits) = text.strip_prefix("\\u{") {
        // As many digits as the reference implementation accepts.
        let digits = digits.get(..digits.find('}').filter(|length| *length <= 8)?)?;
        return Some((char::from_u32(hexadecimal(digits)?)?, digits.len() + 4));
    }
    let first = hexadecimal(text.get(2..6)?)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, 6));
    }
    let second = hexadecimal(text.get(6..12)?.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)?, 12))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if all { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// The value of the block string at the start of the text, and its length in the text.
///
/// # Errors
/// The reason.
pub fn block(text: &str) -> Result<(String, usize), &'static str> {
    let mut raw = String::new();
    let mut at = 3;
    loop {
        let rest = &text[at..];
        let quotes = rest.find("\"\"\"").ok_or("this block string is not terminated")?;
        if let Some(before) = rest[..quotes].strip_suffix('\\') {
            raw.push_str(before);
            raw.push_str("\"\"\"");
            at += quotes + 3;
        } else {
            raw.push_str(&rest[..quotes]);
            return Ok((unindented(&raw), at + quotes + 3));
        }
    }
}

/// Removes the common indentation of all lines but the first, and blank lines at both ends.
fn unindented(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = raw.split('\n').collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |line: &str| indent(line) == line.len();
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indent(line)).min().unwrap_or(0);
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last + 1);
    let cut = |(index, line): (usize, &&str)| {
        if index == 0 { (*line).to_owned() } else { line.get(common..).unwrap_or("").to_owned() }
    };
    let cut: Vec<_> = lines.iter().enumerate().map(cut).collect();
    cut[first..last].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_their_characters() {
        let text = r#""\u0041\ud83d\ude00\u{1F600}\u{00000041}\"\\\/\b\f\n\r\té" rest"#;
        let (value, length) = quoted(text).unwrap();
        assert_eq!(value, "A😀😀A\"\\/\u{8}\u{c}\n\r\té");
        assert_eq!(&text[length..], " rest");
    }

    #[test]
    fn what_is_no_character_is_refused() {
        for wrong in [
            r"\ud83d",
            r"\ude00",
            r"\ud83dx",
            r"\ud83d\ud83d",
            r"\ud83d\u0041",
            r"\u{D83D}",
            r"\u{110000}",
            r"\u{}",
            r"\u{1F600",
            r"\u{000000041}",
            r"\u12",
            r"\u12g4",
            r"\u+123",
            r"\x",
            r"\é",
            r"\ué000",
        ] {
            assert!(quoted(&format!("\"{wrong}\"")).is_err(), "{wrong}");
        }
        for open in ["\"a", "\"a\n\"", "\"a\r\"", "\"\\", "\"a\\\""] {
            assert!(quoted(open).is_err(), "{open:?}");
        }
    }

    #[test]
    fn a_block_string_loses_its_indentation_and_keeps_its_escapes() {
        let value = |text| block(text).unwrap().0;
        assert_eq!(value("\"\"\"\n    a\r\n      b\\n\r\n\n    \\\"\"\" \"\"\""), "a\n  b\\n\n\n\"\"\" ");
        assert_eq!(value("\"\"\"  a\n   b\n\n\"\"\""), "  a\nb");
        assert_eq!(value("\"\"\"\"\"\""), "");
        assert_eq!(value("\"\"\" \n \"\"\""), "");
        assert!(block("\"\"\"a\\\"\"\"").is_err());
    }
}
