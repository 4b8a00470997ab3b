//! The `Host` header: HTTP/1.1 needs exactly one, HTTP/2 one that matches `:authority` (RFC 9112, 3.2; RFC 9113, 8.3.1).

use std::net::Ipv6Addr;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::error::{ApiError, ErrorCode};

/// Refuses requests without a valid host. For connections alone: requests made in the process need none.
pub(super) async fn require(request: Request<Body>, next: Next) -> Response {
    let Some(message) = host_error(&request) else { return next.run(request).await };
    let is_http2 = request.version() == Version::HTTP_2;
    let mut response = ApiError::new(ErrorCode::BadRequest, message).into_response();
    if !is_http2 {
        // What follows on the connection may be meant for another host.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What is wrong with the host of a request.
fn host_error<B>(request: &Request<B>) -> Option<&'static str> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let authority = request.uri().authority().map(Authority::as_str);
    match (lines.next(), lines.next()) {
        (Some(_), Some(_)) => Some("The request has more than one Host header"),
        (Some(host), None) if !is_host(host.as_bytes()) => Some("The Host header is not a valid host"),
        // In HTTP/1 an absolute address overrides the header.
        (Some(host), None) if request.version() == Version::HTTP_2 => {
            let differs =
                authority.is_some_and(|authority| !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()));
            differs.then_some("The Host header differs from :authority")
        }
        (Some(_), None) => None,
        (None, _) => {
            let is_required = match request.version() {
                Version::HTTP_11 => true,
                Version::HTTP_2 => authority.is_none(),
                _ => false,
            };
            is_required.then_some("The request has no Host header")
        }
    }
}

/// Whether this is a host with or without a port (RFC 3986, 3.2.2). HTTP allows no empty host; a comma means that a
/// proxy joined two headers.
fn is_host(host: &[u8]) -> bool {
    let is_port = |port: &[u8]| port.iter().all(u8::is_ascii_digit) && port.len() <= 5;
    if let Some(rest) = host.strip_prefix(b"[") {
        let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
        let is_address = std::str::from_utf8(&rest[..end]).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok());
        let behind = &rest[end + 1..];
        return is_address && (behind.is_empty() || behind.strip_prefix(b":").is_some_and(is_port));
    }
    let (name, port) = match host.iter().position(|byte| *byte == b':') {
        Some(colon) => (&host[..colon], &host[colon + 1..]),
        None => (host, &b""[..]),
    };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=".contains(byte);
    !name.is_empty() && name.iter().all(is_name) && is_port(port)
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for host in ["x", "api.example.com", "my_api:8080", "127.0.0.1:80", "[::1]", "[::1]:8080", "xn--bcher-kva.de:"]
        {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in
            ["", ":80", "a b", "a,b", "a/b", "me@a", "a:b", "a:80:90", "[::1", "[x]", "[::1]80", "a:123456", "é"]
        {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
