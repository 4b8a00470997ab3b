//! Text to tokens, by the lexical grammar of the September 2025 edition. Enforces the limits on tokens and nesting, so
//! that recursive code never gets a document that is too long or too deep.

use async_graphql::Pos;

use super::string;
use crate::{
    error::{ErrorCode, LimitExceeded},
    graphql::error::GraphqlError,
    limits::{QUERY_BYTES, RequestLimits, TOKENS},
};

/// Maximum nesting of brackets of all kinds: selections, lists and input objects together.
const MAX_NESTING: u64 = 64;

/// The kind of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TokenKind {
    /// A punctuator, given by the text.
    Punctuator,
    /// A name.
    Name,
    /// A whole number.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A string's value.
    String(String),
    /// The end of the document.
    #[default]
    End,
}

/// A token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: TokenKind,
    /// Its text in the document.
    pub text: &'a str,
    /// Its position.
    pub pos: Pos,
}

/// The tokens of a document. The last one is [`TokenKind::End`].
///
/// # Errors
/// The syntax error, or the exceeded limit.
pub fn tokens<'a>(text: &'a str, limits: &RequestLimits) -> Result<Vec<Token<'a>>, GraphqlError> {
    let (bytes, most) = (text.len() as u64, limits.query_bytes as u64);
    if bytes > most {
        return Err(GraphqlError::over(QUERY_BYTES.exceeded(most, bytes), "bytes"));
    }
    let mut lexer = Lexer { rest: text, pos: Pos { line: 1, column: 1 } };
    let (mut tokens, mut nesting) = (Vec::new(), 0_u64);
    loop {
        let token = lexer.next()?;
        match token.text {
            "{" | "[" | "(" => nesting += 1,
            "}" | "]" | ")" => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            let passed = LimitExceeded::fixed("nesting", MAX_NESTING, nesting);
            return Err(GraphqlError::over(passed, "nested brackets or more"));
        }
        if token.kind == TokenKind::End {
            tokens.push(token);
            return Ok(tokens);
        }
        tokens.push(token);
        if tokens.len() > limits.tokens {
            return Err(GraphqlError::over(
                TOKENS.exceeded(limits.tokens as u64, tokens.len() as u64),
                "tokens or more",
            ));
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    pos: Pos,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Token<'a>, GraphqlError> {
        self.skip_ignored();
        let bytes = self.rest.as_bytes();
        let (kind, length) = match bytes.first() {
            None => (TokenKind::End, 0),
            Some(b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}') => {
                (TokenKind::Punctuator, 1)
            }
            Some(b'.') if bytes.starts_with(b"...") => (TokenKind::Punctuator, 3),
            Some(b'"') => {
                let read =
                    if bytes.starts_with(b"\"\"\"") { string::block(self.rest) } else { string::quoted(self.rest) };
                let (value, length) = read.map_err(|expected| self.wrong(expected))?;
                (TokenKind::String(value), length)
            }
            Some(byte) if is_name_start(*byte) => (
                TokenKind::Name,
                bytes.iter().take_while(|byte| is_name_start(**byte) || byte.is_ascii_digit()).count(),
            ),
            Some(b'-' | b'0'..=b'9') => number(bytes).ok_or_else(|| self.wrong("this is not a number"))?,
            Some(_) => {
                let first = self.rest.chars().next().unwrap_or_default();
                return Err(self.wrong(&format!("unexpected character {first:?}")));
            }
        };
        let (text, pos) = (&self.rest[..length], self.pos);
        self.advance(length);
        Ok(Token { kind, text, pos })
    }

    /// Skips white space, line ends, commas, byte order marks and comments.
    fn skip_ignored(&mut self) {
        loop {
            let ignored = |letter: char| matches!(letter, ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}');
            let mut length = self.rest.len() - self.rest.trim_start_matches(ignored).len();
            if self.rest[length..].starts_with('#') {
                let comment = &self.rest[length..];
                length += comment.find(['\n', '\r']).unwrap_or(comment.len());
            }
            if length == 0 {
                return;
            }
            self.advance(length);
        }
    }

    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        let mut letters = passed.chars().peekable();
        while let Some(letter) = letters.next() {
            // CR LF is one line end.
            let ends = letter == '\n' || letter == '\r' && letters.peek() != Some(&'\n');
            self.pos = if ends {
                Pos { line: self.pos.line + 1, column: 1 }
            } else {
                Pos { column: self.pos.column + 1, ..self.pos }
            };
        }
        self.rest = rest;
    }

    fn wrong(&self, message: &str) -> GraphqlError {
        GraphqlError::new(ErrorCode::GraphqlParseFailed, message).at(self.pos)
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// A number and its length.
fn number(bytes: &[u8]) -> Option<(TokenKind, usize)> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes[0] == b'-');
    let mut kind = TokenKind::Int;
    match digits(at) {
        0 => return None,
        more if more > 1 && bytes[at] == b'0' => return None,
        whole => at += whole,
    }
    if bytes.get(at) == Some(&b'.') {
        kind = TokenKind::Float;
        match digits(at + 1) {
            0 => return None,
            fraction => at += 1 + fraction,
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        kind = TokenKind::Float;
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        match digits(at) {
            0 => return None,
            exponent => at += exponent,
        }
    }
    let ends = bytes.get(at).is_none_or(|byte| !is_name_start(*byte) && *byte != b'.');
    ends.then_some((kind, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(document: &str) -> Option<&'static str> {
        tokens(document, &RequestLimits::default()).err().and_then(|error| error.exceeded).map(|exceeded| exceeded.rule)
    }

    fn texts(document: &str) -> Vec<&str> {
        tokens(document, &RequestLimits::default()).unwrap().iter().map(|token| token.text).collect()
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let document = format!("{{ a(b: \"{0}\", c: \"\"\"{0}\\\"\"\"\"\"\") }} # {0}", "{".repeat(100));
        assert_eq!(refused(&document), None);
    }

    #[test]
    fn a_document_that_nests_without_end_is_refused_before_it_is_parsed() {
        assert_eq!(refused(&"{a".repeat(20_000)), Some("nesting"));
        assert_eq!(refused(&"[".repeat(65)), Some("nesting"));
    }

    #[test]
    fn long_documents_are_refused() {
        assert_eq!(refused(&"a ".repeat(10_001)), Some("tokens"));
        assert_eq!(refused(&" ".repeat(100_001)), Some("queryBytes"));
    }

    #[test]
    fn a_place_is_a_line_and_a_column_in_characters_after_every_kind_of_line_end() {
        let places = |document: &str| {
            let tokens = tokens(document, &RequestLimits::default()).unwrap();
            tokens.iter().map(|token| (token.pos.line, token.pos.column)).collect::<Vec<_>>()
        };
        assert_eq!(places("a\nb\r\nc\rd"), [(1, 1), (2, 1), (3, 1), (4, 1), (4, 2)]);
        assert_eq!(places("# é😀\n \"é😀\" x"), [(2, 2), (2, 7), (2, 8)]);
        assert_eq!(places("\"\"\"\n\r\n\"\"\" x"), [(1, 1), (3, 5), (3, 6)]);
    }

    #[test]
    fn numbers_end_where_they_must() {
        assert_eq!(texts("-0 1.5e+3,12"), ["-0", "1.5e+3", "12", ""]);
        for wrong in ["01", "-01", "00", "1.", "1.e2", ".1", "1e", "1e+", "0x1", "1a", "1_0", "1.0.0", "-", "- 1", "+1"]
        {
            assert!(tokens(wrong, &RequestLimits::default()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_with_its_place() {
        for (document, column) in
            [("{ é }", 3), ("{ .. }", 3), ("{ a\u{a0}}", 4), ("{ \"a }", 3), ("\0", 1), ("{ ; }", 3)]
        {
            let error = tokens(document, &RequestLimits::default()).unwrap_err();
            assert_eq!(
                (error.code, error.locations[0].column),
                (ErrorCode::GraphqlParseFailed, column),
                "{document:?}"
            );
        }
    }
}
