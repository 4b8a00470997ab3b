//! The pages: the dashboard at `/` and GraphiQL at `/graphiql`, built from `web/` and embedded by `build.rs`.
//!
//! Open to everybody and free of data: a page asks for a token, and `/graphql` judges it. Nothing
//! is fetched from elsewhere, and the `Content-Security-Policy` holds the browser to that.

use std::{borrow::Cow, io::Read as _, net::IpAddr, sync::Arc};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, IntoResponseParts, Response},
    routing::get,
};
use flate2::read::GzDecoder;
use serde_json::json;
use url::Url;

use crate::error::{ApiError, ErrorCode};

/// One embedded file.
struct Asset {
    /// Its path below `/`.
    path: &'static str,
    /// Whether `bytes` are compressed: whatever gets smaller by it is, once, at build time.
    gzip: bool,
    /// Its entity tag, quotes included.
    etag: &'static str,
    bytes: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/web_assets.rs"));

const DASHBOARD: &str = "index.html";
const GRAPHIQL: &str = "graphiql.html";

/// The ways to a token that the pages show.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// The command that issues one. It names paths, so only a browser on this machine is told.
    pub token_command: Option<String>,
    /// The client that the pages are at the identity provider.
    pub client: Option<OidcClient>,
}

/// A client of an `OpenID` provider, as the pages are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcClient {
    /// The provider's issuer: an `https` URL, or `http` on this machine.
    pub issuer: Url,
    /// The id that the provider gave to this client.
    pub client_id: String,
    /// The audience of the tokens.
    pub audience: String,
    /// Scopes that are asked for, separated by spaces.
    pub scope: String,
}

/// Routes for the pages and their files.
pub fn router<S: Clone + Send + Sync + 'static>(sign_in: &Arc<SignIn>) -> Router<S> {
    let page = |path: &'static str| {
        let sign_in = sign_in.clone();
        get(async move |headers: HeaderMap| {
            let tags = sign_in.tags(&headers);
            if tags.is_empty() { answer(path, &headers) } else { with_tags(path, &tags, sign_in.client.as_ref()) }
        })
    };
    let asset = async |Path(path): Path<String>, headers: HeaderMap| answer(&format!("assets/{path}"), &headers);
    Router::new()
        .route("/", page(DASHBOARD))
        .route("/graphiql", page(GRAPHIQL))
        // The pages name their files relative to `/`. Relative: a proxy may serve this server below a path of its own.
        .route("/graphiql/", get(async || (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "../graphiql")])))
        .route("/assets/{*path}", get(asset))
}

impl SignIn {
    /// The tags for the head of a page that this request asks for.
    fn tags(&self, request: &HeaderMap) -> String {
        let command = self.token_command.as_ref().filter(|_| is_local(request)).cloned();
        let client = self.client.as_ref().map(|OidcClient { issuer, client_id, audience, scope }| {
            json!({ "issuer": issuer.as_str(), "clientId": client_id, "audience": audience, "scope": scope })
                .to_string()
        });
        [("promograph-token-command", command), ("promograph-identity-provider", client)]
            .into_iter()
            .filter_map(|(name, content)| {
                let content = content?.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
                Some(format!("<meta name=\"{name}\" content=\"{content}\" />\n  "))
            })
            .collect()
    }
}

/// What the browser lets the file do. GraphiQL's editor writes its colours as inline styles; nothing else may. The
/// script of a page asks this server, and the identity provider if there is one.
fn content_security_policy(path: &str, client: Option<&OidcClient>) -> String {
    let style = if path == GRAPHIQL { " 'unsafe-inline'" } else { "" };
    let provider =
        client.map(|client| format!(" {}", client.issuer.origin().ascii_serialization())).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'{provider}; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Whether a browser on this machine asks, without a proxy between.
fn is_local(request: &HeaderMap) -> bool {
    let forwards = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
    let host = request.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    (name == "localhost" || address.is_ok_and(|address| address.is_loopback()))
        && !forwards.iter().any(|name| request.contains_key(*name))
}

/// The page, with these tags in its head.
fn with_tags(path: &'static str, tags: &str, client: Option<&OidcClient>) -> Response {
    let page = ASSETS.iter().find(|asset| asset.path == path).map(plain);
    let Some(Ok(page)) = page else { return ApiError::internal().into_response() };
    let page = String::from_utf8_lossy(&page).replacen("</head>", &format!("{tags}</head>"), 1);
    (common(path, "no-store", client), [(header::CONTENT_TYPE, content_type(path))], page).into_response()
}

fn answer(path: &str, request: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        let problem = ApiError::new(ErrorCode::NotFound, "There is no such file");
        return (common(path, "no-store", None), problem).into_response();
    };
    // The names of all but the pages change with their content.
    let caching = if asset.path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tagged = [(header::ETAG, asset.etag), (header::VARY, "accept-encoding")];
    if names(request, &header::IF_NONE_MATCH, asset.etag) {
        return (StatusCode::NOT_MODIFIED, common(asset.path, caching, None), tagged).into_response();
    }
    let typed = [(header::CONTENT_TYPE, content_type(asset.path))];
    if asset.gzip && names(request, &header::ACCEPT_ENCODING, "gzip") {
        return (common(asset.path, caching, None), tagged, typed, [(header::CONTENT_ENCODING, "gzip")], asset.bytes)
            .into_response();
    }
    match plain(asset) {
        Ok(bytes) => (common(asset.path, caching, None), tagged, typed, bytes).into_response(),
        Err(_) => ApiError::internal().into_response(),
    }
}

fn common(path: &str, caching: &'static str, client: Option<&OidcClient>) -> impl IntoResponseParts {
    (
        [(header::CONTENT_SECURITY_POLICY, content_security_policy(path, client))],
        [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (header::CACHE_CONTROL, caching),
        ],
    )
}

/// Whether a comma-separated header lists `value`, not counting what it lists with a weight of zero.
fn names(request: &HeaderMap, header: &HeaderName, value: &str) -> bool {
    request.get_all(header).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().trim_start_matches("W/");
        name.eq_ignore_ascii_case(value) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The file itself, for the rare client that takes no gzip.
fn plain(asset: &Asset) -> std::io::Result<Cow<'static, [u8]>> {
    if !asset.gzip {
        return Ok(Cow::Borrowed(asset.bytes));
    }
    let mut bytes = Vec::new();
    GzDecoder::new(asset.bytes).read_to_end(&mut bytes)?;
    Ok(Cow::Owned(bytes))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "ttf" => "font/ttf",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
