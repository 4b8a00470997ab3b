//! One `WebSocket`, from the upgrade to its close.

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::{
        FromRequestParts as _,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use futures_util::{StreamExt as _, stream::SplitStream};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tungstenite::error::ProtocolError;

use super::{
    Live,
    admission::Admission,
    init,
    operation::{Context, Operations, Refused},
    origin,
    outbox::Outbox,
    protocol::{self, Close, Incoming},
};
use crate::{
    auth::{Session, bearer},
    error::{Code, Problem},
    graphql::subscription::End,
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
pub async fn upgrade(state: AppState, parts: &mut Parts) -> Result<Response, Problem> {
    if !origin::may_connect(&parts.uri, &parts.headers, &state.cors_origins) {
        let message = "Pages of this origin may not connect: PROMOGRAPH_CORS_ORIGINS does not name it";
        return Err(Problem::new(Code::Forbidden, message));
    }
    let address = state.strangers.origin(parts);
    let invited = if has_bearer(&parts.headers) {
        let session = caller::session(&state, bearer(&parts.headers)).await;
        Some(session.map_err(|problem| state.strangers.refuse(address, problem))?)
    } else {
        None
    };
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &state).await;
    let upgrade = upgrade.map_err(|_| Problem::new(Code::BadRequest, "This is no complete WebSocket upgrade"))?;
    let upgrade = upgrade.protocols([protocol::NAME]);
    if upgrade.selected_protocol().is_none() {
        let message = format!("Sec-WebSocket-Protocol has to name {}", protocol::NAME);
        return Err(Problem::new(Code::BadRequest, message));
    }
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0);
    let most = state.limits.body_bytes;
    let upgrade = upgrade.max_message_size(most).max_frame_size(most);
    let id = RequestId::current();
    Ok(upgrade.on_upgrade(move |socket| {
        let live = state.live.clone();
        live.track_socket(async move {
            let running = Box::pin(run(socket, state, invited, address));
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

async fn run(socket: WebSocket, state: AppState, invited: Option<Session>, address: IpAddr) {
    let (sink, mut incoming) = socket.split();
    let (outbox, writing) = Outbox::start(sink, state.live.settings().unread);
    let mut connection = Connection {
        live: state.live.clone(),
        state,
        invited,
        address,
        admitted: None,
        outbox: outbox.clone(),
        operations: Operations::default(),
        busy: Instant::now(),
    };
    let close = connection.serve(&mut incoming).await;
    let running = connection.operations.stop_all();
    drop(connection);
    let Some(close) = close else {
        // Reading on answers a client's close.
        farewell(&mut incoming).await;
        return writing.abort();
    };
    let last = match End::resume("what was sent was not read in time") {
        // The others may be started again by the client by itself, once it is connected again.
        End::Failed(fault) if close == Close::slow() => {
            running.iter().map(|id| protocol::error(id, fault.list().as_bytes())).collect()
        }
        _ => Vec::new(),
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
    state: AppState,
    /// Whose token came with the upgrade.
    invited: Option<Session>,
    /// Where it comes from.
    address: IpAddr,
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
                        Some(Err(error)) => return broken(error, self.state.limits.body_bytes),
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
                () = ended(self.admitted.as_ref()) => return Some(Close::forbidden()),
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
                        let End::Failed(fault) = End::over_operations(most) else { return Ok(()) };
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
        let session = match (init::token(payload), self.invited.take()) {
            (Err(()), _) | (Ok(None), None) => return Err(self.refused(Problem::unauthenticated())),
            (Ok(None), Some(session)) => session,
            (Ok(Some(token)), _) => {
                // Sockets are many and live long: what they need once takes no room in them.
                let session = Box::pin(caller::session(&self.state, Some(token))).await;
                session.map_err(|problem| self.refused(problem))?
            }
        };
        let admission = self.live.admit(&session);
        let context = Context { state: self.state.clone(), session, outbox: self.outbox.clone() };
        self.admitted = Some((context, admission));
        self.busy = Instant::now();
        self.send(protocol::ack()).await
    }

    fn refused(&self, problem: Problem) -> Close {
        match self.state.strangers.refuse(self.address, problem).code {
            Code::Unavailable => Close::unavailable(),
            _ => Close::forbidden(),
        }
    }

    async fn send(&self, text: String) -> Result<(), Close> {
        self.outbox.send(text).await.map_err(|_| Close::slow())
    }
}

/// What is told to who sent something that cannot be read; nothing where nobody is there any more.
fn broken(error: axum::Error, most: usize) -> Option<Close> {
    let error = error.into_inner().downcast::<tungstenite::Error>().ok()?;
    match *error {
        tungstenite::Error::Capacity(_) => Some(Close::too_big(most)),
        tungstenite::Error::Utf8(_) => Some(Close::not_text()),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(Close::protocol_error()),
        _ => None,
    }
}

async fn ended(admitted: Option<&(Context, Admission)>) {
    match admitted {
        Some((_, admission)) => admission.ended().await,
        None => std::future::pending().await,
    }
}
