//! Messages and close codes of `graphql-transport-ws`.

use serde_json::{Map, Value, json};

use crate::{error::TokenEnd, graphql::Request, http::graphql::request, json::UniqueKeys};

/// The subprotocol's name.
pub const NAME: &str = "graphql-transport-ws";
/// The maximum length of a close frame's reason, in bytes.
const MAX_REASON_BYTES: usize = 123;

/// A message of a client.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// `connection_init` with its payload.
    Init(Map<String, Value>),
    /// `ping`, to be answered with the same payload.
    Ping(Option<Value>),
    /// `pong`.
    Pong,
    /// `subscribe`: run an operation under this id.
    Subscribe(String, Request),
    /// `complete`: stop the operation.
    Complete(String),
}

/// Parses a message.
///
/// # Errors
/// The close; its reason does not repeat the message.
pub fn read(text: &str) -> Result<Incoming, Close> {
    let mut message = object(text)?;
    let payload = message.remove("payload");
    let id = |message: &mut Map<String, Value>| match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(invalid("Invalid message: expected `id`, a string that is not empty")),
    };
    match message.get("type").and_then(Value::as_str) {
        Some("connection_init") => match payload {
            None | Some(Value::Null) => Ok(Incoming::Init(Map::new())),
            Some(Value::Object(payload)) => Ok(Incoming::Init(payload)),
            Some(_) => Err(invalid("Invalid message: expected `payload`, an object")),
        },
        Some("ping") => Ok(Incoming::Ping(payload)),
        Some("pong") => Ok(Incoming::Pong),
        Some("subscribe") => {
            let id = id(&mut message)?;
            let Some(Value::Object(members)) = payload else {
                return Err(invalid("Invalid message: expected `payload`, an object"));
            };
            let request =
                request::from_members(members).map_err(|wrong| invalid(&format!("Invalid message: {wrong}")))?;
            Ok(Incoming::Subscribe(id, request))
        }
        Some("complete") => Ok(Incoming::Complete(id(&mut message)?)),
        _ => Err(invalid("Invalid message: expected a `type` that clients send")),
    }
}

/// Parses the members of a message, which must have no duplicate keys.
///
/// # Errors
/// As [`read`] does.
pub fn object(text: &str) -> Result<Map<String, Value>, Close> {
    request::check_numbers(text.as_bytes()).map_err(|wrong| invalid(&format!("Invalid message: {wrong}")))?;
    match serde_json::from_str(without_byte_order_mark(text)) {
        Ok(UniqueKeys(Value::Object(message))) => Ok(message),
        Err(error) if error.is_data() => Err(invalid(&format!("Invalid message: {error}"))),
        Ok(_) | Err(_) => Err(invalid("Invalid message: expected a JSON object")),
    }
}

/// The text without the byte order mark that some clients send first.
pub fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The close for an invalid message.
pub fn invalid(reason: &str) -> Close {
    Close::new(4400, reason)
}

/// `connection_ack`.
pub fn ack() -> String {
    r#"{"type":"connection_ack"}"#.to_owned()
}

/// `ping`.
pub fn ping() -> String {
    r#"{"type":"ping"}"#.to_owned()
}

/// `pong`, with the payload of the ping.
pub fn pong(payload: Option<Value>) -> String {
    let mut message = json!({ "type": "pong" });
    if let Some(payload) = payload {
        message["payload"] = payload;
    }
    message.to_string()
}

/// `next`: a response object.
pub fn next(id: &str, body: &[u8]) -> String {
    with_payload("next", id, body)
}

/// `error`: a JSON list of errors, which ends the operation.
pub fn error(id: &str, errors: &[u8]) -> String {
    with_payload("error", id, errors)
}

/// `complete`, which ends the operation.
pub fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

fn with_payload(kind: &str, id: &str, payload: &[u8]) -> String {
    let id = Value::from(id);
    let payload = String::from_utf8_lossy(payload);
    format!(r#"{{"type":"{kind}","id":{id},"payload":{payload}}}"#)
}

/// A close frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code.
    pub code: u16,
    /// For people.
    pub reason: String,
}

impl Close {
    /// A code, and a reason that is cut to the maximum length.
    pub fn new(code: u16, reason: &str) -> Self {
        let end = (0..=reason.len().min(MAX_REASON_BYTES)).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
        Self { code, reason: reason[..end].to_owned() }
    }

    /// An operation came before `connection_init`.
    pub fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized: connection_init comes first")
    }

    /// There is no valid token (any more). Clients may reconnect with another one.
    pub fn forbidden(ended: Option<TokenEnd>) -> Self {
        match ended {
            Some(ended) => Self::new(4403, &format!("Forbidden: UNAUTHENTICATED, the token {}", ended.verb())),
            None => Self::new(4403, "Forbidden: UNAUTHENTICATED, a valid token is needed"),
        }
    }

    /// No `connection_init` came in time.
    pub fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    /// The id is in use.
    pub fn exists(id: &str) -> Self {
        Self::new(4409, &format!("Subscriber for {id} already exists"))
    }

    /// A second `connection_init`.
    pub fn too_many_inits() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// The database does not answer.
    pub fn unavailable() -> Self {
        Self::new(1013, "UNAVAILABLE: try again later")
    }

    /// The client reads too slowly.
    pub fn slow() -> Self {
        Self::new(1013, "RESUME: what was sent was not read in time")
    }

    /// The server stops.
    pub fn going_away() -> Self {
        Self::new(1001, "RESUME: the server stops, connect again")
    }

    /// A message is larger than `max` bytes.
    pub fn too_big(max: usize) -> Self {
        Self::new(1009, &format!("A message may have at most {max} bytes (PROMOGRAPH_LIMIT_BODY_BYTES)"))
    }

    /// A text message is not UTF-8.
    pub fn not_text() -> Self {
        Self::new(1007, "A text message must be UTF-8")
    }

    /// The frames break the rules of RFC 6455.
    pub fn protocol_error() -> Self {
        Self::new(1002, "The frames do not follow the WebSocket protocol")
    }

    /// No operation ran for too long.
    pub fn idle() -> Self {
        Self::new(1000, "No operation for a long time")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<u16> {
        read(text).err().map(|close| close.code)
    }

    #[test]
    fn every_message_of_a_client_is_read() {
        assert_eq!(read(r#"{"type":"connection_init"}"#), Ok(Incoming::Init(Map::new())));
        assert_eq!(read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(Incoming::Ping(Some(json!({"a": 1})))));
        assert_eq!(read(r#"{"type":"pong"}"#), Ok(Incoming::Pong));
        assert_eq!(read(r#"{"type":"complete","id":"1"}"#), Ok(Incoming::Complete("1".to_owned())));
        let request = Request { query: "{a}".to_owned(), ..Request::default() };
        let text = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}"#;
        assert_eq!(read(text), Ok(Incoming::Subscribe("1".to_owned(), request)));
    }

    #[test]
    fn anything_else_closes_the_socket_with_4400() {
        for text in [
            "",
            "[]",
            "{}",
            "ping",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"next","id":"1"}"#,
            r#"{"type":"connection_init","payload":5}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":7,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","type":"pong"}"#,
            r#"{"type":"complete","id":"1","id":"2"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","query":"{b}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"x":1,"x":2}}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"x":0.12345678901234567890}}}"#,
        ] {
            assert_eq!(code(text), Some(4400), "{text}");
        }
    }

    #[test]
    fn the_reason_of_a_close_fits_into_its_frame() {
        assert_eq!(Close::exists(&"é".repeat(200)).reason.len(), MAX_REASON_BYTES);
        // A letter is not cut in two.
        assert_eq!(Close::exists(&format!("x{}", "é".repeat(200))).reason.len(), MAX_REASON_BYTES - 1);
    }
}
