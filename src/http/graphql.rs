//! `/graphql`: GraphQL over HTTP, by POST and, for queries, by GET; `/schema.graphql` beside it.
//!
//! A `WebSocket` upgrade, and a request that accepts an event stream, go to [`live`]. Otherwise the response is JSON,
//! in the media type that the `Accept` header selects.

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};

use tokio::time::Instant;

use super::{AppState, Caller, SharedState, compression, cors, export, live, refuse_method};
use crate::{
    auth::Session,
    body::{self, BodyError},
    error::{ApiError, ErrorCode},
    graphql::{self, AllowedOperations, IfNoneMatch},
    limits::{BODY_BYTES, BODY_TIMEOUT},
    time::now_ms,
};

mod accept;
mod content_type;
pub(super) mod headers;
pub(super) mod request;

pub(super) use accept::StreamPreference;

use accept::{JsonMediaType, Negotiated};
use request::RequestBody;

/// `/graphql`, `/schema.graphql` and `/export`, for callers with a token.
pub(super) fn router(state: SharedState) -> Router {
    Router::new()
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(schema))
        .route("/export/{file}", get(export::answer))
        // Before the CORS layer, which has to answer a browser's OPTIONS.
        .method_not_allowed_fallback(refuse_method)
        .layer(compression::layer())
        .layer(cors::layer(&state.cors_origins, &state.cors_headers))
        .with_state(state)
}

async fn by_post(
    State(state): State<SharedState>,
    Caller(session): Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    content_type::check(&headers)?;
    let Negotiated { media_type, stream_preference } = Negotiated::of(&headers)?;
    let body = body::read(body, state.limits().body_bytes, state.body_timeout).await;
    let body = body.map_err(|error| body_error(error, &state))?;
    let _in_flight = state.api.admit(&session)?;
    let deadline = state.api.deadline();
    match request::from_body(&body, state.limits().batch)? {
        RequestBody::Single(request) if stream_preference != StreamPreference::Never => {
            let json = |session: &Session, answer| respond(&state, session, media_type, answer);
            let asked = live::StreamRequest {
                request: &request,
                allowed: AllowedOperations::All,
                stream_preference,
                headers: &headers,
            };
            Ok(live::answer(&state, session, asked, json).await)
        }
        RequestBody::Batch(_) if stream_preference == StreamPreference::Required => {
            Err(ApiError::new(ErrorCode::BadRequest, "A batch cannot be answered by an event stream"))
        }
        RequestBody::Single(request) => {
            let answer =
                state.api.execute_by((deadline, 0), &session, &request, AllowedOperations::All, now_ms()).await;
            Ok(respond(&state, &session, media_type, answer))
        }
        RequestBody::Batch(requests) => {
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
            Ok(respond(&state, &session, media_type, answer))
        }
    }
}

async fn by_get(State(state): State<SharedState>, mut parts: Parts) -> Result<Response, ApiError> {
    if live::is_upgrade(&parts.headers) {
        return live::upgrade(state, &mut parts).await;
    }
    let Caller(session) = Caller::from_request_parts(&mut parts, &state).await?;
    let Negotiated { media_type, stream_preference } = Negotiated::of(&parts.headers)?;
    let _in_flight = state.api.admit(&session)?;
    let parameters = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Query(parameters) =
        parameters.map_err(|_| ApiError::new(ErrorCode::BadRequest, "The query string cannot be parsed"))?;
    let (request, headers) = (request::from_parameters(parameters)?, parts.headers);
    if stream_preference == StreamPreference::Required {
        let json = |session: &Session, answer| respond(&state, session, media_type, answer);
        let asked = live::StreamRequest {
            request: &request,
            allowed: AllowedOperations::Queries,
            stream_preference,
            headers: &headers,
        };
        return Ok(live::answer(&state, session, asked, json).await);
    }
    let tags = headers::if_none_match(&headers);
    let if_none_match = IfNoneMatch { tags: &tags, media_type: media_type.as_str() };
    let answer = state.api.execute_conditional(&session, &request, if_none_match, now_ms()).await;
    Ok(respond(&state, &session, media_type, answer))
}

async fn schema(_: Caller) -> Response {
    let caching = HeaderValue::from_static("private, no-cache");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, graphql::sdl()).into_response()
}

fn respond(state: &AppState, session: &Session, media_type: JsonMediaType, answer: graphql::Response) -> Response {
    let status = match (media_type, answer.status) {
        (JsonMediaType::Json, StatusCode::BAD_REQUEST) => StatusCode::OK,
        (_, status) => status,
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::NOT_MODIFIED {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type.as_str()));
    }
    headers::set_caching(answer.tag.as_deref(), headers);
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, authorization"));
    headers::set_rate_limit(headers, state.api.rate(session, Instant::now()), answer.retry_after_s);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

fn body_error(error: BodyError, state: &AppState) -> ApiError {
    match error {
        BodyError::TooLarge(actual) => {
            let limit = state.limits().body_bytes as u64;
            let message = format!("The body may have at most {limit} bytes");
            ApiError::new(ErrorCode::PayloadTooLarge, message).exceeding(BODY_BYTES.exceeded(limit, actual))
        }
        BodyError::TooSlow => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            let message = format!("The body did not arrive within {limit} ms");
            ApiError::new(ErrorCode::RequestTimeout, message).exceeding(BODY_TIMEOUT.exceeded(limit, limit))
        }
        BodyError::CutOff => ApiError::new(ErrorCode::BadRequest, "The body did not arrive in full"),
    }
}
