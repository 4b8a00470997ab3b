//! The content type of request bodies: JSON, not compressed.

use axum::http::{HeaderMap, header};

use crate::{
    body,
    error::{ApiError, ErrorCode},
};

/// Refuses a body that is not declared as JSON, or that is compressed.
pub(super) fn check(headers: &HeaderMap) -> Result<(), ApiError> {
    let refused = |message| Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
    if !is_json(headers) {
        return refused("The Content-Type must be application/json");
    }
    if !body::is_uncompressed(headers) {
        return refused("The body must not be compressed: omit Content-Encoding, or set it to identity");
    }
    Ok(())
}

/// Forms and plain text are never accepted: a browser sends them across origins without a preflight. A proxy may
/// repeat the header.
fn is_json(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::CONTENT_TYPE).iter().map(|line| line.to_str().unwrap_or_default());
    let mut types = lines.flat_map(|line| line.split(',')).peekable();
    types.peek().is_some() && types.all(is_json_media_type)
}

fn is_json_media_type(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    // JSON is always UTF-8.
    is_json && parts.all(|parameter| !parameter.to_ascii_lowercase().starts_with("charset=") || is_utf8(parameter))
}

fn is_utf8(charset: &str) -> bool {
    let name = charset["charset=".len()..].trim_matches('"');
    name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(lines: &[(&'static str, &'static str)]) -> Option<ErrorCode> {
        let lines = lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        check(&lines.collect()).err().map(|problem| problem.code)
    }

    #[test]
    fn only_json_is_accepted() {
        for taken in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert_eq!(code(&[("content-type", taken)]), None, "{taken}");
        }
        assert_eq!(code(&[("content-type", "application/json, application/json; charset=utf-8")]), None);
        assert_eq!(code(&[("content-type", "application/json"), ("content-type", "application/json")]), None);
        for refused in [
            "text/plain",
            "application/x-www-media_type-urlencoded",
            "multipart/media_type-data; boundary=x",
            "application/graphql",
            "application/json; charset=latin1",
            "application/json, text/plain",
            "text/plain, application/json",
            "application/json,",
            "",
        ] {
            assert_eq!(code(&[("content-type", refused)]), Some(ErrorCode::UnsupportedMediaType), "{refused}");
        }
        assert_eq!(code(&[]), Some(ErrorCode::UnsupportedMediaType));
    }

    #[test]
    fn a_compressed_body_is_refused() {
        let json = ("content-type", "application/json");
        assert_eq!(code(&[json, ("content-encoding", "identity")]), None);
        for coding in ["gzip", "br", "zstd", "identity, gzip"] {
            let refused = Some(ErrorCode::UnsupportedMediaType);
            assert_eq!(code(&[json, ("content-encoding", coding)]), refused, "{coding}");
        }
    }
}
