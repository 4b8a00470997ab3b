//! Refusals of requests that never reach a route, told as JSON like all others.
//!
//! A request by HTTP/1 whose head hyper cannot read, or does not want to, gets an answer from hyper
//! itself, without a body; no setting changes that. It is found among what hyper writes, where it can
//! only be the last, and another is written instead. Of HTTP/2 hyper is let take more than we do.

use axum::{
    body::Body,
    http::{HeaderValue, Request, Response, StatusCode, Version, header},
    response::IntoResponse as _,
};
use memchr::memmem;

use super::{HEAD_BYTES, HEADERS, host};
use crate::{
    error::{ApiError, ErrorCode, LimitExceeded},
    request_id::RequestId,
};

/// The longest address that hyper reads, in bytes.
const URI_BYTES: u64 = 65_534;
/// What a field counts beside its name and value (RFC 9113, 6.5.2).
const FIELD_BYTES: usize = 32;

/// Where an answer of hyper's own begins in what it writes, and its status, if that is what comes last.
pub(super) fn find(written: &[u8]) -> Option<(usize, StatusCode)> {
    let rest = written.strip_suffix(b"\r\n\r\n")?;
    let start = memmem::rfind(rest, b"HTTP/1.")?;
    let mut lines = std::str::from_utf8(&rest[start..]).ok()?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let refuses = [StatusCode::BAD_REQUEST, StatusCode::URI_TOO_LONG, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE];
    // Ours have a request id.
    let is_bare = lines.clone().any(|line| line == "content-length: 0")
        && lines.all(|line| matches!(line, "content-length: 0" | "connection: close") || line.starts_with("date: "));
    (is_bare && refuses.contains(&status)).then_some((start, status))
}

/// What is written instead of hyper's answer, after so many bytes that belong to no answered request.
pub(super) fn instead(status: StatusCode, hypers: &[u8], read: usize) -> Vec<u8> {
    let problem = match status {
        StatusCode::URI_TOO_LONG => {
            let message = format!("The address of a request may have {URI_BYTES} bytes");
            ApiError::new(ErrorCode::UriTooLong, message).exceeding(LimitExceeded::fixed(
                "uriBytes",
                URI_BYTES,
                URI_BYTES + 1,
            ))
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE if read >= HEAD_BYTES => too_large(read),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => too_many(HEADERS + 1),
        _ => ApiError::new(
            ErrorCode::BadRequest,
            "This is no request of HTTP/1.1: its first line or a header is malformed",
        ),
    };
    let body = problem.body().to_string();
    let id = log(status);
    let hypers = String::from_utf8_lossy(hypers);
    let date = hypers.split("\r\n").find(|line| line.starts_with("date: ")).unwrap_or("date: unknown");
    let reason = status.canonical_reason().unwrap_or_default();
    format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nx-content-type-options: nosniff\r\nx-request-id: {}\r\n{date}\r\n\r\n{body}",
        status.as_u16(),
        body.len(),
        id.as_str(),
    )
    .into_bytes()
}

/// The answer to a request whose head hyper takes and we do not: by HTTP/2 one that is larger than one by HTTP/1
/// may be, and one that does not say for which host it is.
pub(super) fn of_head<B>(request: &Request<B>) -> Option<Response<Body>> {
    let size = if request.version() == Version::HTTP_2 { wrong_size(request) } else { None };
    let host = || Some(ApiError::new(ErrorCode::BadRequest, host::mistake(request)?));
    let mut response = size.or_else(host)?.into_response();
    let id = log(response.status());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert("x-request-id", id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if request.version() != Version::HTTP_2 {
        // What follows may be meant for another host.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Some(response)
}

fn wrong_size<B>(request: &Request<B>) -> Option<ApiError> {
    let headers = request.headers();
    let uri = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let fields = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD_BYTES);
    match (fields.sum::<usize>() + uri, headers.len()) {
        (bytes, _) if bytes > HEAD_BYTES => Some(too_large(bytes)),
        (_, count) if count > HEADERS => Some(too_many(count)),
        _ => None,
    }
}

fn too_large(actual: usize) -> ApiError {
    let message = format!("The head of a request may have {HEAD_BYTES} bytes");
    let exceeded = LimitExceeded::fixed("headBytes", HEAD_BYTES as u64, actual as u64);
    ApiError::new(ErrorCode::HeadersTooLarge, message).exceeding(exceeded)
}

fn too_many(actual: usize) -> ApiError {
    let message = format!("A request may have {HEADERS} headers");
    ApiError::new(ErrorCode::HeadersTooLarge, message).exceeding(LimitExceeded::fixed(
        "headers",
        HEADERS as u64,
        actual as u64,
    ))
}

fn log(status: StatusCode) -> RequestId {
    let id = RequestId::new();
    let span = tracing::info_span!("request", id = id.as_str());
    span.in_scope(|| tracing::info!(route = "(none)", status = status.as_u16(), "answered"));
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hypers_own_answer_is_told_from_ours() {
        let bare = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\
                    date: Fri, 20 Nov 2026 14:33:04 GMT\r\n\r\n";
        let too_large = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        assert_eq!(find(bare.as_bytes()), Some((0, too_large)));
        let behind = format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok{bare}");
        assert_eq!(find(behind.as_bytes()), Some((behind.len() - bare.len(), too_large)));
        for other in [
            bare.replace("date: ", "x-request-id: 1\r\ndate: "),
            bare.replace("content-length: 0", "content-length: 2") + "ok",
            bare.replace("431 Request Header Fields Too Large", "404 Not Found"),
            bare.trim_end().to_owned(),
            String::new(),
        ] {
            assert_eq!(find(other.as_bytes()), None, "{other}");
        }
    }
}
