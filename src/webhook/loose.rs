//! Secrets in text that is no JSON: query strings and forms, log lines, what programs print, and JSON
//! that is broken or stands in the middle of a sentence.
//!
//! Nothing has to be well-formed here, so what is in doubt goes: more may be redacted than the secret, and
//! nothing less.

use std::{borrow::Cow, ops::Range};

use super::{
    edit::{Edit, REDACTED, apply},
    needle::Needles,
    secret_key::{SHORTEST, is_secret},
    text::{percent_decode, unescape},
};

/// How often a text may be escaped. JSON's escapes double with each level, so that no body has room for
/// as many; what is escaped as for a URL more often than that was not made by a sender.
const LEVELS: usize = 32;

/// What has to be replaced in a text: the values of secret names, or all of it where a secret shows only
/// once the text is unescaped, or one of our own tokens is in it.
pub(super) fn edits(text: &[u8], needles: &Needles) -> Vec<Edit> {
    let values: Vec<_> = Values::of(text).map(Edit::inside).collect();
    let left = if values.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(apply(text, &values)) };
    if needles.are_in(&left) || hides(left, needles) { vec![Edit::inside(0..text.len())] } else { values }
}

/// Whether unescaping a text, once or several times, shows a secret.
fn hides(mut text: Cow<'_, [u8]>, needles: &Needles) -> bool {
    for _ in 0..LEVELS {
        if memchr::memchr2(b'\\', b'%', &text).is_none() {
            return false;
        }
        let plainer = percent_decode(&unescape(&text)).into_owned();
        if plainer == *text {
            return false;
        }
        if needles.are_in(&plainer) || Values::of(&plainer).next().is_some() {
            return true;
        }
        text = Cow::Owned(plainer);
    }
    true
}

/// The values behind secret names and one of `:`, `=`, `=>` or `>`.
struct Values<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Values<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Values<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.text.len() <= SHORTEST {
            return None;
        }
        loop {
            let before = self.at;
            let separator = before + memchr::memchr3(b':', b'=', b'>', &self.text[before..])?;
            self.at = separator + 1;
            if !is_secret(&self.text[before..separator]) {
                continue;
            }
            let value = value(self.text, separator);
            self.at = value.end.max(self.at);
            if !value.is_empty() && !self.text[value.clone()].starts_with(REDACTED) {
                return Some(value);
            }
        }
    }
}

/// The value behind a separator.
fn value(text: &[u8], separator: usize) -> Range<usize> {
    let is_gap = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>');
    let start = separator + 1 + text[separator + 1..].iter().take_while(is_gap).count();
    let rest = &text[start..];
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    if let Some(quote @ (b'"' | b'\'' | b'`')) = rest.get(slashes) {
        let start = start + slashes + 1;
        return start..end_of_quoted(text, start, *quote, slashes);
    }
    // An object, or who knows what.
    if matches!(rest.first(), Some(b'{' | b'[' | b'(')) {
        return if rest.starts_with(REDACTED) { start..start + REDACTED.len() } else { start..text.len() };
    }
    let ends = |byte: &u8| match text[separator] {
        b'=' => byte.is_ascii_whitespace() || matches!(byte, b'&' | b'"' | b'\'' | b'`' | b'<'),
        b'>' => *byte == b'<',
        _ => matches!(byte, b'\n' | b'\r'),
    };
    let end = rest.iter().position(ends).map_or(text.len(), |length| start + length);
    if matches!(text.get(end), Some(b'"' | b'\'' | b'`')) {
        // The escape of the quote behind the value.
        let escape = text[start..end].iter().rev().take_while(|byte| **byte == b'\\').count();
        return start..end - escape;
    }
    start..end
}

/// Where a value ends that began with a quote behind so many backslashes: at the next one behind no more of
/// them, unless that is doubled.
fn end_of_quoted(text: &[u8], start: usize, quote: u8, slashes: usize) -> usize {
    let mut from = start;
    while let Some(found) = memchr::memchr(quote, &text[from..]) {
        let at = from + found;
        let escape = text[from..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        let is_doubled = at > start && text.get(at + 1) == Some(&quote);
        if escape <= slashes && !is_doubled {
            return at - escape;
        }
        from = at + 1 + usize::from(is_doubled);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "our-webhook-token-0123";

    fn redacted(text: &str) -> String {
        let edits = edits(text.as_bytes(), &Needles::new([TOKEN]));
        String::from_utf8(apply(text.as_bytes(), &edits)).unwrap()
    }

    #[test]
    fn the_values_of_secret_names_go_and_the_rest_stays() {
        for (text, expected) in [
            ("auth_token=s3cr&x=1", "auth_token=[redacted]&x=1"),
            ("a=1&data[promoter][temp_password]=s3cr", "a=1&data[promoter][temp_password]=[redacted]"),
            ("https://x.example/as?auth_token=s3cr&b=2 now", "https://x.example/as?auth_token=[redacted]&b=2 now"),
            (r#"got {"id":1,"auth_token":"s3cr"} back"#, r#"got {"id":1,"auth_token":"[redacted]"} back"#),
            (r#"got {\"auth_token\": \"s3\\\"cr\", \"b\":1}"#, r#"got {\"auth_token\": \"[redacted]\", \"b\":1}"#),
            (r#"{"id"=>1, "auth_token"=>"s3cr", "b"=>nil}"#, r#"{"id"=>1, "auth_token"=>"[redacted]", "b"=>nil}"#),
            ("{'temp_password': 's3''cr', 'b': 1}", "{'temp_password': '[redacted]', 'b': 1}"),
            ("<auth_token>s3cr</auth_token><b/>", "<auth_token>[redacted]</auth_token><b/>"),
            ("auth_token: s3cr, s3cr\nb: 1", "auth_token: [redacted]\nb: 1"),
            ("got {\"auth_token\":{\"v\":\"s3cr\"}}", "got {\"auth_token\":[redacted]"),
            ("got {\"auth_token\":\"s3cr", "got {\"auth_token\":\"[redacted]"),
            (r"url=\'https://x?auth_token=s3cr\'&b", r"url=\'https://x?auth_token=[redacted]\'&b"),
        ] {
            assert_eq!(redacted(text), expected);
            assert_eq!(redacted(expected), expected, "redacting twice is redacting once");
        }
    }

    #[test]
    fn what_shows_a_secret_only_unescaped_goes_as_a_whole() {
        for text in [
            r"got {auth_t\u006fken: s3cr",
            r"got {auth_t\\u006fken: s3cr",
            "payload=%7B%22auth_token%22%3A%22s3cr%22%7D",
            "payload=%257B%2522auth_token%2522%253A%2522s3cr",
            "https://x.example/webhooks/firstpromoter/our-webhook-token-0123?x",
            "https://x.example/webhooks/firstpromoter/our%2Dwebhook-token-0123?x",
            r"https://x.example/webhooks/firstpromoter/our\\u002dwebhook-token-0123?x",
        ] {
            assert_eq!(redacted(text), "[redacted]", "{text}");
        }
        assert_eq!(redacted(&format!("{}41", "%25".repeat(100))), "%25".repeat(100) + "41", "one level");
        assert_eq!(redacted(&format!("%{}41", "25".repeat(100))), "[redacted]", "a hundred levels");
    }

    #[test]
    fn text_without_a_secret_stays() {
        for text in [
            "",
            "auth_token",
            "auth_token=",
            "auth_token=&x=1",
            "what is an auth_token? ask: me",
            "oauth_token=1",
            r"C:\\auth%20x\n = 100%",
            "our-webhook-token-012",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}
