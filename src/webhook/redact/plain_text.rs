//! Secrets in text that is not JSON: query strings and forms, log lines, the output of programs, and JSON that is
//! broken or stands in the middle of a sentence.
//!
//! Such text has no grammar to rely on, so this redacts too much rather than too little.

use std::{borrow::Cow, ops::Range};

use memchr::memmem;

use super::{
    edit::{Edit, REDACTED, apply},
    escapes::decode_once,
    secret_names::{MIN_NAME_LENGTH, is_secret, is_secret_url},
};
use crate::webhook::endpoints::TokenMatcher;

/// How many levels of escapes are decoded; text with more is redacted as a whole. A level may cost a sender as little
/// as two bytes (`%25`), and us a pass over the text.
const MAX_ESCAPE_LEVELS: usize = 32;

/// The replacements in a text: the values of secret names, or the whole text where a secret appears only after
/// decoding escapes, or where it contains one of our own tokens.
pub(super) fn edits(text: &[u8], own_tokens: &TokenMatcher) -> Vec<Edit> {
    let values: Vec<_> = SecretValues::of(text).map(Edit::text).collect();
    let left = if values.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(apply(text, &values)) };
    let is_secret = own_tokens.matches(&left) || has_escaped_secret(left, own_tokens);
    if is_secret { vec![Edit::text(0..text.len())] } else { values }
}

/// Whether decoding the escapes of a text, once or several times, reveals a secret.
fn has_escaped_secret(mut text: Cow<'_, [u8]>, own_tokens: &TokenMatcher) -> bool {
    for _ in 0..MAX_ESCAPE_LEVELS {
        let decoded = decode_once(&text);
        if decoded == text {
            return false;
        }
        if own_tokens.matches(&decoded) || SecretValues::of(&decoded).next().is_some() {
            return true;
        }
        text = Cow::Owned(decoded.into_owned());
    }
    true
}

/// The values that follow secret names and one of `:`, `=`, `=>`, `>`, or a comma before a quote.
struct SecretValues<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the tag that may be open began.
    tag: Option<usize>,
}

impl<'a> SecretValues<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0, tag: None }
    }

    /// Whether the text before a separator names a secret.
    fn is_name(&mut self, before: usize, separator: usize) -> bool {
        let name = &self.text[before..separator];
        if let Some(tag) = memchr::memrchr(b'<', name) {
            self.tag = Some(before + tag + 1);
        }
        if self.text[separator] == b'>'
            && let Some(tag) = self.tag.take()
        {
            let tag = &self.text[tag..separator];
            let is_element = !tag.starts_with(b"/") && !tag.ends_with(b"/");
            let name = tag.split(u8::is_ascii_whitespace).next().unwrap_or(tag);
            return is_element && is_secret(name);
        }
        let is_pair = || {
            let is_direct = name.trim_ascii_end().last().is_some_and(|last| !b")]}".contains(last));
            is_direct && begins_quoted(self.text[separator + 1..].trim_ascii_start())
        };
        (self.text[separator] != b',' || is_pair()) && is_secret(name)
    }
}

impl Iterator for SecretValues<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.text.len() <= MIN_NAME_LENGTH {
            return None;
        }
        loop {
            let before = self.at;
            let rest = &self.text[before..];
            let separator = before + rest.iter().position(|byte| matches!(byte, b':' | b'=' | b'>' | b','))?;
            self.at = separator + 1;
            if !self.is_name(before, separator) {
                continue;
            }
            let value = value(self.text, separator, is_secret_url(&self.text[before..separator]));
            // In a list of names the next one may be followed by the value.
            if self.text[separator] == b',' && is_secret(&self.text[value.clone()]) {
                continue;
            }
            self.at = value.end.max(self.at);
            if !value.is_empty() && !self.text[value.clone()].starts_with(REDACTED.as_bytes()) {
                return Some(value);
            }
        }
    }
}

fn begins_quoted(text: &[u8]) -> bool {
    let slashes = text.iter().take_while(|byte| **byte == b'\\').count();
    matches!(text.get(slashes), Some(b'"' | b'\'' | b'`'))
}

/// The value after a separator.
fn value(text: &[u8], separator: usize, is_url: bool) -> Range<usize> {
    let is_gap = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>');
    let start = separator + 1 + text[separator + 1..].iter().take_while(is_gap).count();
    let rest = &text[start..];
    if let Some(content) = rest.strip_prefix(b"<![CDATA[") {
        let start = text.len() - content.len();
        // An earlier redaction ends in a bracket itself.
        let length =
            if content.starts_with(REDACTED.as_bytes()) { Some(REDACTED.len()) } else { memmem::find(content, b"]]>") };
        return start..length.map_or(text.len(), |length| start + length);
    }
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    if let Some(quote @ (b'"' | b'\'' | b'`')) = rest.get(slashes) {
        return quoted(text, start + slashes, *quote, slashes);
    }
    // An object, lines of YAML, elements, or anything else without a known end.
    let is_block = matches!(rest.first(), Some(b'{' | b'[' | b'(' | b'|'))
        || rest.starts_with(b"- ")
        || (text[separator] == b':' && text[separator + 1..start].contains(&b'>'))
        || (rest.first() == Some(&b'<') && !rest.starts_with(b"</"));
    if is_block {
        return if rest.starts_with(REDACTED.as_bytes()) { start..start + REDACTED.len() } else { start..text.len() };
    }
    let ends = |byte: &u8| match text[separator] {
        b'=' => matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<') || (*byte == b'&' && !is_url),
        b'>' => *byte == b'<',
        _ => matches!(byte, b'\n' | b'\r'),
    };
    let end = rest.iter().position(ends).map_or(text.len(), |length| start + length);
    if matches!(text.get(end), Some(b'"' | b'\'' | b'`')) {
        // Without the escape of the quote after the value.
        let escape = text[start..end].iter().rev().take_while(|byte| **byte == b'\\').count();
        return start..end - escape;
    }
    start..end
}

/// The value that begins with the quote at a position, after this number of backslashes.
fn quoted(text: &[u8], at: usize, quote: u8, slashes: usize) -> Range<usize> {
    let quotes = text[at..].iter().take_while(|byte| **byte == quote).count();
    let start = at + quotes;
    let is_empty =
        quotes == 2 && text.get(start).is_none_or(|next| next.is_ascii_whitespace() || b",;&<>}])\\".contains(next));
    match quotes {
        1 => start..end_of_quoted(text, start, quote, slashes),
        _ if is_empty => start..start,
        // The same number of quotes ends it: `'''` of a program, or `""` of CSV.
        _ => {
            let found = memmem::find(&text[start..], &text[at..start]);
            start..found.map_or(text.len(), |length| start + length)
        }
    }
}

/// Where a value ends that began with a quote after this number of backslashes: at the next quote after no more of
/// them, unless it is doubled.
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
        let edits = edits(text.as_bytes(), &TokenMatcher::new([TOKEN]));
        String::from_utf8(apply(text.as_bytes(), &edits)).unwrap()
    }

    #[test]
    fn the_values_of_secret_names_are_redacted_and_nothing_else() {
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
            (r"got {auth_t\u006fken: s3cr", r"got {auth_t\u006fken: [redacted]"),
            ("{&quot;auth_token&quot;: &quot;s3cr&quot;}", "{&quot;auth_token&quot;: [redacted]"),
            (r#"{\"a\":\"auth_token\",\"auth_token\":\"s3cr"#, r#"{\"a\":\"auth_token\",\"auth_token\":\"[redacted]"#),
            ("<auth_token><![CDATA[s3cr]]></auth_token>", "<auth_token><![CDATA[[redacted]]]></auth_token>"),
            (
                "<a:auth_token type=\"b\" c='d'>s3cr</a:auth_token> e",
                "<a:auth_token type=\"b\" c='d'>[redacted]</a:auth_token> e",
            ),
            ("<auth_token/><id>1</id>", "<auth_token/><id>1</id>"),
            ("<auth_token><v>s3cr</v></auth_token>", "<auth_token>[redacted]"),
            ("auth_token: |\n  s3cr\n  s3cr", "auth_token: [redacted]"),
            ("auth_token: >-\n  s3cr\n  s3cr", "auth_token: >[redacted]"),
            ("auth_token:\n  - s3cr\n  - s3cr", "auth_token:\n  [redacted]"),
            ("auth_token = '''s3'cr''', b", "auth_token = '''[redacted]''', b"),
            (r#"x ""auth_token"":""s3cr"",""b"":1"#, r#"x ""auth_token"":""[redacted]"",""b"":1"#),
            ("temp_password=ab cd s3cr\nb=1", "temp_password=[redacted]\nb=1"),
            ("password_setup_url=https://x?a=1&token=s3cr", "password_setup_url=[redacted]"),
            ("[('auth_token', 's3cr'), ('b', 'c')]", "[('auth_token', '[redacted]'), ('b', 'c')]"),
            ("auth_token1=s3cr&auth_tokens[value]=s3cr", "auth_token1=[redacted]&auth_tokens[value]=[redacted]"),
            (r"url=\'https://x?auth_token=s3cr\'&b", r"url=\'https://x?auth_token=[redacted]\'&b"),
        ] {
            assert_eq!(redacted(text), expected);
            assert_eq!(redacted(expected), expected, "redacting twice is redacting once");
        }
    }

    #[test]
    fn text_that_shows_a_secret_only_unescaped_is_redacted_as_a_whole() {
        for text in [
            r"got {auth_t\u006fken\u003a s3cr",
            r"got {auth_t\\u006fken\\u003a s3cr",
            "{&quot;auth_token&quot;&colon; &quot;s3cr&quot;}",
            "{&amp;quot;auth_token&amp;quot;=&amp;quot;s3cr&amp;quot;}",
            "auth&#45;token&#x3d;s3cr",
            r"{\x22auth_token\x22\x3A\x22s3cr\x22}",
            r"{\42auth_token\42\072\42s3cr\42}",
            r"https://x.example/webhooks/firstpromoter/our\x2dwebhook\55token-0123?x",
            "https://x.example/webhooks/firstpromoter/our&#45;webhook&#x2d;token-0123?x",
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
    fn text_without_a_secret_is_left_alone() {
        for text in [
            "",
            "auth_token",
            "auth_token=",
            "auth_token=&x=1",
            "auth_token='',b",
            "id,auth_token,email",
            "what is an auth_token? ask: me",
            "oauth_token=1",
            r"C:\\auth%20x\n = 100%",
            "our-webhook-token-012",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}
