//! Where a web page comes from, in a setting and in what a browser sends.

use axum::http::HeaderValue;
use url::Url;

/// Where a web page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Any page.
    Any,
    /// Pages of this scheme, host and port, as a browser sends it in `Origin`.
    Page(HeaderValue),
}

impl Origin {
    /// Whether a page of this origin is meant, given as it stands in the header `Origin`.
    #[must_use]
    pub fn is_of(&self, page: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            // Browsers write it one way; what else writes it may do so in another.
            Self::Page(known) => {
                known == page || page.to_str().ok().and_then(normalised).is_some_and(|page| page == *known)
            }
        }
    }

    /// Reads one entry of the setting, in whatever way a person writes an origin.
    ///
    /// # Errors
    /// When it is none: says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        normalised(text).map(Self::Page).ok_or_else(|| {
            "expected a comma list of origins like https://portal.example.com (http or https, no path, no wildcard in \
             it), or *"
                .to_owned()
        })
    }
}

/// An origin as browsers write it: in lower case, its host in ASCII, without the scheme's own port.
fn normalised(text: &str) -> Option<HeaderValue> {
    let url = text.contains("://").then(|| Url::parse(text).ok())??;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && (url.path(), url.query(), url.fragment()) == ("/", None, None)
        && (url.username(), url.password()) == ("", None)
        && url.host_str().is_some_and(|host| !host.contains('*'));
    is_origin.then(|| HeaderValue::try_from(url.origin().ascii_serialization()).ok())?
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
            assert!(origin.is_of(&HeaderValue::from_static(sent)), "{written}");
            assert!(!origin.is_of(&HeaderValue::from_static("https://evil.example.com")), "{written}");
            assert!(!origin.is_of(&HeaderValue::from_static("null")), "{written}");
        }
        let origin = Origin::parse("https://portal.example.com").unwrap();
        assert!(origin.is_of(&HeaderValue::from_static("https://PORTAL.example.com:443")));
        assert!(!origin.is_of(&HeaderValue::from_static("http://portal.example.com")));
        assert_eq!(Origin::parse("*"), Ok(Origin::Any));
    }

    #[test]
    fn what_would_never_match_is_refused() {
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
            assert!(error.starts_with("expected a comma list of origins like https://portal.example.com"), "{wrong}");
        }
    }
}
