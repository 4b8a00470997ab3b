//! The share of each caller.

use axum::http::{HeaderMap, StatusCode};
use promograph::{
    auth::Viewer,
    http::Origin,
    limits::{RateLimits, RequestLimits},
};
use serde_json::json;

use crate::support::{Promograph, Socket, TestApp, TestDatabase, fixture, live::Wire, on_both, set_rates};

fn app(test: &TestDatabase, rate_points: u32, rate_refusals: u32) -> TestApp {
    let rates = RateLimits { rate_points, rate_refusals, ..RateLimits::default() };
    TestApp::with(test, RequestLimits::default(), |state| set_rates(state, &rates))
}

fn number(headers: &HeaderMap, name: &str) -> u64 {
    headers[name].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn every_answer_tells_what_is_left_and_one_request_too_many_is_told_when_to_come_back() {
    on_both(async |test: TestDatabase| {
        let app = app(&test, 3, 60);
        let analyst = app.analyst(false);
        for left in [2, 1, 0] {
            let answer = analyst.query("{ __typename }").await;
            assert_eq!(answer.status, StatusCode::OK);
            let told = ["ratelimit-limit", "ratelimit-remaining"].map(|name| number(&answer.headers, name));
            assert_eq!(told, [3, left]);
            assert!((1..=60).contains(&number(&answer.headers, "ratelimit-reset")));
            assert_eq!(answer.headers["ratelimit-policy"], "3;w=60");
        }
        let answer = analyst.query("{ __typename }").await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::TOO_MANY_REQUESTS, vec!["RATE_LIMITED"]));
        assert!((1..=20).contains(&number(&answer.headers, "retry-after")));
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!([&extensions["rule"], &extensions["setting"]], ["ratePoints", "PROMOGRAPH_RATE_POINTS"]);
        assert_eq!([&extensions["limit"], &extensions["actual"]], [3, 4]);
        // Others have a share of their own, also those whose tokens have the same subject.
        for other in [app.admin(), app.promoter(7), app.promoter(8)] {
            assert_eq!(other.query("{ __typename }").await.status, StatusCode::OK);
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_request_costs_is_taken_before_it_is_read() {
    on_both(async |test: TestDatabase| {
        let app = app(&test, 30, 60);
        let admin = app.admin();
        let large = "{ promoters(first: 100) { nodes { leads(first: 20) { nodes { id } } } } }";
        let answer = admin.query(large).await;
        assert_eq!((answer.status, number(&answer.headers, "ratelimit-remaining")), (StatusCode::OK, 8));
        let answer = admin.query(large).await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::TOO_MANY_REQUESTS, vec!["RATE_LIMITED"]));
        assert!((1..=60).contains(&number(&answer.headers, "retry-after")));
        assert_eq!(answer.body["extensions"]["cost"]["requested"], json!(2_100));
        let small = admin.query("{ promoters(first: 100) { nodes { id } } }").await;
        assert_eq!((small.status, number(&small.headers, "ratelimit-remaining")), (StatusCode::OK, 5));
    })
    .await;
}

#[tokio::test]
async fn who_asks_for_more_than_a_share_ever_holds_is_not_told_to_come_back() {
    on_both(async |test: TestDatabase| {
        let admin = app(&test, 21, 60).admin();
        // One point for the request, and one for every 100 of 2,100 objects.
        let large = "{ promoters(first: 100) { nodes { leads(first: 20) { nodes { id } } } } }";
        for _ in 0..2 {
            let answer = admin.query(large).await;
            assert_eq!(answer.codes(), ["LIMIT_EXCEEDED"]);
            assert!(!answer.headers.contains_key("retry-after"), "{answer:?}");
            let told = &answer.body["errors"][0]["extensions"];
            assert_eq!([&told["rule"], &told["setting"]], ["ratePoints", "PROMOGRAPH_RATE_POINTS"]);
            assert_eq!(
                ([&told["limit"], &told["actual"]], told.get("retryAfterSeconds")),
                ([&json!(21), &json!(22)], None)
            );
        }
        // Who waits for a full share can have all of it.
        let admin = app(&test, 22, 60).admin();
        assert_eq!(admin.query(large).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn guessing_tokens_ends_while_valid_ones_from_the_same_address_still_count() {
    on_both(async |test: TestDatabase| {
        let app = app(&test, 100, 3);
        for _ in 0..3 {
            assert_eq!(app.bearer("guess").query("{ __typename }").await.status, StatusCode::UNAUTHORIZED);
        }
        for stranger in [app.bearer("guess"), app.anonymous()] {
            let answer = stranger.query("{ __typename }").await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::TOO_MANY_REQUESTS, vec!["RATE_LIMITED"]));
            assert!((1..=20).contains(&number(&answer.headers, "retry-after")));
            assert_eq!(answer.body["errors"][0]["extensions"]["setting"], json!("PROMOGRAPH_RATE_REFUSALS"));
        }
        assert_eq!(app.client(Viewer::Admin).query("{ __typename }").await.status, StatusCode::OK);
        // From another address; the same count, whichever way they come.
        let address = app.listen().await;
        for _ in 0..3 {
            let mut wire = Wire::silent(address).await;
            wire.send(json!({"type": "connection_init", "payload": {"token": "guess"}})).await;
            assert_eq!(wire.closed().await, 4403);
        }
        let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer guess")];
        assert_eq!(Wire::upgrade(address, &headers).await.err(), Some(429));
        Wire::open(address, &app.token_of(Viewer::Admin)).await;
        // Losing an event is worse than taking too many.
        app.deliver(fixture("lead_signup")).await;
    })
    .await;
}

#[tokio::test]
async fn a_web_page_may_read_the_headers_about_limits() {
    on_both(async |test: TestDatabase| {
        let page = Origin::Page("https://portal.example.com".parse().unwrap());
        let app = TestApp::with(&test, RequestLimits::default(), |state| state.cors_origins = vec![page]);
        let headers = [("content-type", "application/json"), ("origin", "https://portal.example.com")];
        let answer = app.admin().send("POST", "/graphql", &headers, r#"{"query": "{ __typename }"}"#).await;
        let exposed = answer.headers["access-control-expose-headers"].to_str().unwrap();
        for name in ["x-request-id", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
            assert!(exposed.contains(name), "{exposed}");
            assert!(name == "retry-after" || answer.headers.contains_key(name), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn behind_a_proxy_the_address_is_the_one_that_the_proxy_tells() {
    let promograph =
        Promograph::new().with("PROMOGRAPH_RATE_REFUSALS", "1").with("PROMOGRAPH_TRUSTED_PROXIES", "127.0.0.0/8");
    let server = promograph.serve().await;
    let mut socket = Socket::connect(&server.address).await.unwrap();
    for (client, status) in [("192.0.2.1", 401), ("192.0.2.1", 429), ("192.0.2.2", 401), ("6.6.6.6, 192.0.2.2", 429)] {
        let request = format!("GET /graphql HTTP/1.1\r\nhost: test\r\nx-forwarded-for: {client}\r\n\r\n");
        socket.write(request).await.unwrap();
        assert_eq!(socket.answer().await.unwrap().0, status, "{client}");
    }
}
