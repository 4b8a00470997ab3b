//! Which web pages may call, and what they may send and read.

use axum::http::StatusCode;
use promograph::http::Origin;
use promograph::limits::RequestLimits;

use crate::support::{TestApp, TestDatabase, on_both};

#[tokio::test]
async fn only_named_web_pages_may_call() {
    on_both(async |test: TestDatabase| {
        let page = Origin::Page("https://portal.example.com".parse().unwrap());
        let app = TestApp::with(&test, RequestLimits::default(), |state| state.cors_origins = vec![page]);
        let ask = async |origin| {
            let headers = [("origin", origin), ("access-control-request-method", "POST")];
            let answer = app.anonymous().send("OPTIONS", "/graphql", &headers, "").await;
            answer.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(ask("https://portal.example.com").await.as_deref(), Some("https://portal.example.com"));
        assert_eq!(ask("https://evil.example.com").await, None);
        let closed = TestApp::new(&test).anonymous();
        let answer = closed.send("OPTIONS", "/graphql", &[("origin", "https://portal.example.com")], "").await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_told_before_it_sends_what_a_named_page_may_send() {
    on_both(async |test: TestDatabase| {
        let page = Origin::Page("https://portal.example.com".parse().unwrap());
        let app = TestApp::with(&test, RequestLimits::default(), |state| {
            state.cors_origins = vec![page];
            state.cors_headers = vec!["x-tenant".parse().unwrap()];
        });
        let headers = [
            ("origin", "https://portal.example.com"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization, content-type, traceparent, x-tenant"),
        ];
        // A preflight carries no token.
        let answer = app.anonymous().send("OPTIONS", "/graphql", &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK);
        let told = |name: &str| answer.headers[name].to_str().unwrap().to_ascii_lowercase();
        assert_eq!(told("access-control-allow-origin"), "https://portal.example.com");
        let allowed = told("access-control-allow-headers");
        let allowed: Vec<_> = allowed.split(',').map(str::trim).collect();
        for name in ["authorization", "content-type", "accept", "if-none-match", "cache-control", "last-event-id"]
            .into_iter()
            .chain(["traceparent", "tracestate", "baggage", "sentry-trace", "x-request-id", "x-tenant"])
            .chain(["apollographql-client-name", "apollographql-client-version"])
        {
            assert!(allowed.contains(&name), "{name}: {allowed:?}");
        }
        assert_eq!(told("access-control-allow-methods"), "get,post");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"), "cookies are never taken");
        // Also what is refused can be read by the page.
        let refused = app.anonymous().send("POST", "/graphql", &headers[..1], "{}").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.headers["access-control-allow-origin"], "https://portal.example.com");
        let exposed = refused.headers["access-control-expose-headers"].to_str().unwrap();
        for name in ["x-request-id", "www-authenticate", "retry-after", "ratelimit-remaining", "etag"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    })
    .await;
}
