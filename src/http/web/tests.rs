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
    router::<()>(&Arc::new(sign_in)).oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
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
        assert!(response.headers()["content-security-policy"].to_str().expect("text").contains("connect-src 'self';"));
    }
}
