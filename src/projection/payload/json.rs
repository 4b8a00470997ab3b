//! The sender's JSON as a tree that nothing in a body can upset.
//!
//! Where `serde_json` refuses a document, this reader still gives what can be used of it: lone
//! surrogates and invalid UTF-8 become U+FFFD, so does NUL (`PostgreSQL` stores none); numbers stay
//! text, whatever their size; what lies deeper than `DEPTH` is passed over. Of equal keys the last
//! one counts.

use std::borrow::Cow;

use thiserror::Error;

/// ColumnBatch nested deeper are [`Json::TooDeep`]; the deepest payload known has seven levels.
const DEPTH: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A string without NUL.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, with all of its keys in their order.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
    /// An array or object that was passed over.
    TooDeep,
}

/// Where and why a text is not JSON. Repeats none of it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not JSON: expected {expected} at byte {at}")]
pub struct JsonError {
    /// What would have been right.
    pub expected: &'static str,
    /// Counted from the start of the text.
    pub at: usize,
}

impl<'a> Json<'a> {
    /// Reads a whole text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        if reader.at == text.len() { Ok(value) } else { Err(reader.error("nothing more")) }
    }

    /// The value of a key; of equal keys the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The elements of an array.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        if let Self::List(elements) = self { elements } else { &[] }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, expected: &'static str) -> JsonError {
        JsonError { expected, at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The next byte that is no space; consumed if it is the one.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= DEPTH => self.pass_over(),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json<'a>, JsonError> {
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.error("a value"))
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.error("a key"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.error("':'"));
            }
            fields.push((key, self.value(depth)?));
            if self.take(b'}') {
                return Ok(Json::Object(fields));
            }
            if !self.take(b',') {
                return Err(self.error("',' or '}'"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.at += 1;
        let mut elements = Vec::new();
        if self.take(b']') {
            return Ok(Json::List(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            if self.take(b']') {
                return Ok(Json::List(elements));
            }
            if !self.take(b',') {
                return Err(self.error("',' or ']'"));
            }
        }
    }

    /// Passes over an array or object without recursion; only strings and brackets matter for that.
    fn pass_over(&mut self) -> Result<Json<'a>, JsonError> {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => self.pass_string()?,
                Some(byte) => {
                    self.at += 1;
                    match byte {
                        b'{' | b'[' => open += 1,
                        b'}' | b']' => open -= 1,
                        _ => {}
                    }
                }
                None => return Err(self.error("'}' or ']'")),
            }
            if open == 0 {
                return Ok(Json::TooDeep);
            }
        }
    }

    /// From the opening quote to behind the closing one.
    fn pass_string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        loop {
            match memchr::memchr2(b'"', b'\\', &self.text.as_bytes()[self.at..]) {
                Some(distance) => {
                    self.at += distance + 1;
                    if self.text.as_bytes()[self.at - 1] == b'"' {
                        return Ok(());
                    }
                    self.at += 1;
                    if self.at >= self.text.len() {
                        return Err(self.error("'\"'"));
                    }
                }
                None => return Err(self.error("'\"'")),
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let start = self.at + 1;
        self.pass_string()?;
        let Some(inner) = self.text.get(start..self.at - 1) else { return Err(self.error("a string")) };
        if memchr::memchr2(b'\\', 0, inner.as_bytes()).is_none() {
            return Ok(Cow::Borrowed(inner));
        }
        unescape(inner).map(Cow::Owned).ok_or_else(|| self.error("a valid escape before this"))
    }

    fn number(&mut self) -> Result<Json<'a>, JsonError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        self.digits()?;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Json::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.error("a digit")) }
    }
}

/// The text of a string's inside; `None` for an escape that JSON does not know.
fn unescape(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        let character = match character {
            '\\' => match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => code_point(&mut rest)?,
                same @ ('"' | '\\' | '/') => same,
                _ => return None,
            },
            other => other,
        };
        text.push(if character == '\0' { char::REPLACEMENT_CHARACTER } else { character });
    }
    Some(text)
}

/// The character of one `\u` escape, or of two that are a surrogate pair; U+FFFD for half a pair.
fn code_point(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let first = hex4(rest)?;
    if let Ok(high @ 0xd800..=0xdbff) = u16::try_from(first) {
        let mut ahead = rest.clone();
        if (ahead.next(), ahead.next()) == (Some('\\'), Some('u'))
            && let Some(low @ 0xdc00..=0xdfff) = hex4(&mut ahead)
        {
            *rest = ahead;
            return char::from_u32(0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hex4(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |code, _| Some(code * 16 + rest.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests;
