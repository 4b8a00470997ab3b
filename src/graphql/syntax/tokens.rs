//! The steps of the parser: one token, or items in brackets.

use async_graphql::{Name, Pos, Positioned};

use crate::graphql::error::GraphqlError;

use super::{
    Parsed, Parser,
    lexer::{Token, TokenKind},
    wrong,
};

impl<'a> Parser<'a> {
    pub(super) fn many_if<T>(
        &mut self,
        open: &str,
        close: &str,
        item: impl Fn(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        if self.is_punctuator(open) { self.many(open, close, item) } else { Ok(Vec::new()) }
    }

    /// At least one item.
    pub(super) fn many<T>(&mut self, open: &str, close: &str, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.punctuator(open)?;
        let mut items = vec![item(self)?];
        while !self.skip(close) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub(super) fn any<T>(&mut self, open: &str, close: &str, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.punctuator(open)?;
        let mut items = Vec::new();
        while !self.skip(close) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub(super) fn name(&mut self) -> Parsed<Positioned<Name>> {
        if *self.kind() != TokenKind::Name {
            return Err(self.unexpected("a name"));
        }
        let token = self.next();
        Ok(Positioned::new(Name::new(token.text), token.pos))
    }

    pub(super) fn punctuator(&mut self, text: &str) -> Parsed<()> {
        if self.skip(text) { Ok(()) } else { Err(self.unexpected(&format!("`{text}`"))) }
    }

    pub(super) fn skip(&mut self, punctuator: &str) -> bool {
        let found = self.is_punctuator(punctuator);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = *self.kind() == TokenKind::Name && self.text() == word;
        if found {
            self.next();
        }
        found
    }

    pub(super) fn is_punctuator(&self, text: &str) -> bool {
        *self.kind() == TokenKind::Punctuator && self.text() == text
    }

    pub(super) fn unexpected(&self, expected: &str) -> GraphqlError {
        let found = match self.kind() {
            TokenKind::End => "the end of the document".to_owned(),
            TokenKind::String(_) => "a string".to_owned(),
            _ => format!("`{}`", self.text()),
        };
        wrong(&format!("expected {expected}, found {found}"), self.pos())
    }

    pub(super) fn kind(&self) -> &TokenKind {
        &self.current.kind
    }

    pub(super) fn text(&self) -> &'a str {
        self.current.text
    }

    pub(super) fn pos(&self) -> Pos {
        self.current.pos
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        let next = self.rest.next().unwrap_or_default();
        std::mem::replace(&mut self.current, next)
    }
}
