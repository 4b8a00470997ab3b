//! Which web pages may open a `WebSocket`.
//!
//! Browsers send no preflight before one, and their answers are not kept from the page. A foreign page
//! gains nothing by it, since no cookie counts here and it has no token; but what CORS does not let a
//! page do by `fetch` it shall not do this way either.

use axum::http::{HeaderMap, Uri, header, uri::Authority};

use crate::http::Origin;

/// Whether a page may connect: one of this server, one that the settings name, or no page at all.
pub(super) fn may_connect(uri: &Uri, headers: &HeaderMap, allowed: &[Origin]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        // Browsers always send it.
        (None, _) => return true,
        (Some(origin), None) => origin,
        (Some(_), Some(_)) => return false,
    };
    if allowed.iter().any(|known| known.is_of(origin)) {
        return true;
    }
    // By HTTP/2 the host stands in the address.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(host);
    let (Ok(origin), Some(host)) = (origin.to_str(), host) else { return false };
    // The scheme is not compared: who ends TLS before us knows it, we do not.
    let (own, ports) = match origin.split_once("://") {
        Some(("https", own)) => (own, ":443"),
        Some(("http", own)) => (own, ":80"),
        _ => return false,
    };
    own.trim_end_matches(ports).eq_ignore_ascii_case(host.trim_end_matches(ports))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn may(origin: &[&'static str], host: &'static str, allowed: &[Origin]) -> bool {
        let mut headers = HeaderMap::new();
        for origin in origin {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers.insert(header::HOST, HeaderValue::from_static(host));
        may_connect(&Uri::from_static("/graphql"), &headers, allowed)
    }

    #[test]
    fn only_our_own_pages_and_those_of_the_setting_may_connect() {
        let portal = [Origin::Page(HeaderValue::from_static("https://portal.example.com"))];
        assert!(may(&[], "api.example.com", &[]), "no browser");
        assert!(may(&["https://api.example.com"], "api.example.com", &[]));
        assert!(may(&["https://api.example.com"], "API.example.com:443", &[]));
        assert!(may(&["http://127.0.0.1:8080"], "127.0.0.1:8080", &[]));
        assert!(may(&["https://portal.example.com"], "api.example.com", &portal));
        assert!(may(&["https://portal.example.com:443"], "api.example.com", &portal));
        assert!(may(&["https://anywhere.example"], "api.example.com", &[Origin::Any]));
        let by_http2 = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static("https://api.example.com"))]);
        assert!(may_connect(&Uri::from_static("https://api.example.com/graphql"), &by_http2, &[]));
        assert!(!may_connect(&Uri::from_static("https://other.example.com/graphql"), &by_http2, &[]));
        for (origin, allowed) in [
            (&["https://portal.example.com"][..], &[][..]),
            (&["https://evil.example"], &portal),
            (&["https://api.example.com.evil.example"], &portal),
            (&["https://api.example.com:444"], &portal),
            (&["null"], &portal),
            (&["https://api.example.com", "https://api.example.com"], &portal),
            (&["chrome-extension://api.example.com"], &portal),
        ] {
            assert!(!may(origin, "api.example.com", allowed), "{origin:?}");
        }
    }
}
