//! Redaction: takes secrets out of a body before it is stored, and leaves every other byte alone.
//!
//! FirstPromoter sends promoters' log-in secrets, and campaigns carry the webhook URL, which may contain our own token.
//! Tools in between wrap bodies into others, so the contents of strings and keys are redacted as well: as JSON where
//! they are JSON, down to [`MAX_NESTING`], else as [`plain_text`]. Nesting is bounded because each level takes time and
//! memory in proportion to its length, while it may cost a sender as little as five bytes for each quote (`\u005c`).

use std::{cmp::Reverse, ops::Range};

use bytes::Bytes;

use super::endpoints::TokenMatcher;
use crate::json::{
    scanner::{JsonScanner, JsonToken, JsonTokenKind as Kind},
    string::unescape,
};

mod edit;
mod escapes;
mod plain_text;
pub(super) mod secret_names;

use self::{
    edit::{Edit, apply, escaped},
    secret_names::{MIN_NAME_LENGTH, is_secret, is_value_key},
};

/// How deep strings may contain strings; deeper ones are redacted as a whole.
const MAX_NESTING: u8 = 24;

/// Collects the replacements in one JSON text from its tokens.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the last or the next value")]
pub(super) struct Redactor<'a> {
    text: &'a [u8],
    own_tokens: &'a TokenMatcher,
    /// In how many strings the text is contained.
    nesting: u8,
    edits: Vec<Edit>,
    /// The next value belongs to a secret key.
    secret: bool,
    /// The last value belongs to one.
    was_secret: bool,
    /// The last value is the name of a secret.
    named: bool,
    /// The next value has a key such as `value`: it is a secret if the object names one.
    beside: bool,
    /// The open containers.
    open: Vec<OpenContainer>,
    /// Inside a container that is a secret as a whole: where it began, and how many containers are open in it.
    inside: Option<(usize, usize)>,
}

/// An object or array that is not closed yet.
struct OpenContainer {
    start: usize,
    /// It has a key such as `value` itself.
    beside: bool,
    /// A value in it is the name of a secret.
    named: bool,
    /// The values in it that are secrets if a name follows.
    values: Vec<Edit>,
}

impl<'a> Redactor<'a> {
    pub fn new(text: &'a [u8], own_tokens: &'a TokenMatcher) -> Self {
        Self::nested(text, own_tokens, 0)
    }

    fn nested(text: &'a [u8], own_tokens: &'a TokenMatcher, nesting: u8) -> Self {
        let (secret, was_secret, named, beside) = (false, false, false, false);
        let (edits, open) = (Vec::new(), Vec::new());
        Self { text, own_tokens, nesting, edits, secret, was_secret, named, beside, open, inside: None }
    }

    pub fn take(&mut self, token: &JsonToken) {
        let JsonToken { kind, range } = token;
        if let Some((start, open)) = &mut self.inside {
            match kind {
                Kind::ObjectStart | Kind::ArrayStart => *open += 1,
                Kind::ObjectEnd | Kind::ArrayEnd => *open -= 1,
                _ => {}
            }
            if *open == 0 {
                self.edits.push(Edit::value(*start..range.end));
                (self.inside, self.was_secret) = (None, true);
            }
            return;
        }
        let named = std::mem::take(&mut self.named);
        self.was_secret = std::mem::take(&mut self.secret) || (named && self.is_secret_after_name(token));
        let beside = std::mem::take(&mut self.beside);
        match kind {
            Kind::ObjectStart | Kind::ArrayStart if self.was_secret => self.inside = Some((range.start, 1)),
            Kind::Number | Kind::True | Kind::False if self.was_secret => self.edits.push(Edit::value(range.clone())),
            Kind::String if self.was_secret => self.edits.push(Edit::text(token.inner())),
            Kind::Key | Kind::String => {
                let (start, inner) = (range.start + 1, &self.text[token.inner()]);
                let (edits, is_open) = in_string(inner, self.own_tokens, self.nesting + 1);
                self.edits.extend(edits.into_iter().map(|edit| edit.moved(start)));
                let text = unescape(inner);
                let is_name = is_secret(&text);
                let container = self.open.last_mut();
                if *kind == Kind::Key {
                    self.beside = is_value_key(&text);
                    // A body that was parsed as a form is split at its first `=`: the secret continues in the value.
                    self.secret = is_open || is_name || (self.beside && container.is_some_and(|open| open.named));
                } else if is_name {
                    self.named = true;
                    if let Some(container) = container {
                        container.named = true;
                        self.edits.append(&mut container.values);
                    }
                } else if beside && let Some(container) = container {
                    container.values.push(Edit::text(token.inner()));
                }
            }
            Kind::ObjectStart | Kind::ArrayStart => {
                let (start, named, values) = (range.start, false, Vec::new());
                self.open.push(OpenContainer { start, beside, named, values });
            }
            Kind::ObjectEnd | Kind::ArrayEnd => {
                if let Some(closed) = self.open.pop().filter(|closed| closed.beside) {
                    self.value_beside(closed.start..range.end);
                }
            }
            Kind::Number | Kind::True | Kind::False if beside => self.value_beside(range.clone()),
            _ => {}
        }
    }

    /// Remembers a value that is not a string and is a secret if its container names one.
    fn value_beside(&mut self, range: Range<usize>) {
        if let Some(container) = self.open.last_mut() {
            container.values.push(Edit::value(range));
        }
    }

    /// The replacements in order, without those inside of others: a name may follow its value, which may contain other
    /// secrets.
    fn edits(mut self) -> Vec<Edit> {
        self.edits.sort_by_key(|edit| (edit.range.start, Reverse(edit.range.end)));
        let mut end = 0;
        self.edits.retain(|edit| {
            let is_outside = edit.range.end > end;
            end = end.max(edit.range.end);
            is_outside
        });
        self.edits
    }

    /// Whether the token right after a secret's name is the secret, and not the end or another name.
    fn is_secret_after_name(&self, token: &JsonToken) -> bool {
        match token.kind {
            Kind::Key | Kind::ObjectEnd | Kind::ArrayEnd => false,
            Kind::String => !is_secret(&unescape(&self.text[token.inner()])),
            _ => true,
        }
    }

    /// The redacted text up to `end`: its length, or where it stops being JSON.
    pub fn finish(self, whole: &Bytes, end: usize) -> Bytes {
        let (text, end) = (self.text, self.inside.map_or(end, |(start, _)| start));
        let edits = self.edits();
        if edits.is_empty() { whole.slice(..end) } else { apply(&text[..end], &edits).into() }
    }

    /// Where a secret begins that is cut off because the text stops being JSON at `end`.
    fn unfinished_secret(&self, end: usize) -> Option<usize> {
        match self.inside {
            Some((start, _)) => Some(start),
            None => (self.secret || self.was_secret || self.named).then_some(end),
        }
    }
}

/// Redacts text of any kind.
pub(super) fn redacted(text: String, own_tokens: &TokenMatcher) -> String {
    let (edits, _) = in_text(text.as_bytes(), own_tokens, 0);
    if edits.is_empty() { text } else { String::from_utf8_lossy(&apply(text.as_bytes(), &edits)).into_owned() }
}

/// The replacements in the escaped inside of a string, and whether it ends in the middle of a secret.
fn in_string(inner: &[u8], own_tokens: &TokenMatcher, nesting: u8) -> (Vec<Edit>, bool) {
    // Unescaped text is never longer than its escaped form.
    if inner.len() <= MIN_NAME_LENGTH {
        return (Vec::new(), false);
    }
    if nesting > MAX_NESTING {
        return (vec![Edit::text(0..inner.len())], true);
    }
    let text = unescape(inner);
    let (edits, is_open) = in_text(&text, own_tokens, nesting);
    if edits.is_empty() { (edits, is_open) } else { (escaped(inner, edits), is_open) }
}

/// The same for the text of a string: any number of JSON documents, and plain text.
fn in_text(text: &[u8], own_tokens: &TokenMatcher, nesting: u8) -> (Vec<Edit>, bool) {
    let (mut edits, mut from) = (Vec::new(), 0);
    while begins_like_json(&text[from..]) {
        let rest = &text[from..];
        let (mut redactor, mut scanner) = (Redactor::nested(rest, own_tokens, nesting), JsonScanner::new(rest));
        let end = loop {
            match scanner.next_token() {
                Ok(Some(token)) => redactor.take(&token),
                Ok(None) => break None,
                Err(error) => break Some(error.at),
            }
        };
        let open = end.and_then(|end| redactor.unfinished_secret(end));
        edits.extend(redactor.edits().into_iter().map(|edit| edit.moved(from)));
        match (end, open) {
            (None, _) => return (edits, false),
            (Some(_), Some(start)) => {
                edits.push(Edit::text(from + start..text.len()));
                return (edits, true);
            }
            // It is not JSON from its first byte on.
            (Some(0), None) => break,
            (Some(end), None) => from += end,
        }
    }
    edits.extend(plain_text::edits(&text[from..], own_tokens).into_iter().map(|edit| edit.moved(from)));
    (edits, false)
}

fn begins_like_json(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}
