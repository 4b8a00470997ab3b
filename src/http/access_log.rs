//! One log line per request, with an id that the response carries too.
//!
//! It names the matched route, never the path or the query string: a path may hold a webhook's token.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;

use super::metrics::Metrics;
use crate::request_id::RequestId;

/// The header with the id.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Logs a request once it is answered.
pub(super) async fn log(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let given = request.headers().get(HEADER).and_then(|id| RequestId::from_client(id.to_str().ok()?));
    let id = given.unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let span = tracing::info_span!("request", id = id.as_str());
    let mut response = id.clone().scope(next.run(request)).instrument(span.clone()).await;

    let status = response.status().as_u16();
    metrics.answered(route, status, started.elapsed());
    let duration_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    span.in_scope(|| {
        if matches!(route, "/health" | "/ready" | "/metrics") {
            tracing::debug!(%method, route, status, duration_ms, "answered");
        } else {
            tracing::info!(%method, route, status, duration_ms, "answered");
        }
    });
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HEADER, id);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}
