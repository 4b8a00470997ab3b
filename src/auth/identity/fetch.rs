//! Fetches the key set over https: bounded in time and size, and only from the address in the settings.

use std::time::Duration;

use axum::http::{Request, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Timeout of a fetch.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum size, larger than any provider's key set.
const MAX_BYTES: usize = 256 * 1024;

/// Fetches one address.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    uri: Uri,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

impl Fetcher {
    /// For an `https` URL, or `http` on this machine.
    ///
    /// # Errors
    /// The expected value.
    pub fn new(url: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected the path of a file or a URL that starts with https:// (http:// only for \
                                this machine), without a user and a password";
        let uri: Uri = url.parse().map_err(|_| EXPECTED)?;
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let host = uri.host().filter(|host| !host.is_empty() && !has_user).ok_or(EXPECTED)?;
        if uri.scheme_str() != Some("https") && !is_this_machine(host) {
            return Err(EXPECTED);
        }
        // The system's certificate authorities, so that a company's own is trusted; otherwise those of browsers.
        let tls = HttpsConnectorBuilder::new().with_native_roots().unwrap_or_else(|error| {
            tracing::warn!(
                %error,
                "neither the system nor SSL_CERT_FILE or SSL_CERT_DIR names a certificate authority: those that \
                 browsers know count for PROMOGRAPH_JWKS"
            );
            HttpsConnectorBuilder::new().with_webpki_roots()
        });
        let client = Client::builder(TokioExecutor::new()).build(tls.https_or_http().enable_http1().build());
        Ok(Self { uri, client })
    }

    /// The body of a successful response.
    ///
    /// # Errors
    /// The reason.
    pub async fn fetch(&self) -> Result<Bytes, String> {
        let fetched = tokio::time::timeout(FETCH_TIMEOUT, self.fetch_within_limits()).await;
        fetched.unwrap_or_else(|_| Err(format!("no answer within {} seconds", FETCH_TIMEOUT.as_secs())))
    }

    async fn fetch_within_limits(&self) -> Result<Bytes, String> {
        let request = Request::get(self.uri.clone())
            .header(header::ACCEPT, "application/jwk-set+json, application/json")
            .header(header::USER_AGENT, concat!("promograph/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())
            .map_err(|error| error.to_string())?;
        let response = self.client.request(request).await.map_err(|error| chain(&error))?;
        match response.status() {
            StatusCode::OK => {}
            // Everyone who could redirect us would choose the keys.
            status if status.is_redirection() => {
                return Err(format!("it answers {status}: name the address that it leads to"));
            }
            status => return Err(format!("it answers {status}")),
        }
        let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
        Ok(body
            .map_err(|error| format!("the answer was not read (at most {MAX_BYTES} bytes are): {error}"))?
            .to_bytes())
    }
}

/// Whether a URL's host is this machine, as browsers have it.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An error with its causes: the message of hyper alone says little.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for good in [
            "https://example.com/keys",
            "https://example.com:8443/keys?x=1",
            "http://127.0.0.1:80/keys",
            "http://[::1]/keys",
            "http://localhost:8080/realms/x",
        ] {
            assert!(Fetcher::new(good).is_ok(), "{good}");
        }
        for wrong in [
            "http://example.com/keys",
            "http://127.0.0.1.example.com/keys",
            "http://localhost.example.com/keys",
            "http://10.0.0.1/keys",
            "https://",
            "https://user:password@example.com/keys",
            "ftp://127.0.0.1.example.com/keys",
            "https://example.com/a b",
        ] {
            assert!(Fetcher::new(wrong).is_err(), "{wrong}");
        }
    }
}
