//! Origins of web pages, in settings and in what browsers send.

use axum::http::{HeaderMap, HeaderValue, Uri, header, uri::Authority};
use url::Url;

/// The origin of a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Any page.
    Any,
    /// Pages of this scheme, host and port, as a browser sends it in `Origin`.
    Page(HeaderValue),
}

impl Origin {
    /// Whether it matches the value of an `Origin` header.
    #[must_use]
    pub fn matches(&self, page: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            // Browsers send the normalised form; other clients may not.
            Self::Page(known) => {
                known == page || page.to_str().ok().and_then(normalised).is_some_and(|page| page == *known)
            }
        }
    }

    /// Parses one entry of the setting, in any common spelling.
    ///
    /// # Errors
    /// When it is not an origin: what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        normalised(text).map(Self::Page).ok_or_else(|| {
            "expected a comma-separated list of origins like https://portal.example.com (http or https, no path, no \
             wildcard), or *"
                .to_owned()
        })
    }
}

/// An origin as browsers send it: in lower case, the host in ASCII, without the default port.
fn normalised(text: &str) -> Option<HeaderValue> {
    let url = text.contains("://").then(|| Url::parse(text).ok())??;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && (url.path(), url.query(), url.fragment()) == ("/", None, None)
        && (url.username(), url.password()) == ("", None)
        && url.host_str().is_some_and(|host| !host.contains('*'));
    is_origin.then(|| HeaderValue::try_from(url.origin().ascii_serialization()).ok())?
}

/// Whether a client may open a `WebSocket`: a page of this server, a page that the settings allow, or no page at all.
///
/// Browsers send no preflight before a `WebSocket`. Without a token a foreign page gains nothing, but what CORS denies
/// to `fetch` is denied here too.
pub(super) fn may_connect(uri: &Uri, headers: &HeaderMap, allowed: &[Origin]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        // No browser: browsers always send it.
        (None, _) => return true,
        (Some(origin), None) => origin,
        (Some(_), Some(_)) => return false,
    };
    if allowed.iter().any(|known| known.matches(origin)) {
        return true;
    }
    // HTTP/2 has the host in the address.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(host);
    let (Ok(origin), Some(host)) = (origin.to_str(), host) else { return false };
    // The scheme is not compared: only the proxy that terminates TLS knows it.
    let (own, ports) = match origin.split_once("://") {
        Some(("https", own)) => (own, ":443"),
        Some(("http", own)) => (own, ":80"),
        _ => return false,
    };
    own.trim_end_matches(ports).eq_ignore_ascii_case(host.trim_end_matches(ports))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_however_it_is_written_and_matched_as_a_browser_sends_it() {
        for (written, sent) in [
            ("https://Portal.example.com", "https://portal.example.com"),
            ("HTTPS://portal.example.com:443", "https://portal.example.com"),
            ("https://portal.example.com/", "https://portal.example.com"),
            ("http://portal.example.com:80/", "http://portal.example.com"),
            ("http://portal.example.com:443", "http://portal.example.com:443"),
            (" http://localhost:5173 ", "http://localhost:5173"),
            ("https://Bücher.example", "https://xn--bcher-kva.example"),
            ("http://[0:0::1]:3000", "http://[::1]:3000"),
            ("https://my_portal.example.com:08443", "https://my_portal.example.com:8443"),
        ] {
            let origin = Origin::parse(written).unwrap();
            assert_eq!(origin, Origin::Page(HeaderValue::from_static(sent)), "{written}");
            assert!(origin.matches(&HeaderValue::from_static(sent)), "{written}");
            assert!(!origin.matches(&HeaderValue::from_static("https://evil.example.com")), "{written}");
            assert!(!origin.matches(&HeaderValue::from_static("null")), "{written}");
        }
        let origin = Origin::parse("https://portal.example.com").unwrap();
        assert!(origin.matches(&HeaderValue::from_static("https://PORTAL.example.com:443")));
        assert!(!origin.matches(&HeaderValue::from_static("http://portal.example.com")));
        assert_eq!(Origin::parse("*"), Ok(Origin::Any));
    }

    #[test]
    fn an_entry_that_no_origin_matches_is_refused() {
        for wrong in [
            "",
            "null",
            "portal.example.com",
            "//portal.example.com",
            "https:portal.example.com",
            "https://",
            "https://portal.example.com/app",
            "https://portal.example.com?x",
            "https://portal.example.com#x",
            "https://me@portal.example.com",
            "https://*.example.com",
            "https://portal.example.com:99999",
            "ftp://portal.example.com",
            "chrome-extension://portal",
        ] {
            let error = Origin::parse(wrong).unwrap_err();
            assert!(
                error.starts_with("expected a comma-separated list of origins like https://portal.example.com"),
                "{wrong}"
            );
        }
    }

    fn may(origin: &[&'static str], host: &'static str, allowed: &[Origin]) -> bool {
        let mut headers = HeaderMap::new();
        for origin in origin {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers.insert(header::HOST, HeaderValue::from_static(host));
        may_connect(&Uri::from_static("/graphql"), &headers, allowed)
    }

    #[test]
    fn only_own_pages_and_those_of_the_setting_may_open_a_websocket() {
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
