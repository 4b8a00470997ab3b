//! `/graphql`: GraphQL over HTTP, by POST and, for queries, by GET; `/schema.graphql` beside it.
//!
//! A GET that wants to become a `WebSocket`, and a request that wants an event stream, go to
//! [`live`]. Else the answer is JSON, in the form that the `Accept` header asks for.

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};

use tokio::time::Instant;

use super::{AppState, Caller, cors, live, refuse_method};
use crate::{
    auth::Session,
    body::{self, Unread},
    error::{ApiError, ErrorCode},
    graphql::{self, AllowedOperations, IfNoneMatch},
    limits::{BODY_BYTES, BODY_TIMEOUT},
    time::now_ms,
};

mod accept;
mod etag;
mod media;
mod rate;
pub(super) mod request;

pub(super) use accept::Wish;

use accept::{Accepted, Form};
use request::Asked;

/// `/graphql` and `/schema.graphql`, for callers with a token.
pub(super) fn router(state: AppState) -> Router {
    Router::new()
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(schema))
        // Below the next layers, or a browser's OPTIONS would pass them by.
        .method_not_allowed_fallback(refuse_method)
        .layer(cors::layer(&state.cors_origins, &state.cors_headers))
        .with_state(state)
}

async fn by_post(
    State(state): State<AppState>,
    Caller(session): Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    media::check(&headers)?;
    let Accepted { form, wish } = Accepted::of(&headers)?;
    let body = body::read(body, state.limits().body_bytes, state.body_timeout).await;
    let body = body.map_err(|reason| unread(reason, &state))?;
    let deadline = state.api.deadline();
    match request::from_body(&body, state.limits().batch)? {
        Asked::One(request) if wish != Wish::Json => {
            let json = |session: &Session, answer| respond(&state, session, form, answer);
            let asked = live::Asked { request: &request, allowed: AllowedOperations::All, wish, headers: &headers };
            Ok(live::answer(&state, session, asked, json).await)
        }
        Asked::Batch(_) if wish == Wish::Events => {
            Err(ApiError::new(ErrorCode::BadRequest, "An event stream answers one request, not a list"))
        }
        Asked::One(request) => {
            let answer =
                state.api.execute_by((deadline, 0), &session, &request, AllowedOperations::All, now_ms()).await;
            Ok(respond(&state, &session, form, answer))
        }
        Asked::Batch(requests) => {
            let mut list = vec![b'['];
            for request in &requests {
                if list.len() > 1 {
                    list.push(b',');
                }
                let so_far = (deadline, list.len());
                let answer = state.api.execute_by(so_far, &session, request, AllowedOperations::All, now_ms()).await;
                list.extend_from_slice(&answer.body);
            }
            list.push(b']');
            let (body, status) = (list.into(), StatusCode::OK);
            let answer = graphql::Response { body, status, retry_after_s: None, tag: None, refusal: None };
            Ok(respond(&state, &session, form, answer))
        }
    }
}

async fn by_get(State(state): State<AppState>, mut parts: Parts) -> Result<Response, ApiError> {
    if live::is_upgrade(&parts.headers) {
        return live::upgrade(state, &mut parts).await;
    }
    let Caller(session) = Caller::from_request_parts(&mut parts, &state).await?;
    let Accepted { form, wish } = Accepted::of(&parts.headers)?;
    let parameters = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Query(parameters) =
        parameters.map_err(|_| ApiError::new(ErrorCode::BadRequest, "The query string is not readable"))?;
    let (request, headers) = (request::from_parameters(parameters)?, parts.headers);
    if wish == Wish::Events {
        let json = |session: &Session, answer| respond(&state, session, form, answer);
        let asked = live::Asked { request: &request, allowed: AllowedOperations::Queries, wish, headers: &headers };
        return Ok(live::answer(&state, session, asked, json).await);
    }
    let tags = etag::of_reader(&headers);
    let if_none_match = IfNoneMatch { tags: &tags, media_type: form.media_type() };
    let answer = state.api.execute_conditional(&session, &request, if_none_match, now_ms()).await;
    Ok(respond(&state, &session, form, answer))
}

async fn schema(_: Caller) -> Response {
    let caching = HeaderValue::from_static("private, no-cache");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, graphql::sdl()).into_response()
}

fn respond(state: &AppState, session: &Session, form: Form, answer: graphql::Response) -> Response {
    let status = match (form, answer.status) {
        (Form::Json, StatusCode::BAD_REQUEST) => StatusCode::OK,
        (_, status) => status,
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::NOT_MODIFIED {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    }
    etag::tell(answer.tag.as_deref(), headers);
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    rate::tell(headers, state.api.rate(session, Instant::now()), answer.retry_after_s);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

fn unread(reason: Unread, state: &AppState) -> ApiError {
    match reason {
        Unread::TooLarge(actual) => {
            let limit = state.limits().body_bytes as u64;
            let message = format!("The body may have {limit} bytes");
            ApiError::new(ErrorCode::PayloadTooLarge, message).exceeding(BODY_BYTES.exceeded(limit, actual))
        }
        Unread::TooSlow => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            let message = format!("The body did not arrive within {limit} ms");
            ApiError::new(ErrorCode::RequestTimeout, message).exceeding(BODY_TIMEOUT.exceeded(limit, limit))
        }
        Unread::CutOff => ApiError::new(ErrorCode::BadRequest, "The body did not arrive in full"),
    }
}
