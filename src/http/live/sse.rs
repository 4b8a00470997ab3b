//! Server-sent events: the distinct connections mode of the `graphql-sse` protocol, one operation for
//! each request.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::{
    sync::mpsc,
    time::{interval, timeout},
};

use super::Live;
use crate::{
    auth::Session,
    graphql::{
        self, AllowedOperations, Request,
        subscription::{ExecutionResult, Message, MessageSink, SinkError, StreamEnd, SubscriptionStream},
    },
    http::{AppState, graphql::StreamPreference},
    request_id::RequestId,
    time::now_ms,
};

/// The last event that a browser has received, when it reconnects.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// How many messages may wait for the connection.
const MAX_QUEUED: usize = 4;
/// How long the last messages may take to be read by a client that has not read before.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// A request whose response may be a stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamRequest<'a> {
    /// The request.
    pub request: &'a Request,
    /// The operations that are allowed.
    pub allowed: AllowedOperations,
    /// Whether the response may or must be a stream.
    pub stream_preference: StreamPreference,
    /// The request's headers.
    pub headers: &'a HeaderMap,
}

/// Executes a request. `json` writes a response that is not a stream.
pub async fn answer(
    state: &AppState,
    session: Session,
    StreamRequest { request, allowed, stream_preference, headers }: StreamRequest<'_>,
    json: impl FnOnce(&Session, graphql::Response) -> Response,
) -> Response {
    let after = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    match Box::pin(state.api.execute_or_subscribe(&session, request, allowed, after, now_ms())).await {
        // Errors also if the client accepts events only: a browser reports the status in either case.
        ExecutionResult::Response(answer)
            if stream_preference == StreamPreference::Allowed
                || !matches!(answer.status, StatusCode::OK | StatusCode::BAD_REQUEST) =>
        {
            json(&session, answer)
        }
        ExecutionResult::Response(answer) => {
            let parts = [next(&answer.body, None), complete()].map(Ok::<_, Infallible>);
            respond(Body::from_stream(stream::iter(parts)))
        }
        ExecutionResult::Stream(stream) => respond(start(&state.live, session, *stream)),
    }
}

/// Starts a stream; gives its body.
fn start(live: &Live, session: Session, stream: SubscriptionStream) -> Body {
    let (events, body) = mpsc::channel(MAX_QUEUED);
    let running = run(live.clone(), session, stream, events);
    // Errors are logged with the request id.
    match RequestId::current() {
        Some(id) => tokio::spawn(live.track_stream(id.scope(running))),
        None => tokio::spawn(live.track_stream(running)),
    };
    Body::from_stream(stream::unfold(body, async |mut body| {
        let event: Bytes = body.recv().await?;
        Some((Ok::<_, Infallible>(event), body))
    }))
}

async fn run(live: Live, session: Session, stream: SubscriptionStream, events: mpsc::Sender<Bytes>) {
    let (limits, admission) = (live.limits(), live.admit(&session));
    let sink = Events { events: &events, unread: limits.unread };
    let ended = match live.subscribe(&session) {
        Err(refused) => refused,
        Ok(_slot) => tokio::select! {
            ended = stream.run(&sink) => ended,
            () = keep_alive(&events, limits.keep_alive) => StreamEnd::Closed,
            ended = admission.ended() => StreamEnd::unauthenticated(ended),
            () = live.stop().cancelled() => StreamEnd::resume("the server stops"),
            () = events.closed() => StreamEnd::Closed,
        },
    };
    let StreamEnd::Failed(fault) = ended else { return };
    let body = format!("{{\"errors\":{}}}", fault.list());
    let last = async {
        events.send(next(body.as_bytes(), None)).await?;
        events.send(complete()).await
    };
    // A client that does not read it notices the end of the body.
    let _ = timeout(CLOSE_TIMEOUT, last).await;
}

/// Sends comments, so that proxies and clients keep the connection; the first at once.
async fn keep_alive(events: &mpsc::Sender<Bytes>, period: Duration) {
    let mut ticks = interval(period);
    loop {
        ticks.tick().await;
        // While messages wait no comment is needed.
        if let Err(mpsc::error::TrySendError::Closed(_)) = events.try_send(Bytes::from_static(b":\n\n")) {
            return;
        }
    }
}

struct Events<'a> {
    events: &'a mpsc::Sender<Bytes>,
    unread: Duration,
}

impl MessageSink for Events<'_> {
    async fn send(&self, message: Message) -> Result<(), SinkError> {
        let event = next(&message.body, message.last_event.as_deref());
        match timeout(self.unread, self.events.send(event)).await {
            Ok(sent) => sent.map_err(|_| SinkError::Closed),
            Err(_) => Err(SinkError::Slow),
        }
    }
}

/// The JSON of a response has no line ends.
fn next(body: &[u8], id: Option<&str>) -> Bytes {
    let mut event = Vec::with_capacity(body.len() + 96);
    event.extend_from_slice(b"event: next\n");
    if let Some(id) = id {
        event.extend_from_slice(format!("id: {id}\n").as_bytes());
    }
    event.extend_from_slice(b"data: ");
    event.extend_from_slice(body);
    event.extend_from_slice(b"\n\n");
    event.into()
}

/// Clients ignore an event without data.
fn complete() -> Bytes {
    Bytes::from_static(b"event: complete\ndata: \n\n")
}

fn respond(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept, authorization"),
        // Some proxies buffer responses.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), body).into_response()
}
