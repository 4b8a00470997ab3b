//! Answers: the status and the stored event of every kind of body.

use axum::http::StatusCode;
use promograph::projection::mirror::V1_EVENTS;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::support::{TOKEN, TestDatabase, Webhooks, all_fixtures, fixture, on_both};

const URL: &str = "/webhooks/firstpromoter/webhook-token-of-the-tests";

fn deep(levels: usize) -> String {
    format!(r#"{{"event":{{"id":1,"type":"lead_signup"}},"data":{}{}}}"#, "[".repeat(levels), "]".repeat(levels))
}

#[tokio::test]
async fn every_event_is_kept_once_and_fulfilment_never_gets_200() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for (name, _) in V1_EVENTS {
            let code = if *name == "fulfilment_pending" { StatusCode::ACCEPTED } else { StatusCode::OK };
            let first = webhooks.deliver(fixture(name)).await;
            assert_eq!((first.code, first.body["status"].as_str()), (code, Some("kept")), "{name}");
            let again = webhooks.deliver(fixture(name)).await;
            assert_eq!((again.code, again.body["status"].as_str()), (code, Some("duplicate")), "{name}");
            assert_eq!(first.body["id"], again.body["id"], "{name}");
        }
        let events = webhooks.events().await;
        assert_eq!(events.len(), V1_EVENTS.len());
        for (event, (name, _)) in events.iter().zip(V1_EVENTS) {
            assert_eq!((event.protocol.as_str(), event.event_type.as_str()), ("v1", *name));
            assert_eq!((event.status.as_str(), event.deliveries, event.attempts), ("pending", 2, 0));
            assert!(event.occurred_at.is_some() && event.received_at <= event.last_delivered_at, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_id_with_another_type_or_body_is_another_event() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for body in [
            r#"{"event":{"id":7,"type":"new_customer"},"data":1}"#,
            r#"{"event":{"id":7,"type":"lead_becomes_referral"},"data":1}"#,
            r#"{"event":{"id":7,"type":"new_customer"},"data":2}"#,
            r#"{"event":{"id":"7","type":"new_customer"},"data":2}"#,
        ] {
            assert_eq!(webhooks.deliver(body).await.body["status"], "kept", "{body}");
        }
        let ids: Vec<_> = webhooks.events().await.into_iter().map(|event| event.event_id).collect();
        assert_eq!(ids, ["7"; 4]);
    })
    .await;
}

#[tokio::test]
async fn every_body_with_an_envelope_is_accepted() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let long = format!(r#"{{"event":{{"id":"{0}","type":"{0}"}}}}"#, "é".repeat(20_000));
        let bodies: Vec<Vec<u8>> = [
            r#"{"event":{"id":"22736304","type":"lead_signup","created_at":"9999-12-31T23:59:59.999999999Z"},"data":{}}"#,
            r#"{"event":{"id":1e999,"type":"lead_signup","created_at":"soon"},"data":{"amount":1e999}}"#,
            r#"{"event":{"id":123456789012345678901234567890,"type":"a_new_type"},"data":{"id":18446744073709551616}}"#,
            r#"{"event":{"type":"lead_signup"}}"#,
            r#"{"event":{"id":null,"type":"lead_signup","created_at":5},"data":"text"}"#,
            r#"{"event":{"id":[1],"type":"lead_signup"},"data":[null]}"#,
            r#"{"event":{"id":2,"type":"lead_signup"},"data":{"email":"a\u0000b","note":"\ud800 \udfff\ud800"}}"#,
            r#"{"event":{"id":"\u0000","type":"a\u0000b\ud800"},"data":null}"#,
            r#"{"event":{"id":3,"id":4,"type":"x","type":"lead_signup"},"data":1,"data":{"id":1,"id":2}}"#,
            long.as_str(),
            deep(10_000).as_str(),
            deep(200_000).as_str(),
        ]
        .map(|body| body.as_bytes().to_vec())
        .into();
        let invalid_utf8 = b"{\"event\":{\"id\":5,\"type\":\"lead_signup\"},\"data\":{\"email\":\"\xff\xfe\xc3\"}}".to_vec();
        for body in bodies.into_iter().chain([invalid_utf8]) {
            let shown = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
            let answered = webhooks.deliver(body.clone()).await;
            assert_eq!((answered.code, answered.body["status"].as_str()), (StatusCode::OK, Some("kept")), "{shown}");
            let stored = webhooks.events().await.pop().unwrap();
            assert_eq!(answered.body["id"], stored.id);
            assert_eq!((stored.status.as_str(), stored.protocol.as_str()), ("pending", "v1"), "{shown}");
            assert_eq!(stored.body, Some(body), "{shown}");
        }
    })
    .await;
}

#[tokio::test]
async fn webhooks_v2_are_kept_and_their_tests_are_ignored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["v2/referral_updated", "v2/test"] {
            let answered = webhooks.deliver(fixture(name)).await;
            assert_eq!((answered.code, answered.body["status"].as_str()), (StatusCode::OK, Some("kept")), "{name}");
        }
        let events = webhooks.events().await;
        let stored: Vec<_> = events.iter().map(|event| (event.event_type.as_str(), event.status.as_str())).collect();
        assert_eq!(stored, [("referral.updated", "pending"), ("promoter.created", "ignored")]);
        assert_eq!(events[0].event_id, "0f6a2a5e-3d0b-4c57-9a59-1c7d3f0b2e11");
        assert_eq!(events[1].error.as_deref(), Some("a test delivery"));
    })
    .await;
}

#[tokio::test]
async fn a_body_without_an_event_is_stored_as_unreadable_and_answered_400() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let bodies: [&[u8]; 12] = [
            b"",
            b"\0\0\0",
            b"not json",
            b"\xff\xfe",
            b"[1,2]",
            b"\"text\"",
            b"{}",
            b"{\"data\":{}}",
            b"{\"event\":\"lead_signup\",\"data\":{}}",
            b"{\"event\":{\"id\":1,\"type\":7}}",
            b"{\"event\":{\"id\":1,\"type\":\"lead_signup\"},\"data\":{\"id\":1",
            b"{\"event\":{\"id\":1,\"type\":\"lead_signup\"}} trailing",
        ];
        for body in bodies {
            let shown = String::from_utf8_lossy(body).into_owned();
            let first = webhooks.deliver(body).await;
            assert_eq!(
                (first.code, first.body["status"].as_str()),
                (StatusCode::BAD_REQUEST, Some("unreadable")),
                "{shown}"
            );
            let again = webhooks.deliver(body).await;
            assert_eq!((again.code, &again.body), (StatusCode::BAD_REQUEST, &first.body), "{shown}");
            let stored = webhooks.events().await.pop().unwrap();
            assert_eq!((stored.status.as_str(), stored.deliveries), ("unreadable", 2), "{shown}");
            assert!(stored.error.is_some() && first.body["id"] == stored.id, "{shown}");
        }
        assert_eq!(webhooks.events().await.len(), bodies.len());
    })
    .await;
}

#[tokio::test]
async fn a_fulfilment_gets_202_whatever_else_it_says() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for body in [
            r#"{"event":{"type":"fulfilment_pending"}}"#,
            r#"{"event":{"id":1,"type":" fulfilment\u005fpending "},"data":"nonsense"}"#,
            r#"{"event":{"id":1,"type":"fulfilment_pending","type":"lead_signup"},"data":{}}"#,
            r#"{"event":{"id":2,"type":"fulfilment_pending"},"data":{"id":"#,
        ] {
            for _ in 0..2 {
                assert_eq!(webhooks.deliver(body).await.code, StatusCode::ACCEPTED, "{body}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_not_stored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let of_size = |size: usize| {
            let start = r#"{"event":{"id":1,"type":"lead_signup"},"data":""#;
            format!("{start}{}\"}}", "x".repeat(size - start.len() - 2))
        };
        assert_eq!(webhooks.deliver(of_size(1024 * 1024)).await.code, StatusCode::OK);
        for size in [1024 * 1024 + 1, 2 * 1024 * 1024] {
            let answered = webhooks.deliver(of_size(size)).await;
            assert_eq!(
                (answered.code, answered.body["status"].as_str()),
                (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large"))
            );
            let members = ["limit", "actual", "setting"].map(|name| &answered.body[name]);
            assert_eq!(members, [&json!(1_048_576), &json!(size), &json!("PROMOGRAPH_WEBHOOK_BODY_BYTES")]);
        }
        assert_eq!(webhooks.events().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn other_methods_are_refused_with_a_json_body() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for method in ["DELETE", "OPTIONS", "TRACE"] {
            for path in [URL, "/webhooks/firstpromoter"] {
                let answered = webhooks.request(method, path, &[], "").await;
                assert_eq!(answered.code, StatusCode::METHOD_NOT_ALLOWED, "{method}");
                assert_eq!(
                    (answered.body["status"].as_str(), &answered.headers["allow"]),
                    (Some("method_not_allowed"), &"GET, HEAD, POST, PUT, PATCH".parse().unwrap())
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn while_nothing_can_be_stored_the_sender_gets_503_with_retry_after() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let rename = async |from: &str, to: &str| {
            test.database.write.execute_unprepared(&format!("alter table {from} rename to {to}")).await.unwrap();
        };
        rename("webhook_event", "away").await;
        for name in ["lead_signup", "fulfilment_pending"] {
            let answered = webhooks.deliver(fixture(name)).await;
            assert_eq!(
                (answered.code, answered.body["status"].as_str()),
                (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable"))
            );
            assert!(answered.headers.contains_key("retry-after"));
        }
        rename("away", "webhook_event").await;
        assert_eq!(webhooks.deliver(fixture("lead_signup")).await.code, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn no_secret_and_no_token_of_ours_is_stored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for body in all_fixtures() {
            webhooks.deliver(body).await;
        }
        let ours = format!(r#"{{"event":{{"id":1,"type":"x"}},"data":{{"a":["https:\/\/x.example\/webhooks\/firstpromoter\/{TOKEN}"]}}}}"#);
        webhooks.deliver(ours).await;
        let ours_in_an_id = format!("https://x.example/{TOKEN}");
        webhooks.deliver(format!(r#"{{"event":{{"id":1,"type":"x"}},"data":"{TOKEN}"#)).await;
        // Wrapped by a tool in between: as a string, and with the keys of a form.
        let wrapped = json!({ "body": fixture("promoter_accepted"), "headers": {} });
        webhooks.deliver(wrapped.to_string()).await;
        webhooks.deliver(json!(wrapped.to_string()).to_string()).await;
        webhooks.deliver(json!({ "data[promoter][auth_token]": "secret-auth-token-mira" }).to_string()).await;
        webhooks.deliver(json!({ "event": { "id": ours_in_an_id, "type": "x" } }).to_string()).await;
        for event in webhooks.events().await {
            let shown = format!("{event:?} {}", String::from_utf8_lossy(event.body.as_deref().unwrap()));
            for secret in ["secret-auth-token", "Temp-Pw", "whtoken-in-the-url", TOKEN] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
        let accepted = webhooks.events().await.into_iter().find(|event| event.event_type == "promoter_accepted").unwrap();
        let body = String::from_utf8(accepted.body.unwrap()).unwrap();
        let expected = fixture("promoter_accepted")
            .replace("\"https://mirror.example/webhooks/firstpromoter/whtoken-in-the-url\"", "\"[redacted]\"")
            .replace("\"secret-auth-token-mira\"", "\"[redacted]\"");
        assert_eq!(body, expected);
    })
    .await;
}
