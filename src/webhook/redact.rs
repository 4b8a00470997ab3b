//! Redaction: takes secrets out of a body before it is stored, and leaves every other byte alone.
//!
//! FirstPromoter sends promoters' log-in secrets (`auth_token`, `temp_password`,
//! `password_setup_url`), and campaigns carry the webhook URL, which may hold our own token.

use bytes::Bytes;

use super::{
    needle::Needles,
    scan::{Kind, Lexeme},
    text::unescape,
};

const REDACTED: &[u8] = b"\"[redacted]\"";

/// The keys whose values are secrets, at any depth.
const SECRET_KEYS: [&[u8]; 4] = [b"auth_token", b"temp_password", b"password_setup_url", b"default_webhook_url"];

/// Takes the pieces of one body as they are scanned.
pub(super) struct Redactor<'a> {
    body: &'a Bytes,
    needles: &'a Needles,
    out: Vec<u8>,
    /// How much of the body is in `out`, or replaced.
    done: usize,
    /// The value that comes next belongs to a secret key.
    secret: bool,
    /// Inside a container that is itself a secret: where it began, and how many are open.
    inside: Option<(usize, usize)>,
}

impl<'a> Redactor<'a> {
    pub fn new(body: &'a Bytes, needles: &'a Needles) -> Self {
        Self { body, needles, out: Vec::new(), done: 0, secret: false, inside: None }
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
                let start = *start;
                self.inside = None;
                self.replace(start, range.end);
            }
            return;
        }
        let secret = std::mem::take(&mut self.secret);
        match kind {
            Kind::ObjectStart | Kind::ArrayStart if secret => self.inside = Some((range.start, 1)),
            Kind::String | Kind::Number | Kind::True | Kind::False if secret => self.replace(range.start, range.end),
            Kind::Key | Kind::String => {
                let raw = &self.body[range.start + 1..range.end - 1];
                self.secret = *kind == Kind::Key && SECRET_KEYS.contains(&&*unescape(raw));
                if self.needles.are_in(raw) {
                    self.replace(range.start, range.end);
                }
            }
            _ => {}
        }
    }

    /// The body up to `end`, which is its length or the place where it stops being JSON.
    pub fn finish(mut self, end: usize) -> Bytes {
        let end = self.inside.map_or(end, |(start, _)| start);
        if self.done == 0 {
            return self.body.slice(..end);
        }
        self.out.extend_from_slice(&self.body[self.done..end]);
        self.out.into()
    }

    fn replace(&mut self, start: usize, end: usize) {
        self.out.extend_from_slice(&self.body[self.done..start]);
        self.out.extend_from_slice(REDACTED);
        self.done = end;
    }
}
