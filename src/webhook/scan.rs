//! A scanner over JSON bytes: tells where each key and value stands, and where the grammar breaks.
//!
//! It neither builds values nor recurses, so no depth, number or byte can trip it. It accepts what
//! RFC 8259 accepts, except that bytes inside strings need not be UTF-8 and escaped surrogates need
//! no partner.

use std::ops::Range;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Key,
    String,
    Number,
    True,
    False,
    Null,
}

/// A piece of the document. The range of a key or string includes its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// The bytes are not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Where the piece begins that does not belong there: nothing from here on can be judged.
    pub at: usize,
    pub reason: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrArrayEnd,
    Key,
    KeyOrObjectEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Reads a document piece by piece.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    expect: Expect,
    /// The open containers; true for an object.
    open: Vec<bool>,
}

impl<'a> Scanner<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        // Some writers put a byte order mark first; RFC 8259 lets readers pass over it.
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, at, expect: Expect::Value, open: Vec::new() }
    }

    /// The next piece; `None` after a complete document.
    ///
    /// # Errors
    /// Where the grammar breaks. The scanner is of no use after that.
    pub fn next(&mut self) -> Result<Option<Lexeme>, Broken> {
        loop {
            self.skip_space();
            let Some(&byte) = self.bytes.get(self.at) else {
                return if self.expect == Expect::Nothing { Ok(None) } else { Err(self.broken("it ends too early")) };
            };
            let kind = match (self.expect, byte) {
                // Only now, so that whoever takes the pieces has seen the key, also where no colon follows.
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
                (Expect::CommaOrEnd | Expect::KeyOrObjectEnd, b'}') if self.in_object() => Kind::ObjectEnd,
                (Expect::CommaOrEnd | Expect::ValueOrArrayEnd, b']') if !self.in_object() => Kind::ArrayEnd,
                (Expect::Key | Expect::KeyOrObjectEnd, b'"') => Kind::Key,
                (Expect::Value | Expect::ValueOrArrayEnd, byte) => {
                    value_kind(byte).ok_or_else(|| self.broken("no value begins like this"))?
                }
                (Expect::Nothing, _) => return Err(self.broken("something follows the document")),
                (Expect::Colon, _) => return Err(self.broken("expected a colon")),
                (Expect::CommaOrEnd, _) => return Err(self.broken("expected a comma or a closing bracket")),
                (Expect::Key | Expect::KeyOrObjectEnd, _) => return Err(self.broken("expected a key")),
            };
            let range = self.at..self.end_of(kind)?;
            self.at = range.end;
            self.step(kind);
            return Ok(Some(Lexeme { kind, range }));
        }
    }

    /// Moves the grammar on behind a piece.
    fn step(&mut self, kind: Kind) {
        self.expect = match kind {
            Kind::ObjectStart => {
                self.open.push(true);
                Expect::KeyOrObjectEnd
            }
            Kind::ArrayStart => {
                self.open.push(false);
                Expect::ValueOrArrayEnd
            }
            Kind::Key => Expect::Colon,
            _ => {
                if matches!(kind, Kind::ObjectEnd | Kind::ArrayEnd) {
                    self.open.pop();
                }
                if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd }
            }
        };
    }

    fn end_of(&self, kind: Kind) -> Result<usize, Broken> {
        match kind {
            Kind::ObjectStart | Kind::ObjectEnd | Kind::ArrayStart | Kind::ArrayEnd => Ok(self.at + 1),
            Kind::Key | Kind::String => self.end_of_string(),
            Kind::Number => self.end_of_number(),
            Kind::True => self.end_of_word(b"true"),
            Kind::False => self.end_of_word(b"false"),
            Kind::Null => self.end_of_word(b"null"),
        }
    }

    fn end_of_string(&self) -> Result<usize, Broken> {
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at += self.escape_length(at)?,
                Some(0..=0x1f) => return Err(self.broken("a control character in text")),
                Some(_) => at += 1,
                None => return Err(self.broken("text that does not end")),
            }
        }
    }

    fn escape_length(&self, at: usize) -> Result<usize, Broken> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') if self.bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                Ok(6)
            }
            _ => Err(self.broken("an escape that JSON does not know")),
        }
    }

    fn end_of_number(&self) -> Result<usize, Broken> {
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
    fn digits(&self, from: usize) -> Result<usize, Broken> {
        let count = self.bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
        if count == 0 { Err(self.broken("a number without digits")) } else { Ok(from + count) }
    }

    fn end_of_word(&self, word: &[u8]) -> Result<usize, Broken> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) == Some(word) { Ok(end) } else { Err(self.broken("an unknown word")) }
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn in_object(&self) -> bool {
        self.open.last().copied().unwrap_or(false)
    }

    fn broken(&self, reason: &'static str) -> Broken {
        Broken { at: self.at, reason }
    }
}

fn value_kind(byte: u8) -> Option<Kind> {
    Some(match byte {
        b'{' => Kind::ObjectStart,
        b'[' => Kind::ArrayStart,
        b'"' => Kind::String,
        b'-' | b'0'..=b'9' => Kind::Number,
        b't' => Kind::True,
        b'f' => Kind::False,
        b'n' => Kind::Null,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
