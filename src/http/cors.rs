//! Which web pages may call us from a browser.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::settings::Origin;

/// Lets pages of these origins call, with a token that they send themselves; never with cookies.
pub(super) fn layer(origins: &[Origin]) -> CorsLayer {
    let pages: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| match origin {
            Origin::Page(page) => Some(page.clone()),
            Origin::Any => None,
        })
        .collect();
    let allowed = if origins.contains(&Origin::Any) { AllowOrigin::any() } else { AllowOrigin::list(pages) };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, header::IF_NONE_MATCH])
        .expose_headers(
            ["x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy"]
                .map(HeaderName::from_static)
                .into_iter()
                .chain([header::RETRY_AFTER, header::ETAG])
                .collect::<Vec<_>>(),
        )
        .max_age(Duration::from_secs(3600))
}
