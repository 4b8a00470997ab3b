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
    http::{AppState, graphql::Wish},
    request_id::RequestId,
    time::now_ms,
};

/// Where a browser says which event it saw last, when it connects again.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Messages that wait for the connection.
const WAITING: usize = 4;
/// How long the last messages may take to be read by who did not read before.
const LAST_CHANCE: Duration = Duration::from_secs(30);

/// A request whose answer may be a stream.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is asked.
    pub request: &'a Request,
    /// What it may do.
    pub allowed: AllowedOperations,
    /// Whether it may be answered otherwise.
    pub wish: Wish,
    /// The headers that came with it.
    pub headers: &'a HeaderMap,
}

/// Runs a request whose answer may be a stream. `json` writes one that is none.
pub async fn answer(
    state: &AppState,
    session: Session,
    Asked { request, allowed, wish, headers }: Asked<'_>,
    json: impl FnOnce(&Session, graphql::Response) -> Response,
) -> Response {
    let after = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    match Box::pin(state.api.execute_or_subscribe(&session, request, allowed, after, now_ms())).await {
        // Also for who takes nothing but events: a browser does not show it anyway.
        ExecutionResult::Response(answer)
            if wish == Wish::Either || !matches!(answer.status, StatusCode::OK | StatusCode::BAD_REQUEST) =>
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

/// The body of a stream.
fn start(live: &Live, session: Session, stream: SubscriptionStream) -> Body {
    let (events, body) = mpsc::channel(WAITING);
    let running = run(live.clone(), session, stream, events);
    // What goes wrong on the way is logged under the id of the request.
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
    let (settings, admission) = (live.settings(), live.admit(&session));
    let sink = Events { events: &events, unread: settings.unread };
    let ended = match live.place(&session) {
        Err(refused) => refused,
        Ok(_place) => tokio::select! {
            ended = stream.run(&sink) => ended,
            () = keep_alive(&events, settings.keep_alive) => StreamEnd::Closed,
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
    // Who does not read it learns by the end of the body that it is over.
    let _ = timeout(LAST_CHANCE, last).await;
}

/// Writes comments, so that proxies and clients see that somebody is there; the first at once.
async fn keep_alive(events: &mpsc::Sender<Bytes>, period: Duration) {
    let mut ticks = interval(period);
    loop {
        ticks.tick().await;
        // Where messages wait no comment is needed.
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

/// JSON as we write it has no line ends.
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

/// An event without a line of data would not be dispatched.
fn complete() -> Bytes {
    Bytes::from_static(b"event: complete\ndata: \n\n")
}

fn respond(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept, authorization"),
        // Some proxies hold answers back until they are complete.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), body).into_response()
}
