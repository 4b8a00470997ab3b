//! Literals.

use async_graphql_value::{Number, Value};
use indexmap::IndexMap;

use super::{Parsed, Parser, lexer::TokenKind, once, wrong};

impl Parser<'_> {
    pub(super) fn value(&mut self) -> Parsed<Value> {
        let pos = self.pos();
        match (self.kind(), self.text()) {
            (TokenKind::Punctuator, "[") => self.any("[", "]", Self::value).map(Value::List),
            (TokenKind::Punctuator, "{") => self.object(),
            (TokenKind::Punctuator, "$") => {
                self.next();
                Ok(Value::Variable(self.name()?.node))
            }
            (TokenKind::Int | TokenKind::Float, text) => {
                let number = number(text)
                    .ok_or_else(|| wrong("this number is too large or too precise: write it as text", pos))?;
                self.next();
                Ok(Value::Number(number))
            }
            (TokenKind::String(_), _) => match self.next().kind {
                TokenKind::String(value) => Ok(Value::String(value)),
                _ => Err(wrong("expected a string", pos)),
            },
            (TokenKind::Name, _) => Ok(match self.name()?.node {
                name if name == "null" => Value::Null,
                name if name == "true" || name == "false" => Value::Boolean(name == "true"),
                name => Value::Enum(name),
            }),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn object(&mut self) -> Parsed<Value> {
        let fields = self.any("{", "}", |parser| {
            let name = parser.name()?;
            parser.punctuator(":")?;
            Ok((name, parser.value()?))
        })?;
        let mut object = IndexMap::with_capacity(fields.len());
        for (name, value) in fields {
            // The syntax tree does not keep duplicates.
            let known = object.insert(name.node.clone(), value);
            once(known.is_none(), "field", &name)?;
        }
        Ok(Value::Object(object))
    }
}

/// Number of digits that every float keeps.
const SAFE_DIGITS: usize = 15;

/// None for a number that a float would round. `-0` is 0. A whole number of more than 64 bits becomes a float, which no
/// type of ours accepts.
fn number(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    if let Ok(whole) = whole {
        return Some(whole);
    }
    let value: f64 = text.parse().ok()?;
    if text.contains(['.', 'e', 'E']) {
        let digits = text.split(['e', 'E']).next().unwrap_or_default().replace(['-', '.'], "");
        let digits = digits.trim_matches('0');
        if digits.len() > SAFE_DIGITS || (value == 0.0 && !digits.is_empty()) {
            return None;
        }
    }
    Number::from_f64(value)
}
