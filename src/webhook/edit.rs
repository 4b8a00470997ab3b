//! What is to be replaced in a text, and where that is in the text that holds it as an escaped string.

use std::{borrow::Cow, ops::Range};

use super::text::{Run, runs};

/// What stands in the place of a secret.
pub(super) const REDACTED: &[u8] = b"[redacted]";

/// One replacement. Those of a text are in order and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub text: Cow<'static, [u8]>,
}

impl Edit {
    /// Redacts text: the inside of a string, say.
    pub fn inside(range: Range<usize>) -> Self {
        Self { range, text: Cow::Borrowed(REDACTED) }
    }

    /// Redacts a JSON value that is no string, and makes it one.
    pub fn value(range: Range<usize>) -> Self {
        Self { range, text: Cow::Borrowed(b"\"[redacted]\"") }
    }

    /// The same in a text of which this one is the rest from `by` on.
    pub fn moved(self, by: usize) -> Self {
        Self { range: self.range.start + by..self.range.end + by, ..self }
    }
}

/// The text with its replacements.
pub(super) fn apply(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let (mut out, mut done) = (Vec::with_capacity(text.len()), 0);
    for Edit { range, text: replacement } in edits {
        out.extend_from_slice(&text[done..range.start]);
        out.extend_from_slice(replacement);
        done = range.end;
    }
    out.extend_from_slice(&text[done..]);
    out
}

/// From replacements in what the inside of a JSON string says to the same in that inside.
pub(super) fn escaped(raw: &[u8], edits: Vec<Edit>) -> Vec<Edit> {
    let mut places = Places { runs: runs(raw), length: raw.len(), run: None, said: 0, at: 0 };
    let escaped = edits.into_iter().map(|Edit { range, text }| {
        let text = if text.iter().any(|byte| b"\"\\".contains(byte)) { Cow::Owned(escape(&text)) } else { text };
        Edit { range: places.find(range.start)..places.find(range.end), text }
    });
    escaped.collect()
}

fn escape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2);
    for byte in text {
        if b"\"\\".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}

/// Finds places of what a string says in the string, for places in ascending order.
struct Places<'a, I> {
    runs: I,
    length: usize,
    run: Option<Run<'a>>,
    /// Where the run begins, in what is said and in the string.
    said: usize,
    at: usize,
}

impl<'a, I: Iterator<Item = Run<'a>>> Places<'a, I> {
    fn find(&mut self, place: usize) -> usize {
        loop {
            let (says, takes) = match &self.run {
                None => (0, 0),
                Some(Run::Plain(bytes)) if place < self.said + bytes.len() => return self.at + (place - self.said),
                Some(Run::Plain(bytes)) => (bytes.len(), bytes.len()),
                Some(Run::Escape(_, character)) if place < self.said + character.len_utf8() => return self.at,
                Some(Run::Escape(length, character)) => (character.len_utf8(), *length),
            };
            self.said += says;
            self.at += takes;
            self.run = self.runs.next();
            if self.run.is_none() {
                return self.length;
            }
        }
    }
}
