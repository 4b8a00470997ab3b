//! The older subprotocol, `graphql-ws`, which npm `subscriptions-transport-ws` defined: spoken by
//! async-graphql-axum, within our rules.
//!
//! The crate reads and writes the messages. What it leaves open is around it: what comes in is checked
//! first, what goes out waits in our [`Outbox`], closes have our codes and reasons, and beside it run
//! the limits of time that every socket has.

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
    entrance::Entrance,
    operation,
    outbox::Outbox,
    protocol::{self, Close},
    socket::{broken, end},
};
use crate::{
    auth::Session,
    error::TokenEnd,
    graphql::{
        Api, Request,
        executor::{Executor, Runner},
        subscription::{MessageSink, SinkError},
    },
    http::{AppState, graphql::request},
};

/// The subprotocol's name.
pub const NAME: &str = "graphql-ws";
/// A sign of life, which nobody answers.
const KEEP_ALIVE: &str = r#"{"type":"ka"}"#;

impl Runner for AppState {
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
pub async fn run(socket: WebSocket, entrance: Entrance, protocol: GraphQLProtocol) {
    let (sink, mut incoming) = socket.split();
    let (outbox, writing) = Outbox::start(sink, entrance.state.live.settings().unread);
    let close = Box::pin(serve(&mut incoming, &outbox, Box::new(entrance), protocol)).await;
    end(outbox, writing, incoming, close.map(|close| (Vec::new(), close))).await;
}

/// Until it ends: with a close, or without when the client is gone.
async fn serve(
    incoming: &mut SplitStream<WebSocket>,
    outbox: &Outbox,
    entrance: Box<Entrance>,
    protocol: GraphQLProtocol,
) -> Option<Close> {
    let (live, body_bytes) = (entrance.state.live.clone(), entrance.state.limits().body_bytes);
    let settings = live.settings();
    let executor = Executor::new(entrance.state.clone(), settings.operations);
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
        .on_connection_init(async move |payload| entering.enter(entrance, payload).await);
    let mut serving = std::pin::pin!(socket.serve());
    let latest_init = Instant::now() + settings.init;
    let period = settings.keep_alive.min(settings.idle);
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let admitted = connection.admitted.initialized();
        tokio::select! {
            () = &mut serving => return connection.close.get().cloned(),
            _ = ticks.tick() => {
                // `serving` may have let it in since.
                let admitted = connection.admitted.initialized();
                let now = Instant::now();
                let (heard, busy) = connection.times(|times| {
                    if executor.running() > 0 {
                        times.busy = now;
                    }
                    (times.heard, times.busy)
                });
                if admitted && now.duration_since(busy) >= settings.idle {
                    return Some(Close::idle());
                }
                if now.duration_since(heard) > settings.keep_alive * 3 {
                    // It did not answer: nobody is there.
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

/// What is known of a socket beside what the crate knows.
struct Connection {
    /// Since `connection_init`.
    admitted: SetOnce<Admission>,
    /// Why it is closed, once it is known; none when the client is gone.
    close: OnceLock<Close>,
    times: Mutex<Times>,
}

struct Times {
    /// When anything came.
    heard: Instant,
    /// When an operation ran last, or a message came.
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

    /// What came, as the crate may read it; none when it must not read on.
    fn take(&self, message: Result<Message, axum::Error>, most: usize) -> Option<Result<Message, axum::Error>> {
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
            Err(error) => broken(error, most),
        };
        if let Some(close) = close {
            self.close(close);
        }
        None
    }

    /// Passes on what the crate sends; closes by ourselves, as the crate's reasons repeat what was sent.
    async fn send(&self, outbox: &Outbox, message: Message) -> Result<(), SinkError> {
        match message {
            Message::Text(text) => {
                if text.starts_with(r#"{"type":"connection_error""#) {
                    // The crate stops behind it. What was wrong with the first `connection_init` is known.
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
    async fn enter(&self, mut entrance: Box<Entrance>, payload: Value) -> async_graphql::Result<Data> {
        let session = match payload {
            Value::Null => entrance.session(&Map::new()).await,
            Value::Object(payload) => entrance.session(&payload).await,
            _ => Err(Close::new(4400, "Invalid message: expected `payload`, an object")),
        };
        match session {
            Ok(session) => {
                // It comes once.
                let _ = self.admitted.set(entrance.state.live.admit(&session));
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

/// A message that says nothing twice, without nulls where the crate takes none.
fn checked(text: Utf8Bytes) -> Result<Utf8Bytes, Close> {
    let mut message = protocol::object(&text)?;
    let text = if text.starts_with('\u{feff}') { protocol::without_mark(&text).into() } else { text };
    if message.get("type").is_some_and(|kind| kind == "connection_terminate") {
        return Err(Close::new(1000, "connection_terminate"));
    }
    let is_start = message.get("type").is_some_and(|kind| kind == "start");
    if let (true, Some(Value::Object(payload))) = (is_start, message.get("payload")) {
        request::from_members(payload.clone()).map_err(|wrong| protocol::bad(&format!("Invalid message: {wrong}")))?;
    }
    match message.get_mut("payload") {
        Some(Value::Object(payload)) if is_start && payload.values().any(Value::is_null) => {
            payload.retain(|_, value| !value.is_null());
            Ok(Value::Object(message).to_string().into())
        }
        _ => Ok(text),
    }
}
