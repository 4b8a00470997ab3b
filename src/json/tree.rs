//! JSON as a tree that tolerates what senders get wrong.
//!
//! Where `serde_json` refuses a document, this reader still gives what can be used of it: unpaired surrogates, invalid
//! UTF-8 and NUL (which `PostgreSQL` does not store) become U+FFFD, numbers of any size stay text, and values nested
//! deeper than `MAX_DEPTH` are skipped. Of repeated keys the last one counts.

use std::borrow::Cow;

use super::{
    JsonError,
    scanner::{JsonScanner, JsonToken, JsonTokenKind as Kind},
    string::unescape,
};

/// Containers nested deeper are [`JsonValue::TooDeep`]; the deepest payload known has seven levels.
const MAX_DEPTH: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonValue<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A string without NUL.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<JsonValue<'a>>),
    /// An object, with all of its keys in their order.
    Object(Vec<(Cow<'a, str>, JsonValue<'a>)>),
    /// An array or object that was skipped.
    TooDeep,
}

impl<'a> JsonValue<'a> {
    /// Reads a whole text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let mut reader = TreeReader { text, scanner: JsonScanner::lenient(text.as_bytes()) };
        let value = reader.value(0)?.unwrap_or(Self::Null);
        reader.scanner.next_token()?;
        Ok(value)
    }

    /// The value of a key; of repeated keys the last one.
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

struct TreeReader<'a> {
    text: &'a str,
    scanner: JsonScanner<'a>,
}

impl<'a> TreeReader<'a> {
    /// The value that comes next; none at the end of an array.
    fn value(&mut self, depth: usize) -> Result<Option<JsonValue<'a>>, JsonError> {
        let Some(token) = self.scanner.next_token()? else { return Ok(None) };
        Ok(Some(match token.kind {
            Kind::ObjectStart | Kind::ArrayStart if depth >= MAX_DEPTH => self.skip()?,
            Kind::ObjectStart => self.object(depth + 1)?,
            Kind::ArrayStart => {
                let mut elements = Vec::new();
                while let Some(element) = self.value(depth + 1)? {
                    elements.push(element);
                }
                JsonValue::List(elements)
            }
            Kind::String | Kind::Key => JsonValue::Text(self.string(&token)),
            Kind::Number => JsonValue::Number(&self.text[token.range]),
            Kind::True => JsonValue::Bool(true),
            Kind::False => JsonValue::Bool(false),
            Kind::Null => JsonValue::Null,
            Kind::ObjectEnd | Kind::ArrayEnd => return Ok(None),
        }))
    }

    fn object(&mut self, depth: usize) -> Result<JsonValue<'a>, JsonError> {
        let mut fields = Vec::new();
        while let Some(key) = self.scanner.next_token()?.filter(|token| token.kind == Kind::Key) {
            if let Some(value) = self.value(depth)? {
                fields.push((self.string(&key), value));
            }
        }
        Ok(JsonValue::Object(fields))
    }

    /// Skips the rest of a container, without recursion.
    fn skip(&mut self) -> Result<JsonValue<'a>, JsonError> {
        let mut open = 1_usize;
        while open > 0
            && let Some(token) = self.scanner.next_token()?
        {
            open = open + usize::from(token.kind.is_start()) - usize::from(token.kind.is_end());
        }
        Ok(JsonValue::TooDeep)
    }

    fn string(&self, token: &JsonToken) -> Cow<'a, str> {
        let inner = &self.text[token.inner()];
        if memchr::memchr2(b'\\', 0, inner.as_bytes()).is_none() {
            return Cow::Borrowed(inner);
        }
        let text = String::from_utf8_lossy(&unescape(inner.as_bytes())).replace('\0', "\u{fffd}");
        Cow::Owned(text)
    }
}

#[cfg(test)]
mod tests;
