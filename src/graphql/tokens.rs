//! Counts a document's tokens and its nesting before anything parses it: a parser that recurses
//! must not meet a document that nests without end. The values of variables count alike.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::{
    error::Exceeded,
    settings::{
        LimitArgs,
        rule::{QUERY_BYTES, TOKENS},
    },
};

/// How deep brackets of all kinds may nest: selections, lists and input objects together.
const MAX_NESTING: u64 = 64;

/// Refuses a document that is too long, has too many tokens, or nests too deep.
///
/// # Errors
/// Names the limit.
pub fn check(document: &str, limits: &LimitArgs) -> Result<(), Fault> {
    let (bytes, most) = (document.len() as u64, limits.query_bytes as u64);
    if bytes > most {
        return Err(Fault::over(QUERY_BYTES.passed(most, bytes), "bytes"));
    }
    let (mut tokens, mut nesting) = (0_u64, 0_u64);
    let mut objects = Objects::default();
    let text = document.as_bytes();
    let mut index = 0;
    while let Some(&byte) = text.get(index) {
        let start = index;
        index += token(&text[index..]);
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'#' => continue,
            b'{' | b'[' | b'(' => nesting += 1,
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        objects.next(document.get(start..index).unwrap_or_default())?;
        tokens += 1;
        if tokens > limits.tokens as u64 {
            return Err(Fault::over(TOKENS.passed(limits.tokens as u64, tokens), "tokens or more"));
        }
        if nesting > MAX_NESTING {
            let passed = Exceeded::fixed("nesting", MAX_NESTING, nesting);
            return Err(Fault::over(passed, "nested brackets or more"));
        }
    }
    Ok(())
}

/// Refuses variables that hold more values than a document may have tokens: before their types are looked at.
///
/// # Errors
/// Names the limit.
pub fn check_variables(variables: &Map<String, Value>, limits: &LimitArgs) -> Result<(), Fault> {
    let most = limits.tokens as u64;
    let mut open: Vec<&Value> = variables.values().collect();
    let mut values = 0_u64;
    while let Some(value) = open.pop() {
        values += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
        if values + open.len() as u64 > most {
            let actual = values + open.len() as u64;
            return Err(Fault::over(TOKENS.passed(most, actual), "values in the variables or more"));
        }
    }
    Ok(())
}

/// Finds a field that an input object has twice (October 2021, 5.6.3): the parser keeps the last one
/// and says nothing. Braces within parentheses are input objects, all others are selections.
#[derive(Default)]
struct Objects<'a> {
    parentheses: usize,
    /// The fields of the open input objects.
    open: Vec<HashSet<&'a str>>,
    previous: &'a str,
}

impl<'a> Objects<'a> {
    fn next(&mut self, token: &'a str) -> Result<(), Fault> {
        match token {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            "{" if self.parentheses > 0 => self.open.push(HashSet::new()),
            "}" if self.parentheses > 0 => drop(self.open.pop()),
            ":" => {
                if let Some(fields) = self.open.last_mut()
                    && !fields.insert(self.previous)
                {
                    return Err(Fault::invalid(format!("an input object has the field `{}` twice", self.previous)));
                }
            }
            _ => {}
        }
        self.previous = token;
        Ok(())
    }
}

/// The length of the token (or of what is skipped) that the text starts with.
fn token(text: &[u8]) -> usize {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.');
    match text[0] {
        b'#' => text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len()),
        b'"' if text.starts_with(b"\"\"\"") => block_string(text),
        b'"' => string(text),
        b'.' if text.starts_with(b"...") => 3,
        first if name(&first) && first != b'.' => text.iter().take_while(|byte| name(byte)).count(),
        _ => 1,
    }
}

fn string(text: &[u8]) -> usize {
    let mut index = 1;
    while let Some(byte) = text.get(index) {
        match byte {
            b'\\' => index += 2,
            b'"' => return index + 1,
            b'\n' => return index,
            _ => index += 1,
        }
    }
    text.len()
}

fn block_string(text: &[u8]) -> usize {
    let mut index = 3;
    while index < text.len() {
        if text[index..].starts_with(b"\\\"\"\"") {
            index += 4;
        } else if text[index..].starts_with(b"\"\"\"") {
            return index + 3;
        } else {
            index += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(document: &str) -> Option<&'static str> {
        check(document, &LimitArgs::default()).err().and_then(|fault| fault.exceeded).map(|exceeded| exceeded.rule)
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
    fn letters_of_all_alphabets_are_scanned() {
        assert_eq!(refused("{ é(ß: \"ü\\é\", {∞: 1}) } # ☃ ﻿"), None);
    }

    #[test]
    fn a_field_twice_in_an_input_object_is_refused() {
        let twice = "{ a(b: { c: 1, d: { c: 2 }, c: 3 }) { c: e c: e } }";
        assert!(check(twice, &LimitArgs::default()).is_err());
        assert_eq!(refused("{ a(b: { c: 1, d: { c: 2 } }) { c: e c: e } }"), None);
        assert!(check(&twice.replace("c: 3", "e: 3"), &LimitArgs::default()).is_ok());
    }

    #[test]
    fn an_unfinished_string_ends_with_the_document() {
        assert_eq!(refused("{ a(b: \"\\"), None);
        assert_eq!(refused("{ a(b: \"\"\"\\\"\"\""), None);
    }
}
