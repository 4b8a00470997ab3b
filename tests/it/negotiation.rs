//! In which form `/graphql` answers, and in which it takes a body.

use axum::http::StatusCode;
use promograph::http::Origin;
use promograph::limits::RequestLimits;
use serde_json::json;

use crate::support::{TestApp, TestDatabase, escaped, on_both};

const JSON: (&str, &str) = ("content-type", "application/json");
const PLAIN: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
const EVENTS: &str = "text/event-stream; charset=utf-8";

#[tokio::test]
async fn the_accept_header_chooses_the_form_by_weight_for_post_and_get() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let body = json!({"query": "{ __typename }"}).to_string();
        let path = format!("/graphql?query={}", escaped("{ __typename }"));
        for (accept, form) in [
            ("*/*", PLAIN),
            ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
            ("application/graphql-response+json;q=0.8, application/json;q=0.9", PLAIN),
            ("application/json;q=0, */*", GRAPHQL),
            ("text/event-stream;q=0, */*", PLAIN),
            ("text/event-stream, application/json", PLAIN),
            ("text/event-stream, application/json;q=0.9", EVENTS),
            ("text/event-stream, */*;q=0", EVENTS),
        ] {
            let headers = [JSON, ("accept", accept)];
            for response in [
                admin.raw("POST", "/graphql", &headers, body.clone()).await,
                admin.raw("GET", &path, &headers[1..], "").await,
            ] {
                assert_eq!(
                    (response.status(), response.headers()["content-type"].to_str().unwrap()),
                    (StatusCode::OK, form),
                    "{accept}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_client_takes_in_no_form_is_refused_before_it_is_run() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let admin = app.admin();
        let mutation = json!({"query": "mutation { replayEvents(input: { types: [\"none\"] }) { replayed } }"});
        for accept in
            ["text/html", "*/*;q=0", "application/json;q=0", "text/event-stream;q=0, application/json;q=0.000"]
        {
            let headers = [JSON, ("accept", accept)];
            for answer in [
                admin.send("POST", "/graphql", &headers, mutation.to_string()).await,
                admin.send("GET", "/graphql?query=%7B__typename%7D", &headers[1..], "").await,
            ] {
                assert_eq!(
                    (answer.status, answer.codes()),
                    (StatusCode::NOT_ACCEPTABLE, vec!["NOT_ACCEPTABLE"]),
                    "{accept}"
                );
                assert_eq!((answer.headers["content-type"].to_str().unwrap(), answer.body.get("data")), (PLAIN, None));
            }
            // Who may not ask learns nothing else.
            assert_eq!(app.anonymous().send("POST", "/graphql", &headers, "").await.status, StatusCode::UNAUTHORIZED);
        }
    })
    .await;
}

#[tokio::test]
async fn a_subscription_is_not_streamed_to_who_refuses_event_streams() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let body = json!({"query": "subscription { leadChanged { lastEventId } }"}).to_string();
        for accept in ["text/event-stream;q=0, */*", "*/*", "application/graphql-response+json"] {
            let answer = admin.send("POST", "/graphql", &[JSON, ("accept", accept)], body.clone()).await;
            assert_eq!(answer.codes(), ["BAD_REQUEST"], "{accept}");
        }
        let both = "application/json;q=0.9, text/event-stream;q=0.1";
        let response = admin.raw("POST", "/graphql", &[JSON, ("accept", both)], body).await;
        assert_eq!(response.headers()["content-type"], EVENTS);
    })
    .await;
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let body = json!({"query": "{ __typename }"}).to_string();
        for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
            let headers = [JSON, ("content-encoding", coding)];
            let answer = admin.send("POST", "/graphql", &headers, body.clone()).await;
            let refused = (StatusCode::UNSUPPORTED_MEDIA_TYPE, vec!["UNSUPPORTED_MEDIA_TYPE"]);
            assert_eq!((answer.status, answer.codes()), refused, "{coding}");
            assert!(answer.text.contains("Content-Encoding"), "{answer:?}");
        }
        let answer = admin.send("POST", "/graphql", &[JSON, ("content-encoding", "identity")], body).await;
        assert_eq!(answer.data(), json!({"__typename": "Query"}));
    })
    .await;
}

#[tokio::test]
async fn a_member_given_twice_is_refused_wherever_it_stands() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        for body in [
            r#"{"query": "{ __typename }", "query": "{ viewer { role } }"}"#,
            r#"{"query": "{ __typename }", "variables": {}, "variables": null}"#,
            r#"{"query": "{ __typename }", "variables": {"a": 1, "a": 2}}"#,
            r#"{"query": "{ __typename }", "extensions": {"x": {"y": 1, "y": 2}}}"#,
        ] {
            for body in [body.to_owned(), format!("[{body}]")] {
                let answer = admin.send("POST", "/graphql", &[JSON], body.clone()).await;
                assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["BAD_REQUEST"]), "{body}");
                assert!(answer.text.contains("a member is given twice at line 1"), "{answer:?}");
            }
        }
        let deep = format!(r#"{{"query": "{{a}}", "variables": {{"a": {}1{}}}}}"#, "[".repeat(200), "]".repeat(200));
        let answer = admin.send("POST", "/graphql", &[JSON], deep).await;
        assert_eq!(answer.codes(), ["BAD_REQUEST"]);
        assert_eq!(answer.body["errors"][0]["extensions"]["rule"], "jsonNesting");
    })
    .await;
}

#[tokio::test]
async fn a_cache_is_told_by_which_headers_answers_differ() {
    on_both(async |test: TestDatabase| {
        let page = Origin::Page("https://portal.example.com".parse().unwrap());
        let app = TestApp::with(&test, RequestLimits::default(), |state| state.cors_origins = vec![page]);
        let path = format!("/graphql?query={}", escaped("{ promoters { totalCount } }"));
        let origin = ("origin", "https://portal.example.com");
        let first = app.admin().send("GET", &path, &[origin], "").await;
        let tag = first.headers["etag"].to_str().unwrap();
        let again = app.admin().send("GET", &path, &[origin, ("if-none-match", tag)], "").await;
        assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::NOT_MODIFIED));
        for answer in [&first, &again] {
            let lines = answer.headers.get_all("vary").iter().map(|line| line.to_str().unwrap());
            let vary = lines.collect::<Vec<_>>().join(", ");
            for name in ["accept", "accept-encoding", "authorization", "origin"] {
                assert!(vary.split(", ").any(|named| named == name), "{name}: {vary}");
            }
            assert_eq!(answer.headers["access-control-allow-origin"], "https://portal.example.com");
        }
        // The same document in the other form is another answer.
        let other = [origin, ("if-none-match", tag), ("accept", GRAPHQL)];
        assert_eq!(app.admin().send("GET", &path, &other, "").await.status, StatusCode::OK);
        // A refusal is nobody's to keep.
        let refused = app.anonymous().send("GET", &path, &[origin], "").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.headers["cache-control"], "no-store");
    })
    .await;
}
