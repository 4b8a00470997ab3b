//! One `WebSocket`, from the upgrade to its close.

use std::time::Duration;

use async_graphql_axum::GraphQLProtocol;
use axum::{
    extract::{
        FromRequestParts as _,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use futures_util::{StreamExt as _, future::BoxFuture, stream::SplitStream};
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tungstenite::error::ProtocolError;

use super::{
    Live,
    admission::Admission,
    entrance::Entrance,
    operation::{Context, Operations, Refused},
    origin,
    outbox::Outbox,
    protocol::{self, Close, Incoming},
    subscriptions_transport_ws,
};
use crate::{
    auth::bearer,
    error::{ApiError, ErrorCode, TokenEnd},
    graphql::subscription::StreamEnd,
    http::{AppState, caller},
    request_id::RequestId,
};

/// Sockets are many and messages from clients small.
const READ_BUFFER: usize = 4 * 1024;
/// How long a client may take to answer a close.
const FAREWELL: Duration = Duration::from_secs(1);

/// Whether a request wants to become a `WebSocket`.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    let upgrades = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    upgrades.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Answers an upgrade. A browser cannot set headers on it, so the token may come later; but one that is
/// there has to be good. Credentials of another kind are a proxy's, and none of ours.
pub async fn upgrade(state: AppState, parts: &mut Parts) -> Result<Response, ApiError> {
    if !origin::may_connect(&parts.uri, &parts.headers, &state.cors_origins) {
        let message = "Pages of this origin may not connect: PROMOGRAPH_CORS_ORIGINS does not name it";
        return Err(ApiError::new(ErrorCode::Forbidden, message));
    }
    let address = state.unauthenticated.client_address(parts);
    let invited = if has_bearer(&parts.headers) {
        Some(caller::session(&state, bearer(&parts.headers), address).await?)
    } else {
        None
    };
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &state).await;
    let upgrade = upgrade.map_err(|_| ApiError::new(ErrorCode::BadRequest, "This is no complete WebSocket upgrade"))?;
    // Of those that a client offers the first of ours is spoken.
    let upgrade = upgrade.protocols([protocol::NAME, subscriptions_transport_ws::NAME]);
    let Some(selected) = upgrade.selected_protocol().cloned() else {
        let message =
            format!("Sec-WebSocket-Protocol has to name {} or {}", protocol::NAME, subscriptions_transport_ws::NAME);
        return Err(ApiError::new(ErrorCode::BadRequest, message));
    };
    let older = if selected == subscriptions_transport_ws::NAME {
        // The crate would take the first that the client offers.
        parts.headers.insert(header::SEC_WEBSOCKET_PROTOCOL, selected);
        let protocol = GraphQLProtocol::from_request_parts(parts, &state).await;
        Some(protocol.map_err(|_| ApiError::new(ErrorCode::BadRequest, "Sec-WebSocket-Protocol is not readable"))?)
    } else {
        None
    };
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0);
    let most = state.limits().body_bytes;
    let upgrade = upgrade.max_message_size(most).max_frame_size(most);
    let id = RequestId::current();
    Ok(upgrade.on_upgrade(move |socket| {
        let live = state.live.clone();
        let entrance = Entrance { state, invited, address };
        live.track_socket(async move {
            // Sockets are many: what one of the other protocol takes is no room in them.
            let running: BoxFuture<'static, ()> = match older {
                None => Box::pin(run(socket, entrance)),
                Some(protocol) => Box::pin(subscriptions_transport_ws::run(socket, entrance, protocol)),
            };
            // What goes wrong on the way is logged under the id of the upgrade.
            match id {
                Some(id) => id.scope(running).await,
                None => running.await,
            }
        })
    }))
}

/// Whether somebody means to show a token of ours, good or not.
fn has_bearer(headers: &HeaderMap) -> bool {
    let schemes = headers.get_all(header::AUTHORIZATION).iter().map(|value| value.as_bytes().get(..6));
    schemes.flatten().any(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
}

async fn run(socket: WebSocket, entrance: Entrance) {
    let (sink, mut incoming) = socket.split();
    let live = entrance.state.live.clone();
    let (outbox, writing) = Outbox::start(sink, live.settings().unread);
    let mut connection = Connection {
        live,
        entrance,
        admitted: None,
        outbox: outbox.clone(),
        operations: Operations::default(),
        busy: Instant::now(),
    };
    let close = connection.serve(&mut incoming).await;
    let running = connection.operations.stop_all();
    drop(connection);
    let close = close.map(|close| {
        let last = match StreamEnd::resume("what was sent was not read in time") {
            // The others may be started again by the client by itself, once it is connected again.
            StreamEnd::Failed(fault) if close == Close::slow() => {
                running.iter().map(|id| protocol::error(id, fault.list().as_bytes())).collect()
            }
            _ => Vec::new(),
        };
        (last, close)
    });
    end(outbox, writing, incoming, close).await;
}

/// Ends a socket: with the last messages and a close, or without when the client is gone.
pub(super) async fn end(
    outbox: Outbox,
    writing: JoinHandle<()>,
    mut incoming: SplitStream<WebSocket>,
    close: Option<(Vec<String>, Close)>,
) {
    let Some((last, close)) = close else {
        // Reading on answers a client's close.
        farewell(&mut incoming).await;
        return writing.abort();
    };
    outbox.close(last, close);
    // A task that panicked wrote its last, too.
    let _ = writing.await;
    // Closing before the client has read it all might take back what was sent.
    farewell(&mut incoming).await;
}

/// Reads until the client is gone, or it is time to go.
async fn farewell(incoming: &mut SplitStream<WebSocket>) {
    let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = incoming.next().await {} }).await;
}

struct Connection {
    live: Live,
    entrance: Entrance,
    /// Since `connection_init`.
    admitted: Option<(Context, Admission)>,
    outbox: Outbox,
    operations: Operations,
    /// When an operation ran last, or `connection_init` came. Pings and their answers are no work.
    busy: Instant,
}

impl Connection {
    /// Until it ends: with a close, or without when the client is gone.
    async fn serve(&mut self, incoming: &mut SplitStream<WebSocket>) -> Option<Close> {
        let (live, outbox) = (self.live.clone(), self.outbox.clone());
        let settings = live.settings();
        let latest_init = Instant::now() + settings.init;
        let mut ticks = interval(settings.keep_alive.min(settings.idle));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = incoming.next() => {
                    heard = Instant::now();
                    let handled = match message {
                        Some(Ok(Message::Text(text))) => self.handle(&text).await,
                        Some(Ok(Message::Binary(_))) => Err(Close::new(4400, "Invalid message: expected text")),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Err(error)) => return broken(error, self.entrance.state.limits().body_bytes),
                        Some(Ok(Message::Close(_))) | None => return None,
                    };
                    if let Err(close) = handled {
                        return Some(close);
                    }
                }
                _ = ticks.tick() => {
                    let now = Instant::now();
                    if !self.operations.is_empty() {
                        self.busy = now;
                    }
                    if self.admitted.is_some() && now.duration_since(self.busy) >= settings.idle {
                        return Some(Close::idle());
                    }
                    if now.duration_since(heard) > settings.keep_alive * 3 {
                        // It did not answer: nobody is there.
                        return None;
                    }
                    if self.admitted.is_some() && outbox.send(protocol::ping()).await.is_err() {
                        return Some(Close::slow());
                    }
                }
                () = sleep_until(latest_init), if self.admitted.is_none() => return Some(Close::init_timeout()),
                ended = ended(self.admitted.as_ref()) => return Some(Close::forbidden(Some(ended))),
                () = outbox.stalled() => return Some(Close::slow()),
                () = live.stop().cancelled() => return Some(Close::going_away()),
            }
        }
    }

    async fn handle(&mut self, text: &str) -> Result<(), Close> {
        match protocol::read(text)? {
            Incoming::Init(payload) => self.init(&payload).await,
            Incoming::Ping(payload) => self.send(protocol::pong(payload)).await,
            Incoming::Pong => Ok(()),
            Incoming::Complete(id) => {
                self.busy = Instant::now();
                self.operations.stop(&id);
                Ok(())
            }
            Incoming::Subscribe(id, request) => {
                let Some((context, _)) = &self.admitted else { return Err(Close::unauthorized()) };
                let most = self.live.settings().operations;
                self.busy = Instant::now();
                match self.operations.start(&id, most, context, request) {
                    Ok(()) => Ok(()),
                    Err(Refused::Exists) => Err(Close::exists(&id)),
                    Err(Refused::TooMany) => {
                        let StreamEnd::Failed(fault) = StreamEnd::over_operations(most) else { return Ok(()) };
                        self.send(protocol::error(&id, fault.list().as_bytes())).await
                    }
                }
            }
        }
    }

    async fn init(&mut self, payload: &serde_json::Map<String, serde_json::Value>) -> Result<(), Close> {
        if self.admitted.is_some() {
            return Err(Close::too_many_inits());
        }
        let session = self.entrance.session(payload).await?;
        let admission = self.live.admit(&session);
        let context = Context { state: self.entrance.state.clone(), session, outbox: self.outbox.clone() };
        self.admitted = Some((context, admission));
        self.busy = Instant::now();
        self.send(protocol::ack()).await
    }

    async fn send(&self, text: String) -> Result<(), Close> {
        self.outbox.send(text).await.map_err(|_| Close::slow())
    }
}

/// What is told to who sent something that cannot be read; nothing where nobody is there any more.
pub(super) fn broken(error: axum::Error, most: usize) -> Option<Close> {
    let error = error.into_inner().downcast::<tungstenite::Error>().ok()?;
    match *error {
        tungstenite::Error::Capacity(_) => Some(Close::too_big(most)),
        tungstenite::Error::Utf8(_) => Some(Close::not_text()),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(Close::protocol_error()),
        _ => None,
    }
}

async fn ended(admitted: Option<&(Context, Admission)>) -> TokenEnd {
    match admitted {
        Some((_, admission)) => admission.ended().await,
        None => std::future::pending().await,
    }
}
