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
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::*;

    async fn get_with(path: &str, headers: &[(&str, &str)]) -> Response {
        let token_command = Some("issue --data-dir \"a<b\"".to_owned());
        get_from(SignIn { token_command, client: None }, path, headers).await
    }

    async fn get_from(sign_in: SignIn, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router::<()>(&Arc::new(sign_in))
            .oneshot(request.body(Body::empty()).expect("a request"))
            .await
            .expect("an answer")
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_page_is_html_under_a_policy_that_names_no_other_origin_and_only_graphiql_writes_styles() {
        for path in ["/", "/graphiql"] {
            let response = get_with(path, &[]).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            assert_eq!(response.headers()["referrer-policy"], "no-referrer");
            assert_eq!(response.headers()["cache-control"], "no-cache");
            let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
            assert!(policy.contains("script-src 'self';") && !policy.contains("http") && !policy.contains('*'));
            assert_eq!(policy.contains("unsafe-inline"), path == "/graphiql");
            assert!(text(response).await.contains("<title>Promograph"));
        }
    }

    fn address(asset: &Asset) -> String {
        match asset.path {
            DASHBOARD => "/".to_owned(),
            GRAPHIQL => "/graphiql".to_owned(),
            path => format!("/{path}"),
        }
    }

    #[tokio::test]
    async fn a_trailing_slash_leads_to_graphiql_itself() {
        let response = get_with("/graphiql/", &[]).await;
        assert_eq!(response.headers()["location"], "../graphiql");
    }

    #[tokio::test]
    async fn every_file_has_a_known_type_and_is_the_same_compressed_and_plain() {
        for asset in ASSETS {
            let path = address(asset);
            let response = get_with(&path, &[("accept-encoding", "br, gzip;q=0.5")]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_ne!(response.headers()["content-type"], "application/octet-stream", "{path}");
            assert_eq!(response.headers().contains_key("content-encoding"), asset.gzip, "{path}");
            let refused = get_with(&path, &[("accept-encoding", "gzip;q=0")]).await;
            assert!(!refused.headers().contains_key("content-encoding"), "{path}");
            assert!(!asset.gzip || plain(asset).expect("gzip").len() > asset.bytes.len(), "{path}");
        }
    }

    #[tokio::test]
    async fn a_copy_that_is_still_good_is_not_sent_again() {
        for asset in ASSETS {
            let response = get_with(&address(asset), &[("if-none-match", asset.etag)]).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{}", asset.path);
        }
    }

    #[tokio::test]
    async fn a_file_that_does_not_exist_is_not_found() {
        assert_eq!(get_with("/assets/none.js", &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(get_with("/assets/../Cargo.toml", &[]).await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn the_way_to_a_token_names_paths_only_to_who_sits_at_this_machine() {
        let expected = r#"<meta name="promograph-token-command" content="issue --data-dir &quot;a&lt;b&quot;" />"#;
        for host in ["127.0.0.1:8080", "localhost:8080", "localhost", "[::1]:8080"] {
            let response = get_with("/graphiql", &[("host", host)]).await;
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert!(text(response).await.contains(expected), "{host}");
        }
        for others in [
            &[("host", "promograph.example.com")][..],
            &[("host", "10.0.0.1:8080")],
            &[("host", "127.0.0.1.example.com")],
            &[("host", "localhost:8080"), ("x-forwarded-for", "10.0.0.1")],
            &[],
        ] {
            assert!(!text(get_with("/graphiql", others).await).await.contains("data-dir"), "{others:?}");
        }
    }

    #[tokio::test]
    async fn with_a_client_at_a_provider_the_pages_name_it_and_may_ask_its_origin_alone() {
        let client = OidcClient {
            issuer: "https://sso.example.com:8443/realms/a?\"<".parse().expect("a URL"),
            client_id: "page\"><script>".to_owned(),
            audience: "promograph".to_owned(),
            scope: "openid".to_owned(),
        };
        let sign_in = SignIn { token_command: None, client: Some(client) };
        for path in ["/", "/graphiql"] {
            let response = get_from(sign_in.clone(), path, &[("host", "promograph.example.com")]).await;
            assert_eq!(response.headers()["cache-control"], "no-store");
            let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
            assert!(policy.contains("connect-src 'self' https://sso.example.com:8443;"), "{policy}");
            let page = text(response).await;
            let content = r#"content="{&quot;audience&quot;:&quot;promograph&quot;,&quot;clientId&quot;:&quot;page\&quot;>&lt;script>&quot;"#;
            assert!(page.contains(content), "{page}");
            assert!(!page.contains("data-dir"));
        }
        let asset = ASSETS.iter().find(|asset| asset.path.starts_with("assets/")).map(address);
        if let Some(asset) = asset {
            let response = get_from(sign_in, &asset, &[]).await;
            assert!(
                response.headers()["content-security-policy"].to_str().expect("text").contains("connect-src 'self';")
            );
        }
    }
}
