//! What a caller may still ask for, as headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::rate_limit::{RateLevel, WINDOW};

/// Tells it; with `retry_after_s` also when it is worth trying again.
pub(super) fn tell(headers: &mut HeaderMap, level: RateLevel, retry_after_s: Option<u64>) {
    let seconds = level.full_in.as_millis().div_ceil(1000);
    for (name, value) in [
        ("ratelimit-limit", HeaderValue::from(level.limit)),
        ("ratelimit-remaining", HeaderValue::from(level.remaining)),
        ("ratelimit-reset", HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX))),
    ] {
        headers.insert(HeaderName::from_static(name), value);
    }
    if let Ok(policy) = HeaderValue::try_from(format!("{};w={}", level.limit, WINDOW.as_secs())) {
        headers.insert(HeaderName::from_static("ratelimit-policy"), policy);
    }
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
}
