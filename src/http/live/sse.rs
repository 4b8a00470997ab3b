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
        self, Allowed, Request,
        subscription::{End, Message, Opened, Outlet, Stopped, Stream},
    },
    http::AppState,
    request_id::RequestId,
    time::now_ms,
};

const EVENT_STREAM: &str = "text/event-stream";
/// Where a browser says which event it saw last, when it connects again.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Messages that wait for the connection.
const WAITING: usize = 4;
/// How long the last messages may take to be read by who did not read before.
const LAST_CHANCE: Duration = Duration::from_secs(30);

/// How a request wants its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// As JSON.
    Json,
    /// As JSON, or as an event stream if it is a subscription.
    Either,
    /// As an event stream.
    Events,
}

/// What the `Accept` header asks for.
pub fn wish(headers: &HeaderMap) -> Wish {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let names: Vec<_> = lines
        .flat_map(|line| line.split(','))
        .map(|item| item.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect();
    let events = names.iter().any(|name| name == EVENT_STREAM);
    let other = names.iter().any(|name| name.ends_with("json") || name.ends_with("/*"));
    match (events, other) {
        (true, false) => Wish::Events,
        (true, true) => Wish::Either,
        (false, _) => Wish::Json,
    }
}

/// Runs a request whose answer may be a stream. `json` writes one that is none.
pub async fn answer(
    state: &AppState,
    session: Session,
    request: &Request,
    allowed: Allowed,
    headers: &HeaderMap,
    json: impl FnOnce(&Session, graphql::Response) -> Response,
) -> Response {
    let after = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    match Box::pin(state.api.open(&session, request, allowed, after, now_ms())).await {
        // Also for who takes nothing but events: a browser does not show it anyway.
        Opened::Answer(answer)
            if wish(headers) == Wish::Either || !matches!(answer.status, StatusCode::OK | StatusCode::BAD_REQUEST) =>
        {
            json(&session, answer)
        }
        Opened::Answer(answer) => {
            let parts = [next(&answer.body, None), complete()].map(Ok::<_, Infallible>);
            respond(Body::from_stream(stream::iter(parts)))
        }
        Opened::Stream(stream) => respond(start(&state.live, session, *stream)),
    }
}

/// The body of a stream.
fn start(live: &Live, session: Session, stream: Stream) -> Body {
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

async fn run(live: Live, session: Session, stream: Stream, events: mpsc::Sender<Bytes>) {
    let (settings, admission) = (live.settings(), live.admit(&session));
    let outlet = Events { events: &events, unread: settings.unread };
    let ended = match live.place(&session) {
        Err(refused) => refused,
        Ok(_place) => tokio::select! {
            ended = stream.run(&outlet) => ended,
            () = keep_alive(&events, settings.keep_alive) => End::Gone,
            () = admission.ended() => End::unauthenticated(),
            () = live.stop().cancelled() => End::resume("the server stops"),
            () = events.closed() => End::Gone,
        },
    };
    let End::Failed(fault) = ended else { return };
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

impl Outlet for Events<'_> {
    async fn send(&self, message: Message) -> Result<(), Stopped> {
        let event = next(&message.body, message.last_event.as_deref());
        match timeout(self.unread, self.events.send(event)).await {
            Ok(sent) => sent.map_err(|_| Stopped::Gone),
            Err(_) => Err(Stopped::Slow),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_stream_has_to_be_asked_for_by_name() {
        let asked =
            |accept: &'static str| wish(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]));
        assert_eq!(wish(&HeaderMap::new()), Wish::Json);
        assert_eq!(asked("*/*"), Wish::Json);
        assert_eq!(asked("application/json"), Wish::Json);
        assert_eq!(asked("text/event-stream"), Wish::Events);
        assert_eq!(asked("Text/Event-Stream; q=0.9, multipart/mixed"), Wish::Events);
        assert_eq!(asked("application/graphql-response+json, application/json, text/event-stream"), Wish::Either);
    }
}
