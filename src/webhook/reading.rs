//! From authenticated bytes to a delivery: one scan that redacts and recognises.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{
    envelope::EnvelopeReader,
    key::key_text,
    needle::Needles,
    redact::{Redactor, redacted},
    scan::Scanner,
};
use crate::inbox::Delivery;

/// What becomes of a body.
#[derive(Debug)]
pub(super) struct Reading {
    pub delivery: Delivery,
    /// Whether it is a `fulfilment_pending`: such a one is never answered with 200.
    pub fulfilment: bool,
}

/// Reads a body of any bytes. What stands behind the place where it stops being JSON cannot be
/// judged, and is not kept.
pub(super) fn read(body: &Bytes, needles: &Needles, now_ms: i64) -> Reading {
    let (mut redactor, mut reader) = (Redactor::new(body, needles), EnvelopeReader::new(body));
    let mut scanner = Scanner::new(body);
    let (end, broken) = loop {
        match scanner.next() {
            Ok(Some(lexeme)) => {
                redactor.take(&lexeme);
                reader.take(&lexeme);
            }
            Ok(None) => break (body.len(), None),
            Err(broken) => break (broken.at, Some(broken)),
        }
    };
    let broken = broken.map(|broken| {
        if body.trim_ascii().is_empty() {
            return "the body is empty; expected a JSON object".to_owned();
        }
        format!("not JSON: {} at byte {} of {}; the rest was not kept", broken.reason, broken.at, body.len())
    });
    let envelope = reader.finish(broken);
    let delivery = Delivery {
        protocol: envelope.protocol,
        event_type: key_text(&redacted(envelope.event_type, needles)),
        event_id: key_text(&redacted(envelope.event_id, needles)),
        occurred_at: envelope.occurred_at,
        body_hash: hex::encode(Sha256::digest(body)),
        body: redactor.finish(body, end),
        status: envelope.status,
        error: envelope.error,
        received_at: now_ms,
    };
    Reading { delivery, fulfilment: envelope.fulfilment }
}

#[cfg(test)]
mod tests;
