//! The webhook path: its spellings, other methods, and that its token stays secret.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Answered, Promograph, Socket, TOKEN, TestApp, TestDatabase, Webhooks, fixture, on_both};

const URL: &str = "/webhooks/firstpromoter/webhook-token-of-the-tests";

#[tokio::test]
async fn a_get_with_a_valid_token_is_answered_with_the_time_of_the_last_webhook() {
    on_both(async |test: TestDatabase| {
        let webhooks =
            Webhooks::with(&test.database, &format!("{TOKEN},strict-token-0123456789:required"), "a-secret-0123456789");
        let get = async |headers: &[(&str, &str)]| webhooks.request("GET", URL, headers, "").await;
        let message = |answered: &Answered| answered.body["message"].as_str().unwrap().to_owned();
        let before = get(&[]).await;
        assert_eq!((before.code, before.body["status"].as_str()), (StatusCode::OK, Some("ready")));
        assert!(
            message(&before).contains("webhooks") && message(&before).ends_with("none has come yet."),
            "{}",
            message(&before)
        );
        webhooks.deliver(fixture("lead_signup")).await;
        let stored = webhooks.events().await.pop().unwrap();
        let second =
            |ms: i64| chrono::DateTime::from_timestamp_millis(ms).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let after = message(&get(&[]).await);
        assert!(after.contains(&second(stored.received_at)), "{after}");
        // Another process answers the same.
        let other = Webhooks::new(&test.database).request("GET", URL, &[], "").await;
        assert!(message(&other).contains(&second(stored.received_at)), "{}", message(&other));
        let strict = webhooks.request("GET", "/webhooks/firstpromoter/strict-token-0123456789", &[], "").await;
        assert_eq!(strict.code, StatusCode::OK);
        let header = webhooks.request("GET", "/webhooks/firstpromoter", &[("x-webhook-token", TOKEN)], "").await;
        assert_eq!(header.code, StatusCode::OK);
        for path in
            ["/webhooks/firstpromoter", "/webhooks/firstpromoter/wrong-token-0123456789", "/webhooks/firstpromoter/%ff"]
        {
            let wrong = webhooks.request("GET", path, &[], "").await;
            let posted = webhooks.post(path, &[], "").await;
            assert_eq!((wrong.code, &wrong.body), (StatusCode::UNAUTHORIZED, &posted.body), "{path}");
        }
        assert_eq!(webhooks.events().await.len(), 1, "a GET stores nothing");
    })
    .await;
}

#[tokio::test]
async fn a_path_in_another_spelling_takes_webhooks_too() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let user = app.anonymous();
        let body = |id: usize| format!(r#"{{"event":{{"id":{id},"type":"lead_signup"}},"data":{{}}}}"#);
        let escaped = TOKEN.replace('-', "%2D");
        let paths = [
            format!("//webhooks/firstpromoter/{TOKEN}"),
            format!("/webhooks//firstpromoter/{TOKEN}"),
            format!("/webhooks/firstpromoter//{TOKEN}"),
            format!("/webhooks/firstpromoter/{TOKEN}//"),
            format!("/webhooks/firstpromoter/{escaped}"),
            format!("/webhooks/firstpromoter%2F{TOKEN}"),
            format!("/webhooks/%66irstpromoter/{TOKEN}%20"),
            format!("/Webhooks/FirstPromoter/{TOKEN}/?x=1"),
        ];
        for (id, path) in paths.iter().enumerate() {
            let posted = user.send("POST", path, &[], body(id)).await;
            assert_eq!((posted.status, &posted.body["status"]), (StatusCode::OK, &json!("kept")), "{path}");
            let got = user.send("GET", path, &[], "").await;
            assert_eq!((got.status, &got.body["status"]), (StatusCode::OK, &json!("ready")), "{path}");
            let probed = user.send("HEAD", path, &[], "").await;
            assert_eq!((probed.status, probed.text.as_str()), (StatusCode::OK, ""), "{path}");
            let wrong = user.send("POST", &path.replace("of", "0f"), &[], body(id)).await;
            assert_eq!(
                (wrong.status, &wrong.body["status"]),
                (StatusCode::UNAUTHORIZED, &json!("unauthenticated")),
                "{path}"
            );
        }
        let bare = user.send("POST", "//webhooks/firstpromoter", &[("x-webhook-token", TOKEN)], body(99)).await;
        assert_eq!(bare.status, StatusCode::OK);
        for path in [format!("/webhook/firstpromoter/{TOKEN}"), format!("/webhooks/firstpromoter/{TOKEN}/x")] {
            assert_eq!(user.send("POST", &path, &[], body(0)).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn no_spelling_of_a_path_brings_its_token_into_the_log_or_the_metrics() {
    let promograph = Promograph::new().with("PROMOGRAPH_LOG", "debug");
    let server = promograph.serve().await;
    let mut socket = Socket::connect(&server.address).await.unwrap();
    let (token, escaped) = ("webhook-token-of-the-tests", "webhook%2Dtoken-of-the-tests");
    for path in [
        format!("/webhooks/firstpromoter/{token}"),
        format!("//webhooks/firstpromoter/{token}"),
        format!("/webhooks/firstpromoter//{token}"),
        format!("/webhooks/firstpromoter%2F{token}"),
        format!("/webhooks/firstpromoter/{escaped}"),
        format!("/webhooks/firstpromoter/{token}/more"),
        format!("/nowhere/{token}?{token}"),
        format!("/graphql/{token}"),
    ] {
        for body in [&b"{}"[..], b"no JSON"] {
            socket.post(&path, "x", body).await.unwrap();
        }
    }
    let admin = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let request = format!("GET /metrics HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {admin}\r\n\r\n");
    socket.write(request).await.unwrap();
    let metrics = socket.answer().await.unwrap().1;
    assert!(metrics.contains("promograph_"), "{metrics}");
    for text in [server.log(), metrics] {
        assert!(!text.contains(token) && !text.contains(escaped), "{text}");
    }
}
