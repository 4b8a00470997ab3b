//! Which web pages may call us from a browser.

use std::time::Duration;

use axum::http::{HeaderName, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::http::Origin;

/// What well-known clients send: the headers that we read, those of GraphQL clients who say who they are, and
/// those by which tools follow a request through several systems.
const ALLOWED: [&str; 41] = [
    "accept",
    "authorization",
    "cache-control",
    "content-type",
    "if-none-match",
    "last-event-id",
    "pragma",
    "x-request-id",
    "x-requested-with",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "graphql-client-name",
    "graphql-client-version",
    "graphql-require-preflight",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "x-apollo-operation-type",
    "x-graphql-client-name",
    "x-graphql-client-version",
    "baggage",
    "elastic-apm-traceparent",
    "newrelic",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "uber-trace-id",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "x-datadog-origin",
    "x-datadog-parent-id",
    "x-datadog-sampling-priority",
    "x-datadog-tags",
    "x-datadog-trace-id",
    "x-correlation-id",
    "b3",
    "x-b3-flags",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
];

/// What a page may read of an answer: all headers of ours that say something to it.
const EXPOSED: [&str; 11] = [
    "allow",
    "content-disposition",
    "date",
    "etag",
    "ratelimit-limit",
    "ratelimit-policy",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "www-authenticate",
    "x-request-id",
];

/// Lets pages of these origins call, with a token that they send themselves; never with cookies. They may also
/// send `more` headers.
pub(super) fn layer(origins: &[Origin], more: &[HeaderName]) -> CorsLayer {
    let allowed = if origins.contains(&Origin::Any) {
        AllowOrigin::any()
    } else {
        let origins = origins.to_vec();
        AllowOrigin::predicate(move |page, _| origins.iter().any(|origin| origin.matches(page)))
    };
    let headers = ALLOWED.map(HeaderName::from_static).into_iter().chain(more.iter().cloned());
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(Duration::from_secs(3600))
}
