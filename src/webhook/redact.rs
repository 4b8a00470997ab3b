//! Redaction: takes secrets out of a body before it is stored, and leaves every other byte alone.
//!
//! FirstPromoter sends promoters' log-in secrets, and campaigns carry the webhook URL, which may hold our
//! own token. Tools in between wrap bodies into others, so strings and keys are looked into as well: those
//! that hold JSON piece by piece, down to [`LEVELS`], the others as [`loose`] text. A level of escaping may
//! cost as little as five bytes for each quote (`\u005c`), so that the levels are counted: each takes time
//! and memory in proportion to its length.

use std::{cmp::Reverse, ops::Range};

use bytes::Bytes;

use super::{
    edit::{Edit, apply, escaped},
    loose,
    needle::Needles,
    scan::{Kind, Lexeme, Scanner},
    secret_key::{self, is_secret, is_value},
    text::unescape,
};

/// How many strings may stand in each other. What is deeper is not judged, and goes as a whole.
const LEVELS: u8 = 24;

/// Takes the pieces of one text as they are scanned.
pub(super) struct Redactor<'a> {
    text: &'a [u8],
    needles: &'a Needles,
    /// In how many strings the text stands.
    level: u8,
    edits: Vec<Edit>,
    /// The value that comes next belongs to a secret key.
    secret: bool,
    /// The value that came last does.
    was_secret: bool,
    /// The value that came last is the name of a secret.
    named: bool,
    /// The value that comes next has a key of those that stand beside a name.
    beside: bool,
    /// The open containers.
    open: Vec<Container>,
    /// Inside a container that is itself a secret: where it began, and how many are open.
    inside: Option<(usize, usize)>,
}

/// What is known of an open object or list.
struct Container {
    start: usize,
    /// It is itself the value beside what may turn out to be the name of a secret.
    beside: bool,
    /// A value in it is the name of a secret.
    named: bool,
    /// The values that are the secret if a name follows.
    values: Vec<Edit>,
}

impl<'a> Redactor<'a> {
    pub fn new(text: &'a [u8], needles: &'a Needles) -> Self {
        Self::at(text, needles, 0)
    }

    fn at(text: &'a [u8], needles: &'a Needles, level: u8) -> Self {
        let (secret, was_secret, named, beside) = (false, false, false, false);
        let (edits, open) = (Vec::new(), Vec::new());
        Self { text, needles, level, edits, secret, was_secret, named, beside, open, inside: None }
    }

    pub fn take(&mut self, lexeme: &Lexeme) {
        let Lexeme { kind, range } = lexeme;
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
        self.was_secret = std::mem::take(&mut self.secret) || (named && self.is_second(lexeme));
        let beside = std::mem::take(&mut self.beside);
        match kind {
            Kind::ObjectStart | Kind::ArrayStart if self.was_secret => self.inside = Some((range.start, 1)),
            Kind::Number | Kind::True | Kind::False if self.was_secret => self.edits.push(Edit::value(range.clone())),
            Kind::String if self.was_secret => self.edits.push(Edit::inside(range.start + 1..range.end - 1)),
            Kind::Key | Kind::String => {
                let (start, raw) = (range.start + 1, &self.text[range.start + 1..range.end - 1]);
                let (edits, is_open) = in_string(raw, self.needles, self.level + 1);
                self.edits.extend(edits.into_iter().map(|edit| edit.moved(start)));
                let said = unescape(raw);
                let is_name = is_secret(&said);
                let container = self.open.last_mut();
                if *kind == Kind::Key {
                    self.beside = is_value(&said);
                    // A body that was taken for a form is cut at its first `=`: the secret goes on in the value.
                    self.secret = is_open || is_name || (self.beside && container.is_some_and(|open| open.named));
                } else if is_name {
                    self.named = true;
                    if let Some(container) = container {
                        container.named = true;
                        self.edits.append(&mut container.values);
                    }
                } else if beside && let Some(container) = container {
                    container.values.push(Edit::inside(start..range.end - 1));
                }
            }
            Kind::ObjectStart | Kind::ArrayStart => {
                let (start, named, values) = (range.start, false, Vec::new());
                self.open.push(Container { start, beside, named, values });
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

    /// A value that is no string stands beside what may turn out to be the name of a secret.
    fn value_beside(&mut self, range: Range<usize>) {
        if let Some(container) = self.open.last_mut() {
            container.values.push(Edit::value(range));
        }
    }

    /// The replacements in order. A name may come behind its value, and that may hold others.
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

    /// Whether what stands right behind a secret's name is the secret, and not the end or the next name.
    fn is_second(&self, Lexeme { kind, range }: &Lexeme) -> bool {
        match kind {
            Kind::Key | Kind::ObjectEnd | Kind::ArrayEnd => false,
            Kind::String => !is_secret(&unescape(&self.text[range.start + 1..range.end - 1])),
            _ => true,
        }
    }

    /// The text up to `end`, which is its length or the place where it stops being JSON.
    pub fn finish(self, whole: &Bytes, end: usize) -> Bytes {
        let (text, end) = (self.text, self.inside.map_or(end, |(start, _)| start));
        let edits = self.edits();
        if edits.is_empty() { whole.slice(..end) } else { apply(&text[..end], &edits).into() }
    }

    /// Where what cannot be judged begins, if the text stops being JSON at `end` in the middle of a secret.
    fn open_secret(&self, end: usize) -> Option<usize> {
        match self.inside {
            Some((start, _)) => Some(start),
            None => (self.secret || self.was_secret || self.named).then_some(end),
        }
    }
}

/// A text of any kind without its secrets.
pub(super) fn redacted(text: String, needles: &Needles) -> String {
    let (edits, _) = in_text(text.as_bytes(), needles, 0);
    if edits.is_empty() { text } else { String::from_utf8_lossy(&apply(text.as_bytes(), &edits)).into_owned() }
}

/// What to replace in the inside of a string, and whether that ends in the middle of a secret.
fn in_string(raw: &[u8], needles: &Needles, level: u8) -> (Vec<Edit>, bool) {
    // Escapes make no text shorter.
    if raw.len() <= secret_key::SHORTEST {
        return (Vec::new(), false);
    }
    if level > LEVELS {
        return (vec![Edit::inside(0..raw.len())], true);
    }
    let text = unescape(raw);
    let (edits, is_open) = in_text(&text, needles, level);
    if edits.is_empty() { (edits, is_open) } else { (escaped(raw, edits), is_open) }
}

/// The same in what a string says.
fn in_text(text: &[u8], needles: &Needles, level: u8) -> (Vec<Edit>, bool) {
    let (mut edits, mut from) = (Vec::new(), 0);
    while begins_like_json(&text[from..]) {
        let rest = &text[from..];
        let (mut redactor, mut scanner) = (Redactor::at(rest, needles, level), Scanner::new(rest));
        let end = loop {
            match scanner.next() {
                Ok(Some(lexeme)) => redactor.take(&lexeme),
                Ok(None) => break None,
                Err(broken) => break Some(broken.at),
            }
        };
        let open = end.and_then(|end| redactor.open_secret(end));
        edits.extend(redactor.edits().into_iter().map(|edit| edit.moved(from)));
        match (end, open) {
            (None, _) => return (edits, false),
            (Some(_), Some(start)) => {
                edits.push(Edit::inside(from + start..text.len()));
                return (edits, true);
            }
            // Nothing of it could be read.
            (Some(0), None) => break,
            (Some(end), None) => from += end,
        }
    }
    edits.extend(loose::edits(&text[from..], needles).into_iter().map(|edit| edit.moved(from)));
    (edits, false)
}

fn begins_like_json(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}
