//! The envelope: which event a body says it is, read from the scanned pieces alone.
//!
//! Of a repeated key the last one counts. Nothing of the data is looked at, but for the mark of a
//! test delivery: what it means is the projection's business.

use std::ops::Range;

use super::{
    scan::{Kind, Lexeme},
    text::{text, unescape},
};
use crate::{
    inbox::{Protocol, Status},
    number::scaled,
    time,
};

/// The one event that commands: FirstPromoter takes HTTP 200 to it as "delivered to the promoter".
const FULFILMENT: &str = "fulfilment_pending";

/// What a body says it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    pub protocol: Protocol,
    pub event_type: String,
    pub event_id: String,
    pub occurred_at: Option<i64>,
    pub status: Status,
    pub error: Option<String>,
    /// Whether it is a `fulfilment_pending`, as far as anyone can tell.
    pub fulfilment: bool,
}

type Found = Option<(Kind, Range<usize>)>;

/// Where the field goes that a key names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Event,
    Data,
    EventId,
    EventType,
    Timestamp,
    Id,
    Type,
    CreatedAt,
    Test,
    Other,
}

/// Takes the pieces of one body as they are scanned.
pub(super) struct EnvelopeReader<'a> {
    body: &'a [u8],
    open: usize,
    top: Option<Kind>,
    /// The last key of the document itself, and of `event` or `data`.
    outer: Field,
    inner: Field,
    event: Found,
    id: Found,
    event_type: Found,
    created_at: Found,
    v2_id: Found,
    v2_type: Found,
    v2_timestamp: Found,
    test: bool,
    fulfilment: bool,
}

impl<'a> EnvelopeReader<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        Self {
            body,
            open: 0,
            top: None,
            outer: Field::Other,
            inner: Field::Other,
            event: None,
            id: None,
            event_type: None,
            created_at: None,
            v2_id: None,
            v2_type: None,
            v2_timestamp: None,
            test: false,
            fulfilment: false,
        }
    }

    pub fn take(&mut self, lexeme: &Lexeme) {
        self.top = self.top.or(Some(lexeme.kind));
        match (lexeme.kind, self.open) {
            (Kind::ObjectEnd | Kind::ArrayEnd, _) => {
                self.open -= 1;
                return;
            }
            (Kind::Key, 1) => self.outer = self.outer_field(&lexeme.range),
            (Kind::Key, 2) => self.inner = self.inner_field(&lexeme.range),
            (_, 1) => self.take_outer(lexeme),
            (_, 2) => self.take_inner(lexeme),
            _ => {}
        }
        if matches!(lexeme.kind, Kind::ObjectStart | Kind::ArrayStart) {
            self.open += 1;
            self.inner = Field::Other;
        }
    }

    fn take_outer(&mut self, lexeme: &Lexeme) {
        let found = Some((lexeme.kind, lexeme.range.clone()));
        match self.outer {
            Field::Event => {
                self.event = found;
                (self.id, self.event_type, self.created_at) = (None, None, None);
            }
            Field::Data => self.test = false,
            Field::EventId => self.v2_id = found,
            Field::EventType => self.v2_type = found,
            Field::Timestamp => self.v2_timestamp = found,
            _ => {}
        }
    }

    fn take_inner(&mut self, lexeme: &Lexeme) {
        let found = Some((lexeme.kind, lexeme.range.clone()));
        match self.inner {
            Field::Id => self.id = found,
            Field::Type => {
                self.event_type = found;
                // Twice, and only once that: a 200 could still be taken as "delivered".
                self.fulfilment |= self.string(&self.event_type).is_some_and(|name| name.trim() == FULFILMENT);
            }
            Field::CreatedAt => self.created_at = found,
            Field::Test => self.test = lexeme.kind == Kind::True,
            _ => {}
        }
    }

    fn outer_field(&self, key: &Range<usize>) -> Field {
        match &*unescape(&self.body[key.start + 1..key.end - 1]) {
            b"event" => Field::Event,
            b"data" => Field::Data,
            b"event_id" => Field::EventId,
            b"event_type" => Field::EventType,
            b"timestamp" => Field::Timestamp,
            _ => Field::Other,
        }
    }

    fn inner_field(&self, key: &Range<usize>) -> Field {
        match (self.outer, &*unescape(&self.body[key.start + 1..key.end - 1])) {
            (Field::Event, b"id") => Field::Id,
            (Field::Event, b"type") => Field::Type,
            (Field::Event, b"created_at") => Field::CreatedAt,
            (Field::Data, b"test") => Field::Test,
            _ => Field::Other,
        }
    }

    /// The envelope; `broken` says why the body is not JSON, if it is not.
    pub fn finish(self, broken: Option<String>) -> Envelope {
        let v1 = self.name(&self.event_type);
        let v2 = self.name(&self.v2_type);
        let (protocol, event_type, id, at) = match (v1, v2) {
            (Some(name), _) => (Protocol::V1, name, &self.id, &self.created_at),
            (None, Some(name)) => (Protocol::V2, name, &self.v2_id, &self.v2_timestamp),
            (None, None) => (Protocol::Unknown, String::new(), &None, &None),
        };
        let (status, error) = match (broken, protocol) {
            (Some(reason), _) => (Status::Unreadable, Some(reason)),
            (None, Protocol::Unknown) => (Status::Unreadable, Some(self.what_is_missing().to_owned())),
            (None, Protocol::V2) if self.test => (Status::Ignored, Some("a test delivery".to_owned())),
            (None, Protocol::V1 | Protocol::V2) => (Status::Pending, None),
        };
        Envelope {
            protocol,
            event_type,
            event_id: self.id_text(id),
            occurred_at: self.time(at),
            status,
            error,
            fulfilment: self.fulfilment,
        }
    }

    fn what_is_missing(&self) -> &'static str {
        match (self.top, &self.event) {
            (Some(Kind::ObjectStart), None) => {
                "no envelope: expected `event` and `data` (webhooks v1) or `event_id` and `event_type` (webhooks v2)"
            }
            (Some(Kind::ObjectStart), Some((Kind::ObjectStart, _))) => "no event type: expected text in `event.type`",
            (Some(Kind::ObjectStart), Some(_)) => "no envelope: expected an object in `event`",
            _ => "expected a JSON object",
        }
    }

    /// An event type: text, and not empty.
    fn name(&self, found: &Found) -> Option<String> {
        let name = self.string(found)?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// An id is a number or text; both spellings of one id are the same.
    fn id_text(&self, found: &Found) -> String {
        match found {
            Some((Kind::Number, range)) => {
                let text = String::from_utf8_lossy(&self.body[range.clone()]);
                // `17.0` is 17; what is no whole number, or too large for one, stays as it is written.
                match scaled(&text, 0, true) {
                    Some(whole) if text.contains(['.', 'e', 'E']) => whole.to_string(),
                    _ => text.into_owned(),
                }
            }
            _ => self.string(found).unwrap_or_default().trim().to_owned(),
        }
    }

    fn time(&self, found: &Found) -> Option<i64> {
        match found {
            Some((Kind::Number, range)) => time::parse_ms(&String::from_utf8_lossy(&self.body[range.clone()])),
            _ => time::parse_ms(&self.string(found)?),
        }
    }

    fn string(&self, found: &Found) -> Option<String> {
        match found {
            Some((Kind::String, range)) => Some(text(&self.body[range.start + 1..range.end - 1])),
            _ => None,
        }
    }
}
