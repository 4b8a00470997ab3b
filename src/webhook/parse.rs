//! From authenticated bytes to the event that is stored: one scan redacts the body and reads its envelope.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{
    endpoints::TokenMatcher,
    envelope::EnvelopeReader,
    redact::{Redactor, redacted},
};
use crate::{inbox::Delivery, json::scanner::JsonScanner};

/// Bytes of a key column at most; index rows of `PostgreSQL` end at about 2,700.
const MAX_KEY_BYTES: usize = 200;
/// The readable start of a longer key.
const KEY_PREFIX_BYTES: usize = 120;

/// A parsed body.
#[derive(Debug)]
pub(super) struct ParsedDelivery {
    pub delivery: Delivery,
    /// Whether it is a `fulfilment_pending`, which is never answered with 200.
    pub fulfilment: bool,
}

/// Parses a body of any bytes. What follows the place where it stops being JSON cannot be redacted reliably, and is
/// not stored.
pub(super) fn parse(body: &Bytes, own_tokens: &TokenMatcher, now_ms: i64) -> ParsedDelivery {
    let (mut redactor, mut reader) = (Redactor::new(body, own_tokens), EnvelopeReader::new(body));
    let mut scanner = JsonScanner::new(body);
    let (end, error) = loop {
        match scanner.next_token() {
            Ok(Some(token)) => {
                redactor.take(&token);
                reader.take(&token);
            }
            Ok(None) => break (body.len(), None),
            Err(error) => break (error.at, Some(error)),
        }
    };
    let error = error.map(|error| {
        if body.trim_ascii().is_empty() {
            return "the body is empty; expected a JSON object".to_owned();
        }
        format!("{error} of {}; the rest was not kept", body.len())
    });
    let envelope = reader.finish(error);
    let delivery = Delivery {
        protocol: envelope.protocol,
        event_type: key_text(&redacted(envelope.event_type, own_tokens)),
        event_id: key_text(&redacted(envelope.event_id, own_tokens)),
        occurred_at: envelope.occurred_at,
        body_hash: hex::encode(Sha256::digest(body)),
        body: redactor.finish(body, end),
        status: envelope.status,
        error: envelope.error,
        received_at: now_ms,
    };
    ParsedDelivery { delivery, fulfilment: envelope.fulfilment }
}

/// The text as it can be indexed by every database. NUL, which `PostgreSQL` refuses, becomes U+FFFD; longer text is
/// cut, and followed by the hash of the whole text.
fn key_text(text: &str) -> String {
    let clean = text.replace('\0', "\u{fffd}");
    if clean.len() <= MAX_KEY_BYTES {
        return clean;
    }
    let cut = (0..=KEY_PREFIX_BYTES).rev().find(|at| clean.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…{}", &clean[..cut], hex::encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests;
