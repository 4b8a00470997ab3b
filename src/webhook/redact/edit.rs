//! Replacements in a text, and their position in the JSON string that holds the text escaped.

use std::{borrow::Cow, ops::Range};

use crate::json::string::{StringPart, escape, parts};

/// What replaces a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// One replacement. Those of a text are in order and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub text: Cow<'static, str>,
}

impl Edit {
    /// Redacts text, such as the inside of a string.
    pub fn text(range: Range<usize>) -> Self {
        Self { range, text: Cow::Borrowed(REDACTED) }
    }

    /// Redacts a JSON value that is not a string; it becomes one.
    pub fn value(range: Range<usize>) -> Self {
        Self { range, text: Cow::Borrowed("\"[redacted]\"") }
    }

    /// The same replacement in a text in which this one starts at `offset`.
    pub fn moved(self, offset: usize) -> Self {
        Self { range: self.range.start + offset..self.range.end + offset, ..self }
    }
}

/// The text with its replacements.
pub(super) fn apply(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let (mut out, mut done) = (Vec::with_capacity(text.len()), 0);
    for Edit { range, text: replacement } in edits {
        out.extend_from_slice(&text[done..range.start]);
        out.extend_from_slice(replacement.as_bytes());
        done = range.end;
    }
    out.extend_from_slice(&text[done..]);
    out
}

/// Translates replacements in the text that a JSON string stands for into replacements in its escaped inside.
pub(super) fn escaped(inner: &[u8], edits: Vec<Edit>) -> Vec<Edit> {
    let mut offsets = OffsetMap { parts: parts(inner), length: inner.len(), part: None, text_at: 0, inner_at: 0 };
    let escaped = edits.into_iter().map(|Edit { range, text }| {
        let text = match text {
            Cow::Borrowed(text) => escape(text),
            Cow::Owned(text) => Cow::Owned(escape(&text).into_owned()),
        };
        Edit { range: offsets.find(range.start)..offsets.find(range.end), text }
    });
    escaped.collect()
}

/// Maps ascending offsets in the text of a JSON string to offsets in its escaped inside.
struct OffsetMap<'a, I> {
    parts: I,
    length: usize,
    part: Option<StringPart<'a>>,
    /// Where the part begins, in the text and in the inside.
    text_at: usize,
    inner_at: usize,
}

impl<'a, I: Iterator<Item = StringPart<'a>>> OffsetMap<'a, I> {
    fn find(&mut self, offset: usize) -> usize {
        loop {
            let (in_text, in_inner) = match &self.part {
                None => (0, 0),
                Some(StringPart::Literal(bytes)) if offset < self.text_at + bytes.len() => {
                    return self.inner_at + (offset - self.text_at);
                }
                Some(StringPart::Literal(bytes)) => (bytes.len(), bytes.len()),
                Some(StringPart::Escape(_, character)) if offset < self.text_at + character.len_utf8() => {
                    return self.inner_at;
                }
                Some(StringPart::Escape(length, character)) => (character.len_utf8(), *length),
            };
            self.text_at += in_text;
            self.inner_at += in_inner;
            self.part = self.parts.next();
            if self.part.is_none() {
                return self.length;
            }
        }
    }
}
