//! A pull scanner over JSON bytes: the kind and byte range of every token, and where the grammar breaks.
//!
//! It builds no values and does not recurse, so nesting depth and number size are unlimited. It accepts RFC 8259,
//! plus bytes in strings that are not UTF-8 and unpaired surrogate escapes.

use std::ops::Range;

use super::JsonError;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonTokenKind {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// A string that names a member of an object.
    Key,
    /// A string value.
    String,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

impl JsonTokenKind {
    /// Whether it opens an object or array.
    #[must_use]
    pub fn is_start(self) -> bool {
        matches!(self, Self::ObjectStart | Self::ArrayStart)
    }

    /// Whether it closes an object or array.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::ObjectEnd | Self::ArrayEnd)
    }
}

/// A token. The range of a key or string includes its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonToken {
    /// What it is.
    pub kind: JsonTokenKind,
    /// Its bytes.
    pub range: Range<usize>,
}

impl JsonToken {
    /// The bytes between the quotes of a key or string.
    #[must_use]
    pub fn inner(&self) -> Range<usize> {
        self.range.start + 1..self.range.end - 1
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrArrayEnd,
    Key,
    KeyOrObjectEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Scans one document.
#[derive(Debug)]
pub struct JsonScanner<'a> {
    bytes: &'a [u8],
    at: usize,
    expect: Expect,
    /// The open containers; true for an object.
    open: Vec<bool>,
    /// Whether strings may hold unescaped control characters.
    allow_control: bool,
}

impl<'a> JsonScanner<'a> {
    /// A scanner that refuses unescaped control characters in strings, as RFC 8259 does.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        // RFC 8259 lets readers skip a byte order mark.
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, at, expect: Expect::Value, open: Vec::new(), allow_control: false }
    }

    /// A scanner that accepts them.
    #[must_use]
    pub fn lenient(bytes: &'a [u8]) -> Self {
        Self { allow_control: true, ..Self::new(bytes) }
    }

    /// The next token; `None` after a complete document.
    ///
    /// # Errors
    /// Where the grammar breaks. The scanner must not be used after that.
    pub fn next_token(&mut self) -> Result<Option<JsonToken>, JsonError> {
        loop {
            self.skip_space();
            let Some(&byte) = self.bytes.get(self.at) else {
                return if self.expect == Expect::Nothing { Ok(None) } else { Err(self.error("it ends too early")) };
            };
            let kind = match (self.expect, byte) {
                // Consumed lazily, so that the key is returned also where no colon follows.
                (Expect::Colon, b':') => {
                    self.at += 1;
                    self.expect = Expect::Value;
                    continue;
                }
                (Expect::CommaOrEnd, b',') => {
                    self.at += 1;
                    self.expect = if self.in_object() { Expect::Key } else { Expect::Value };
                    continue;
                }
                (Expect::CommaOrEnd | Expect::KeyOrObjectEnd, b'}') if self.in_object() => JsonTokenKind::ObjectEnd,
                (Expect::CommaOrEnd | Expect::ValueOrArrayEnd, b']') if !self.in_object() => JsonTokenKind::ArrayEnd,
                (Expect::Key | Expect::KeyOrObjectEnd, b'"') => JsonTokenKind::Key,
                (Expect::Value | Expect::ValueOrArrayEnd, byte) => {
                    value_kind(byte).ok_or_else(|| self.error("no value begins like this"))?
                }
                (Expect::Nothing, _) => return Err(self.error("something follows the document")),
                (Expect::Colon, _) => return Err(self.error("expected a colon")),
                (Expect::CommaOrEnd, _) => return Err(self.error("expected a comma or a closing bracket")),
                (Expect::Key | Expect::KeyOrObjectEnd, _) => return Err(self.error("expected a key")),
            };
            let range = self.at..self.end_of(kind)?;
            self.at = range.end;
            self.step(kind);
            return Ok(Some(JsonToken { kind, range }));
        }
    }

    /// Advances the grammar past a token.
    fn step(&mut self, kind: JsonTokenKind) {
        self.expect = match kind {
            JsonTokenKind::ObjectStart => {
                self.open.push(true);
                Expect::KeyOrObjectEnd
            }
            JsonTokenKind::ArrayStart => {
                self.open.push(false);
                Expect::ValueOrArrayEnd
            }
            JsonTokenKind::Key => Expect::Colon,
            _ => {
                if kind.is_end() {
                    self.open.pop();
                }
                if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd }
            }
        };
    }

    fn end_of(&self, kind: JsonTokenKind) -> Result<usize, JsonError> {
        match kind {
            JsonTokenKind::ObjectStart
            | JsonTokenKind::ObjectEnd
            | JsonTokenKind::ArrayStart
            | JsonTokenKind::ArrayEnd => Ok(self.at + 1),
            JsonTokenKind::Key | JsonTokenKind::String => self.end_of_string(),
            JsonTokenKind::Number => self.end_of_number(),
            JsonTokenKind::True => self.end_of_word(b"true"),
            JsonTokenKind::False => self.end_of_word(b"false"),
            JsonTokenKind::Null => self.end_of_word(b"null"),
        }
    }

    fn end_of_string(&self) -> Result<usize, JsonError> {
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at += self.escape_length(at)?,
                Some(0..=0x1f) if !self.allow_control => return Err(self.error("a control character in text")),
                Some(_) => at += 1,
                None => return Err(self.error("text that does not end")),
            }
        }
    }

    fn escape_length(&self, at: usize) -> Result<usize, JsonError> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') if self.bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                Ok(6)
            }
            _ => Err(self.error("an escape that JSON does not know")),
        }
    }

    fn end_of_number(&self) -> Result<usize, JsonError> {
        let mut at = self.at + usize::from(self.bytes[self.at] == b'-');
        if self.bytes.get(at) == Some(&b'0') {
            at += 1;
        } else {
            at = self.digits(at)?;
        }
        if self.bytes.get(at) == Some(&b'.') {
            at = self.digits(at + 1)?;
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            at += 1 + usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            at = self.digits(at)?;
        }
        Ok(at)
    }

    /// The end of one or more digits.
    fn digits(&self, from: usize) -> Result<usize, JsonError> {
        let count = self.bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
        if count == 0 { Err(self.error("a number without digits")) } else { Ok(from + count) }
    }

    fn end_of_word(&self, word: &[u8]) -> Result<usize, JsonError> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) == Some(word) { Ok(end) } else { Err(self.error("an unknown word")) }
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn in_object(&self) -> bool {
        self.open.last().copied().unwrap_or(false)
    }

    fn error(&self, reason: &'static str) -> JsonError {
        JsonError { at: self.at, reason }
    }
}

fn value_kind(byte: u8) -> Option<JsonTokenKind> {
    Some(match byte {
        b'{' => JsonTokenKind::ObjectStart,
        b'[' => JsonTokenKind::ArrayStart,
        b'"' => JsonTokenKind::String,
        b'-' | b'0'..=b'9' => JsonTokenKind::Number,
        b't' => JsonTokenKind::True,
        b'f' => JsonTokenKind::False,
        b'n' => JsonTokenKind::Null,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
