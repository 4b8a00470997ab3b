//! One log line per request, with an id that the response carries too.
//!
//! It names the matched route, never the path or the query string: a path may hold a webhook's token.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::metrics::Metrics;
use crate::request_id::RequestId;

/// The header with the id.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Which requests are logged. Those that the server fails to answer (status 500 and above) always are.
#[derive(Clone, Debug)]
pub struct AccessLog {
    /// One of this many; 0 for none.
    every: u64,
    requests: Arc<AtomicU64>,
}

impl Default for AccessLog {
    fn default() -> Self {
        Self { every: 1, requests: Arc::default() }
    }
}

impl AccessLog {
    /// Reads `all`, `none`, or a number N for one of N.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let every = match text.trim() {
            "all" => 1,
            "none" => 0,
            number => number
                .parse()
                .ok()
                .filter(|number| *number > 0)
                .ok_or("expected all, none, or a whole number N from 1 to log one of N requests")?,
        };
        Ok(Self { every, ..Self::default() })
    }

    /// Whether the request with this status is logged.
    fn includes(&self, status: u16) -> bool {
        status >= 500
            || self.every == 1
            || self.every > 0 && self.requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(self.every)
    }
}

/// Logs a request once it is answered.
pub(super) async fn log(
    State((access_log, metrics)): State<(AccessLog, Metrics)>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let given = request.headers().get(HEADER).and_then(|id| RequestId::from_client(id.to_str().ok()?));
    let id = given.unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let answered = async {
        let response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        metrics.answered(route, status, took);
        let duration_ms = (took.as_secs_f64() * 1e6).round() / 1e3;
        if matches!(route, "/health" | "/ready" | "/metrics") {
            tracing::debug!(%method, route, status, duration_ms, "answered");
        } else if access_log.includes(status) {
            tracing::info!(%method, route, status, duration_ms, "answered");
        }
        response
    };
    let mut response = id.clone().scope(answered).await;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HEADER, id);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::AccessLog;

    #[test]
    fn failures_are_always_logged_and_of_the_others_as_many_as_are_wanted() {
        for (text, expected) in [("all", 10), ("1", 10), (" 3 ", 4), ("100", 1), ("none", 0)] {
            let log = AccessLog::parse(text).unwrap();
            assert!((0..10).all(|_| log.includes(503)), "{text}");
            assert_eq!((0..10).filter(|_| log.includes(200)).count(), expected, "{text}");
        }
        for wrong in ["", "0", "-1", "some", "1.5"] {
            assert!(AccessLog::parse(wrong).unwrap_err().starts_with("expected all, none, or"), "{wrong}");
        }
    }
}
