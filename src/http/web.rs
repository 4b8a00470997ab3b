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

/// Routes for the pages and their files. The pages show `token_command`, which names paths, to who sits at this machine.
pub fn router<S: Clone + Send + Sync + 'static>(token_command: Option<Arc<str>>) -> Router<S> {
    let page = |path: &'static str| {
        let token_command = token_command.clone();
        get(async move |headers: HeaderMap| match &token_command {
            Some(command) if is_local(&headers) => with_command(path, command),
            _ => answer(path, &headers),
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

/// What the browser lets the file do. GraphiQL's editor writes its colours as inline styles; nothing else may.
fn content_security_policy(path: &str) -> String {
    let style = if path == GRAPHIQL { " 'unsafe-inline'" } else { "" };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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

/// The page, with the command in its head.
fn with_command(path: &'static str, command: &str) -> Response {
    let page = ASSETS.iter().find(|asset| asset.path == path).map(plain);
    let Some(Ok(page)) = page else { return ApiError::internal().into_response() };
    let command = command.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let meta = format!("<meta name=\"promograph-token-command\" content=\"{command}\" />\n  </head>");
    let page = String::from_utf8_lossy(&page).replacen("</head>", &meta, 1);
    (common(path, "no-store"), [(header::CONTENT_TYPE, content_type(path))], page).into_response()
}

fn answer(path: &str, request: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        let problem = ApiError::new(ErrorCode::NotFound, "There is no such file");
        return (common(path, "no-store"), problem).into_response();
    };
    // The names of all but the pages change with their content.
    let caching = if asset.path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tagged = [(header::ETAG, asset.etag), (header::VARY, "accept-encoding")];
    if names(request, &header::IF_NONE_MATCH, asset.etag) {
        return (StatusCode::NOT_MODIFIED, common(asset.path, caching), tagged).into_response();
    }
    let typed = [(header::CONTENT_TYPE, content_type(asset.path))];
    if asset.gzip && names(request, &header::ACCEPT_ENCODING, "gzip") {
        return (common(asset.path, caching), tagged, typed, [(header::CONTENT_ENCODING, "gzip")], asset.bytes)
            .into_response();
    }
    match plain(asset) {
        Ok(bytes) => (common(asset.path, caching), tagged, typed, bytes).into_response(),
        Err(_) => ApiError::internal().into_response(),
    }
}

fn common(path: &str, caching: &'static str) -> impl IntoResponseParts {
    (
        [(header::CONTENT_SECURITY_POLICY, content_security_policy(path))],
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
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router::<()>(Some("issue --data-dir \"a<b\"".into()))
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
}
