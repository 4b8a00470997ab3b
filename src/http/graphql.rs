//! `/graphql`: GraphQL over HTTP, by POST and, for queries, by GET; `/schema.graphql` beside it.
//!
//! A GET that wants to become a `WebSocket`, and a request that wants an event stream, go to
//! [`live`]. Else the answer is `application/graphql-response+json` for who asks for it, with a status that says
//! whether the document was run; else `application/json`, where a document that is not run is told
//! with 200, as older clients expect.

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};

use tokio::time::Instant;

use super::{
    AppState, Caller, cors,
    live::{self, Wish},
    refuse_method,
};
use crate::{
    auth::Session,
    body::{self, Unread},
    error::{Code, Problem},
    graphql::{self, Allowed, Seen},
    settings::rule::{BODY_BYTES, BODY_TIMEOUT},
    time::now_ms,
};

mod etag;
mod rate;
pub(super) mod request;

use request::Asked;

const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// `/graphql` and `/schema.graphql`, for callers with a token.
pub(super) fn router(state: AppState) -> Router {
    Router::new()
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(schema))
        // Below the next layers, or a browser's OPTIONS would pass them by.
        .method_not_allowed_fallback(refuse_method)
        .layer(cors::layer(&state.cors_origins))
        .with_state(state)
}

async fn by_post(
    State(state): State<AppState>,
    Caller(session): Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    request::check_media_type(&headers)?;
    let body = body::read(body, state.limits.body_bytes, state.body_timeout).await;
    let body = body.map_err(|reason| unread(reason, &state))?;
    let deadline = state.api.deadline();
    match request::from_body(&body, state.limits.batch)? {
        Asked::One(request) if live::wish(&headers) != Wish::Json => {
            let json = |session: &Session, answer| respond(&state, session, &headers, answer);
            Ok(live::answer(&state, session, &request, Allowed::Mutations, &headers, json).await)
        }
        Asked::Batch(_) if live::wish(&headers) == Wish::Events => {
            Err(Problem::new(Code::BadRequest, "An event stream answers one request, not a list"))
        }
        Asked::One(request) => {
            let answer = state.api.execute_by(deadline, &session, &request, Allowed::Mutations, now_ms()).await;
            Ok(respond(&state, &session, &headers, answer))
        }
        Asked::Batch(requests) => {
            let mut list = vec![b'['];
            for request in &requests {
                if list.len() > 1 {
                    list.push(b',');
                }
                let answer = state.api.execute_by(deadline, &session, request, Allowed::Mutations, now_ms()).await;
                list.extend_from_slice(&answer.body);
            }
            list.push(b']');
            let (body, status) = (list.into(), StatusCode::OK);
            let answer = graphql::Response { body, status, retry_after_s: None, tag: None, refusal: None };
            Ok(respond(&state, &session, &headers, answer))
        }
    }
}

async fn by_get(State(state): State<AppState>, mut parts: Parts) -> Result<Response, Problem> {
    if live::is_upgrade(&parts.headers) {
        return live::upgrade(state, &mut parts).await;
    }
    let Caller(session) = Caller::from_request_parts(&mut parts, &state).await?;
    let parameters = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Query(parameters) =
        parameters.map_err(|_| Problem::new(Code::BadRequest, "The query string is not readable"))?;
    let (request, headers) = (request::from_parameters(parameters)?, parts.headers);
    if live::wish(&headers) == Wish::Events {
        let json = |session: &Session, answer| respond(&state, session, &headers, answer);
        return Ok(live::answer(&state, session, &request, Allowed::Queries, &headers, json).await);
    }
    let tags = etag::of_reader(&headers);
    let form = if accepts(&headers, GRAPHQL_JSON) { GRAPHQL_JSON } else { "application/json" };
    let answer = state.api.execute_unless(&session, &request, Seen { tags: &tags, form }, now_ms()).await;
    Ok(respond(&state, &session, &headers, answer))
}

async fn schema(_: Caller) -> Response {
    let caching = HeaderValue::from_static("private, no-cache");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, graphql::sdl()).into_response()
}

fn respond(state: &AppState, session: &Session, headers: &HeaderMap, answer: graphql::Response) -> Response {
    let modern = accepts(headers, GRAPHQL_JSON);
    let (content_type, status) = match answer.status {
        status if modern => (GRAPHQL_JSON, status),
        StatusCode::BAD_REQUEST => ("application/json", StatusCode::OK),
        status => ("application/json", status),
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::NOT_MODIFIED {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    etag::tell(answer.tag.as_deref(), headers);
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    rate::tell(headers, state.api.rate(session, Instant::now()), answer.retry_after_s);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Whether a media type is named, not counting what is named with a weight of zero.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media_type));
        named && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn unread(reason: Unread, state: &AppState) -> Problem {
    match reason {
        Unread::TooLarge(actual) => {
            let limit = state.limits.body_bytes as u64;
            let message = format!("The body may have {limit} bytes");
            Problem::new(Code::PayloadTooLarge, message).exceeding(BODY_BYTES.passed(limit, actual))
        }
        Unread::TooSlow => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            let message = format!("The body did not arrive within {limit} ms");
            Problem::new(Code::RequestTimeout, message).exceeding(BODY_TIMEOUT.passed(limit, limit))
        }
        Unread::CutOff => Problem::new(Code::BadRequest, "The body did not arrive in full"),
    }
}
