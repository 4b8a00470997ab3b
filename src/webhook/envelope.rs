//! The envelope: which event a body says it is, read from its tokens.
//!
//! Of repeated keys the last one counts. Of `data` only the mark of a test delivery is read: the rest is the
//! projection's business.

use crate::{
    inbox::{EventStatus, Protocol},
    json::{
        scanner::{JsonToken, JsonTokenKind as Kind},
        string::{unescape, unescape_lossy},
    },
    number::scaled,
    time,
};

/// The one event that commands: FirstPromoter takes HTTP 200 to it as "delivered to the promoter".
const FULFILMENT: &str = "fulfilment_pending";

/// The envelope of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EventEnvelope {
    pub protocol: Protocol,
    pub event_type: String,
    pub event_id: String,
    pub occurred_at: Option<i64>,
    pub status: EventStatus,
    pub error: Option<String>,
    /// Whether it may be a `fulfilment_pending`.
    pub fulfilment: bool,
}

/// The keys that the envelope is read from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EnvelopeKey {
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

/// Reads the envelope of one body from its tokens.
pub(super) struct EnvelopeReader<'a> {
    body: &'a [u8],
    open: usize,
    top: Option<Kind>,
    /// The last key of the root object, and the last one in `event` or `data`.
    outer: EnvelopeKey,
    inner: EnvelopeKey,
    event: Option<JsonToken>,
    id: Option<JsonToken>,
    event_type: Option<JsonToken>,
    created_at: Option<JsonToken>,
    v2_id: Option<JsonToken>,
    v2_type: Option<JsonToken>,
    v2_timestamp: Option<JsonToken>,
    test: bool,
    fulfilment: bool,
}

impl<'a> EnvelopeReader<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        Self {
            body,
            open: 0,
            top: None,
            outer: EnvelopeKey::Other,
            inner: EnvelopeKey::Other,
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

    pub fn take(&mut self, token: &JsonToken) {
        self.top = self.top.or(Some(token.kind));
        match (token.kind, self.open) {
            (Kind::ObjectEnd | Kind::ArrayEnd, _) => {
                self.open -= 1;
                return;
            }
            (Kind::Key, 1) => self.outer = self.outer_key(token),
            (Kind::Key, 2) => self.inner = self.inner_key(token),
            (_, 1) => self.take_outer(token),
            (_, 2) => self.take_inner(token),
            _ => {}
        }
        if token.kind.is_start() {
            self.open += 1;
            self.inner = EnvelopeKey::Other;
        }
    }

    fn take_outer(&mut self, token: &JsonToken) {
        let found = Some(token.clone());
        match self.outer {
            EnvelopeKey::Event => {
                self.event = found;
                (self.id, self.event_type, self.created_at) = (None, None, None);
            }
            EnvelopeKey::Data => self.test = false,
            EnvelopeKey::EventId => self.v2_id = found,
            EnvelopeKey::EventType => self.v2_type = found,
            EnvelopeKey::Timestamp => self.v2_timestamp = found,
            _ => {}
        }
    }

    fn take_inner(&mut self, token: &JsonToken) {
        let found = Some(token.clone());
        match self.inner {
            EnvelopeKey::Id => self.id = found,
            EnvelopeKey::Type => {
                self.event_type = found;
                // Also where a later key overwrites it: a 200 could still be taken as "delivered".
                self.fulfilment |= self.string(self.event_type.as_ref()).is_some_and(|name| name.trim() == FULFILMENT);
            }
            EnvelopeKey::CreatedAt => self.created_at = found,
            EnvelopeKey::Test => self.test = token.kind == Kind::True,
            _ => {}
        }
    }

    fn outer_key(&self, key: &JsonToken) -> EnvelopeKey {
        match &*unescape(&self.body[key.inner()]) {
            b"event" => EnvelopeKey::Event,
            b"data" => EnvelopeKey::Data,
            b"event_id" => EnvelopeKey::EventId,
            b"event_type" => EnvelopeKey::EventType,
            b"timestamp" => EnvelopeKey::Timestamp,
            _ => EnvelopeKey::Other,
        }
    }

    fn inner_key(&self, key: &JsonToken) -> EnvelopeKey {
        match (self.outer, &*unescape(&self.body[key.inner()])) {
            (EnvelopeKey::Event, b"id") => EnvelopeKey::Id,
            (EnvelopeKey::Event, b"type") => EnvelopeKey::Type,
            (EnvelopeKey::Event, b"created_at") => EnvelopeKey::CreatedAt,
            (EnvelopeKey::Data, b"test") => EnvelopeKey::Test,
            _ => EnvelopeKey::Other,
        }
    }

    /// The envelope; `syntax_error` says why the body is not JSON, if it is not.
    pub fn finish(self, syntax_error: Option<String>) -> EventEnvelope {
        let v1 = self.name(self.event_type.as_ref());
        let v2 = self.name(self.v2_type.as_ref());
        let (protocol, event_type, id, at) = match (v1, v2) {
            (Some(name), _) => (Protocol::V1, name, self.id.as_ref(), self.created_at.as_ref()),
            (None, Some(name)) => (Protocol::V2, name, self.v2_id.as_ref(), self.v2_timestamp.as_ref()),
            (None, None) => (Protocol::Unknown, String::new(), None, None),
        };
        let (status, error) = match (syntax_error, protocol) {
            (Some(reason), _) => (EventStatus::Unreadable, Some(reason)),
            (None, Protocol::Unknown) => (EventStatus::Unreadable, Some(self.missing_part().to_owned())),
            (None, Protocol::V2) if self.test => (EventStatus::Ignored, Some("a test delivery".to_owned())),
            (None, Protocol::V1 | Protocol::V2) => (EventStatus::Pending, None),
        };
        EventEnvelope {
            protocol,
            event_type,
            event_id: self.id_text(id),
            occurred_at: self.time(at),
            status,
            error,
            fulfilment: self.fulfilment,
        }
    }

    fn missing_part(&self) -> &'static str {
        match (self.top, &self.event) {
            (Some(Kind::ObjectStart), None) => {
                "no envelope: expected `event` and `data` (webhooks v1) or `event_id` and `event_type` (webhooks v2)"
            }
            (Some(Kind::ObjectStart), Some(JsonToken { kind: Kind::ObjectStart, .. })) => {
                "no event type: expected text in `event.type`"
            }
            (Some(Kind::ObjectStart), Some(_)) => "no envelope: expected an object in `event`",
            _ => "expected a JSON object",
        }
    }

    /// An event type: text that is not empty.
    fn name(&self, found: Option<&JsonToken>) -> Option<String> {
        let name = self.string(found)?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// An id, which may be a number or text.
    fn id_text(&self, found: Option<&JsonToken>) -> String {
        match found {
            Some(JsonToken { kind: Kind::Number, range }) => {
                let text = String::from_utf8_lossy(&self.body[range.clone()]);
                // `17.0` is 17; a fraction, or a number beyond 64 bits, stays as it is written.
                match scaled(&text, 0, true) {
                    Some(whole) if text.contains(['.', 'e', 'E']) => whole.to_string(),
                    _ => text.into_owned(),
                }
            }
            _ => self.string(found).unwrap_or_default().trim().to_owned(),
        }
    }

    fn time(&self, found: Option<&JsonToken>) -> Option<i64> {
        match found {
            Some(JsonToken { kind: Kind::Number, range }) => {
                time::parse_ms(&String::from_utf8_lossy(&self.body[range.clone()]))
            }
            _ => time::parse_ms(&self.string(found)?),
        }
    }

    fn string(&self, found: Option<&JsonToken>) -> Option<String> {
        match found {
            Some(token) if token.kind == Kind::String => Some(unescape_lossy(&self.body[token.inner()])),
            _ => None,
        }
    }
}
