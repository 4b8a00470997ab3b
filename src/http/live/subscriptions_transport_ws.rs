//! A `WebSocket` that speaks `graphql-ws`, the older protocol of npm `subscriptions-transport-ws`, by
//! async-graphql-axum.
//!
//! The crate reads and writes the messages. Around it incoming messages are checked first, outgoing ones wait in the
//! [`Outbox`], closes have the same codes and reasons as in the other protocol, and the same timeouts apply.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::Data;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::{StreamExt as _, future::ready, sink, stream::SplitStream};
use serde_json::{Map, Value};
use tokio::{
    sync::SetOnce,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until},
};

use super::{
    admission::Admission,
    connection_init::Handshake,
    operation,
    outbox::Outbox,
    protocol::{self, Close},
    socket,
};
use crate::{
    auth::Session,
    error::TokenEnd,
    graphql::{
        Api, Request,
        async_graphql_executor::{Executor, Runner},
        subscription::{MessageSink, SinkError},
    },
    http::{SharedState, graphql::request},
};

/// The subprotocol's name.
pub const NAME: &str = "graphql-ws";
/// Clients do not answer it.
const KEEP_ALIVE: &str = r#"{"type":"ka"}"#;

impl Runner for SharedState {
    fn api(&self) -> &Api {
        &self.api
    }

    async fn run(
        self,
        session: Session,
        request: Request,
        sink: impl MessageSink + Send + 'static,
    ) -> Result<(), Vec<u8>> {
        operation::operate(&self, &session, &request, &sink).await
    }
}

/// Serves a socket until it is closed.
pub async fn run(socket: WebSocket, handshake: Handshake, protocol: GraphQLProtocol) {
    let (sink, mut incoming) = socket.split();
    let (outbox, writing) = Outbox::start(sink, handshake.state.live.limits().unread);
    let close = Box::pin(serve(&mut incoming, &outbox, Box::new(handshake), protocol)).await;
    socket::finish(outbox, writing, incoming, close.map(|close| (Vec::new(), close))).await;
}

/// Runs until the socket has to be closed; without a close if the client is gone.
async fn serve(
    incoming: &mut SplitStream<WebSocket>,
    outbox: &Outbox,
    handshake: Box<Handshake>,
    protocol: GraphQLProtocol,
) -> Option<Close> {
    let (live, body_bytes) = (handshake.state.live.clone(), handshake.state.limits().body_bytes);
    let limits = live.limits();
    let executor = Executor::new(handshake.state.clone(), limits.operations);
    let connection = Arc::new(Connection::new());
    let input = incoming
        .by_ref()
        .scan(Arc::clone(&connection), move |connection, message| ready(connection.take(message, body_bytes)));
    let output =
        sink::unfold((Arc::clone(&connection), outbox.clone()), async |(connection, outbox), message: Message| {
            connection.send(&outbox, message).await.map(|()| (connection, outbox))
        });
    let entering = Arc::clone(&connection);
    let socket = GraphQLWebSocket::new_with_pair(output, input, executor.clone(), protocol)
        .on_connection_init(async move |payload| entering.enter(handshake, payload).await);
    let mut serving = std::pin::pin!(socket.serve());
    let latest_init = Instant::now() + limits.init;
    let period = limits.keep_alive.min(limits.idle);
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let admitted = connection.admitted.initialized();
        tokio::select! {
            () = &mut serving => return connection.close.get().cloned(),
            _ = ticks.tick() => {
                // `serving` may have admitted it since.
                let admitted = connection.admitted.initialized();
                let now = Instant::now();
                let (heard, busy) = connection.times(|times| {
                    if executor.running() > 0 {
                        times.busy = now;
                    }
                    (times.heard, times.busy)
                });
                if admitted && now.duration_since(busy) >= limits.idle {
                    return Some(Close::idle());
                }
                if now.duration_since(heard) > limits.keep_alive * 3 {
                    // The client answers no pings.
                    return None;
                }
                if admitted && (outbox.send(KEEP_ALIVE).await.is_err() || outbox.ping().await.is_err()) {
                    return Some(Close::slow());
                }
            }
            () = sleep_until(latest_init), if !admitted => {
                if !connection.admitted.initialized() {
                    return Some(Close::init_timeout());
                }
            }
            ended = connection.ended() => return Some(Close::forbidden(Some(ended))),
            () = outbox.stalled() => return Some(Close::slow()),
            () = live.stop().cancelled() => return Some(Close::going_away()),
        }
    }
}

/// The state of a socket beside that of the crate.
struct Connection {
    /// Set by `connection_init`.
    admitted: SetOnce<Admission>,
    /// Why the socket is closed; unset if the client is gone.
    close: OnceLock<Close>,
    times: Mutex<Times>,
}

struct Times {
    /// When anything was received.
    heard: Instant,
    /// When an operation last ran, or a message was received.
    busy: Instant,
}

impl Connection {
    fn new() -> Self {
        let now = Instant::now();
        let times = Mutex::new(Times { heard: now, busy: now });
        Self { admitted: SetOnce::new(), close: OnceLock::new(), times }
    }

    fn times<T>(&self, with: impl FnOnce(&mut Times) -> T) -> T {
        with(&mut self.times.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first reason counts.
    fn close(&self, close: Close) {
        let _ = self.close.set(close);
    }

    /// Resolves when the token expires or is revoked.
    async fn ended(&self) -> TokenEnd {
        self.admitted.wait().await.ended().await
    }

    /// An incoming message as the crate may read it; `None` ends its reading.
    fn take(&self, message: Result<Message, axum::Error>, max: usize) -> Option<Result<Message, axum::Error>> {
        let now = Instant::now();
        self.times(|times| times.heard = now);
        let close = match message {
            Ok(Message::Text(text)) => {
                self.times(|times| times.busy = now);
                match checked(text) {
                    Ok(text) => return Some(Ok(Message::Text(text))),
                    Err(close) => Some(close),
                }
            }
            Ok(Message::Binary(_)) => Some(Close::new(4400, "Invalid message: expected text")),
            Ok(Message::Ping(_) | Message::Pong(_)) => return Some(message),
            Ok(Message::Close(_)) => None,
            Err(error) => socket::close_for(error, max),
        };
        if let Some(close) = close {
            self.close(close);
        }
        None
    }

    /// Forwards what the crate sends. Closes are replaced: the crate's reasons repeat what the client sent.
    async fn send(&self, outbox: &Outbox, message: Message) -> Result<(), SinkError> {
        match message {
            Message::Text(text) => {
                if text.starts_with(r#"{"type":"connection_error""#) {
                    // The crate ends the socket after it. A refused first `connection_init` has set its close before.
                    self.close(Close::too_many_inits());
                }
                let sent = outbox.send(text).await;
                if sent == Err(SinkError::Slow) {
                    self.close(Close::slow());
                }
                sent
            }
            Message::Close(frame) => {
                self.close(match frame {
                    Some(frame) if frame.code == 1011 => Close::unauthorized(),
                    _ => Close::new(
                        4400,
                        "Invalid message: expected connection_init, start, stop or connection_terminate",
                    ),
                });
                Err(SinkError::Closed)
            }
            _ => Ok(()),
        }
    }

    /// Answers `connection_init`.
    async fn enter(&self, mut handshake: Box<Handshake>, payload: Value) -> async_graphql::Result<Data> {
        let session = match payload {
            Value::Null => handshake.authenticate(&Map::new()).await,
            Value::Object(payload) => handshake.authenticate(&payload).await,
            _ => Err(Close::new(4400, "Invalid message: expected `payload`, an object")),
        };
        match session {
            Ok(session) => {
                // `connection_init` is accepted once.
                let _ = self.admitted.set(handshake.state.live.admit(&session));
                let mut data = Data::default();
                data.insert(session);
                Ok(data)
            }
            Err(close) => {
                let reason = close.reason.clone();
                self.close(close);
                Err(async_graphql::Error::new(reason))
            }
        }
    }
}

/// Checks for duplicate keys, and removes nulls that the crate does not accept.
fn checked(text: Utf8Bytes) -> Result<Utf8Bytes, Close> {
    let mut message = protocol::object(&text)?;
    let text = if text.starts_with('\u{feff}') { protocol::without_byte_order_mark(&text).into() } else { text };
    if message.get("type").is_some_and(|kind| kind == "connection_terminate") {
        return Err(Close::new(1000, "connection_terminate"));
    }
    let is_start = message.get("type").is_some_and(|kind| kind == "start");
    if let (true, Some(Value::Object(payload))) = (is_start, message.get("payload")) {
        request::from_members(payload.clone())
            .map_err(|wrong| protocol::invalid(&format!("Invalid message: {wrong}")))?;
    }
    match message.get_mut("payload") {
        Some(Value::Object(payload)) if is_start && payload.values().any(Value::is_null) => {
            payload.retain(|_, value| !value.is_null());
            Ok(Value::Object(message).to_string().into())
        }
        _ => Ok(text),
    }
}
