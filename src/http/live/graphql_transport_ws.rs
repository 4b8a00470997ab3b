//! A `WebSocket` that speaks `graphql-transport-ws`.

use axum::extract::ws::{Message, WebSocket};
use futures_util::{StreamExt as _, stream::SplitStream};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::{
    Live,
    admission::Admission,
    connection_init::Handshake,
    operation::{OperationContext, Operations, StartError},
    outbox::Outbox,
    protocol::{self, Close, Incoming},
    socket,
};
use crate::{error::TokenEnd, graphql::subscription::StreamEnd};

/// Serves a socket until it is closed.
pub(super) async fn run(socket: WebSocket, handshake: Handshake) {
    let (sink, mut incoming) = socket.split();
    let live = handshake.state.live.clone();
    let (outbox, writing) = Outbox::start(sink, live.limits().unread);
    let mut connection = Connection {
        live,
        handshake,
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
            // After other closes clients start their operations again by themselves.
            StreamEnd::Failed(fault) if close == Close::slow() => {
                running.iter().map(|id| protocol::error(id, fault.list().as_bytes())).collect()
            }
            _ => Vec::new(),
        };
        (last, close)
    });
    socket::finish(outbox, writing, incoming, close).await;
}

struct Connection {
    live: Live,
    handshake: Handshake,
    /// Set by `connection_init`.
    admitted: Option<(OperationContext, Admission)>,
    outbox: Outbox,
    operations: Operations,
    /// When an operation last ran, or `connection_init` came. Pings and pongs do not count.
    busy: Instant,
}

impl Connection {
    /// Runs until the socket has to be closed; without a close if the client is gone.
    async fn serve(&mut self, incoming: &mut SplitStream<WebSocket>) -> Option<Close> {
        let (live, outbox) = (self.live.clone(), self.outbox.clone());
        let limits = live.limits();
        let latest_init = Instant::now() + limits.init;
        let mut ticks = interval(limits.keep_alive.min(limits.idle));
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
                        Some(Err(error)) => return socket::close_for(error, self.handshake.state.limits().body_bytes),
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
                    if self.admitted.is_some() && now.duration_since(self.busy) >= limits.idle {
                        return Some(Close::idle());
                    }
                    if now.duration_since(heard) > limits.keep_alive * 3 {
                        // The client answers no pings.
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
                let max = self.live.limits().operations;
                self.busy = Instant::now();
                match self.operations.start(&id, max, context, request) {
                    Ok(()) => Ok(()),
                    Err(StartError::Exists) => Err(Close::exists(&id)),
                    Err(StartError::TooMany) => {
                        let StreamEnd::Failed(fault) = StreamEnd::over_operations(max) else { return Ok(()) };
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
        let session = self.handshake.authenticate(payload).await?;
        let admission = self.live.admit(&session);
        let context = OperationContext { state: self.handshake.state.clone(), session, outbox: self.outbox.clone() };
        self.admitted = Some((context, admission));
        self.busy = Instant::now();
        self.send(protocol::ack()).await
    }

    async fn send(&self, text: String) -> Result<(), Close> {
        self.outbox.send(text).await.map_err(|_| Close::slow())
    }
}

async fn ended(admitted: Option<&(OperationContext, Admission)>) -> TokenEnd {
    match admitted {
        Some((_, admission)) => admission.ended().await,
        None => std::future::pending().await,
    }
}
