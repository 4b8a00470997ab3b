//! `/graphql`: GraphQL over HTTP, by POST and, for queries, by GET; `/schema.graphql` beside it.
//!
//! The answer is `application/graphql-response+json` for who asks for it, with a status that says
//! whether the document was run; else `application/json`, where a document that is not run is told
//! with 200, as older clients expect.

use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::{AppState, Caller, cors, refuse_method};
use crate::{
    auth::Session,
    error::{Code, Problem},
    graphql::{self, Allowed, Request},
    time::now_ms,
};

mod request;

use request::Asked;

/// The largest body, in bytes: variables may be larger than documents.
const BODY_LIMIT: usize = 1024 * 1024;
const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// `/graphql` and `/schema.graphql`, for callers with a token.
pub(super) fn router(state: AppState) -> Router {
    Router::new()
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(schema))
        // Below the next layers, or a browser's OPTIONS would pass them by.
        .method_not_allowed_fallback(refuse_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(cors::layer(&state.cors_origins))
        .with_state(state)
}

async fn by_post(
    State(state): State<AppState>,
    Caller(session): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| unread(rejection.status()))?;
    match request::from_body(&headers, &body, state.longest_batch)? {
        Asked::One(request) => Ok(respond(&headers, run(&state, &session, &request, Allowed::Mutations).await)),
        Asked::Batch(requests) => {
            let mut list = vec![b'['];
            for request in &requests {
                if list.len() > 1 {
                    list.push(b',');
                }
                list.extend_from_slice(&run(&state, &session, request, Allowed::Mutations).await.body);
            }
            list.push(b']');
            Ok(respond(&headers, graphql::Response { body: list.into(), status: StatusCode::OK }))
        }
    }
}

async fn by_get(
    State(state): State<AppState>,
    Caller(session): Caller,
    headers: HeaderMap,
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(parameters) =
        parameters.map_err(|_| Problem::new(Code::BadRequest, "The query string is not readable"))?;
    let request = request::from_parameters(parameters)?;
    Ok(respond(&headers, run(&state, &session, &request, Allowed::Queries).await))
}

async fn schema(_: Caller) -> Response {
    let caching = HeaderValue::from_static("private, no-cache");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, graphql::sdl()).into_response()
}

async fn run(state: &AppState, session: &Session, request: &Request, allowed: Allowed) -> graphql::Response {
    state.api.execute(session, request, allowed, now_ms()).await
}

fn respond(headers: &HeaderMap, answer: graphql::Response) -> Response {
    let modern = accepts(headers, GRAPHQL_JSON);
    let (content_type, status) = match answer.status {
        status if modern => (GRAPHQL_JSON, status),
        StatusCode::BAD_REQUEST => ("application/json", StatusCode::OK),
        status => ("application/json", status),
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
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

fn unread(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Code::PayloadTooLarge, format!("The body may have {BODY_LIMIT} bytes"))
    } else {
        Problem::new(Code::BadRequest, "The body did not arrive in full")
    }
}
