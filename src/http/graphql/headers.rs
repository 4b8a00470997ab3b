//! Response headers for caching and rate limits, and `If-None-Match`.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::rate_limit::{RateLevel, WINDOW};

/// How many tags of `If-None-Match` are read.
const MAX_TAGS: usize = 16;

/// The tags in `If-None-Match`, which compare weakly (RFC 9110, 13.1.2). `*` matches no tag here.
pub(super) fn if_none_match(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let tags = lines.flat_map(|line| line.split(',')).filter_map(|item| {
        let item = item.trim();
        let quoted = item.strip_prefix("W/").unwrap_or(item);
        Some(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned())
    });
    tags.take(MAX_TAGS).collect()
}

/// Sets the caching headers: a response with a tag may be stored by the client and has to be revalidated. The tag is
/// weak: it is the same for all encodings of a response.
pub(super) fn set_caching(tag: Option<&str>, headers: &mut HeaderMap) {
    let value = tag.and_then(|tag| HeaderValue::from_str(&format!("W/\"{tag}\"")).ok());
    let caching = if value.is_some() { "private, no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(value) = value {
        headers.insert(header::ETAG, value);
    }
}

/// Sets the `RateLimit` headers to what is left of the caller's points, and `Retry-After`.
pub(in crate::http) fn set_rate_limit(headers: &mut HeaderMap, level: RateLevel, retry_after_s: Option<u64>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_is_a_list_of_tags() {
        let of = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(line));
            if_none_match(&headers)
        };
        assert_eq!(of(r#""a""#), ["a"]);
        assert_eq!(of(r#"W/"a" , "b""#), ["a", "b"]);
        let many = (0..20).map(|tag| format!("\"{tag}\"")).collect::<Vec<_>>().join(",");
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(&many).unwrap())]);
        assert_eq!(if_none_match(&headers).len(), MAX_TAGS);
        for none in ["", "*", "a", "\"a", "a\"", "\""] {
            assert!(of(none).is_empty(), "{none}");
        }
    }
}
