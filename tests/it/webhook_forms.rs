//! Webhooks with the headers, methods and encodings of proxies and tools.

use axum::http::StatusCode;
use entity::webhook_event::EventStatus;
use serde_json::json;

use crate::support::{TestDatabase, Webhooks, fixture, on_both};

const URL: &str = "/webhooks/firstpromoter/webhook-token-of-the-tests";

#[tokio::test]
async fn content_type_and_encoding_headers_are_ignored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let lines: [&[(&str, &str)]; 14] = [
            &[],
            &[("content-type", "application/json")],
            &[("content-type", "Application/JSON; charset=utf-8")],
            &[("content-type", "application/json, application/json")],
            &[("content-type", "application/json"), ("content-type", "application/json; charset=utf-8")],
            &[("content-type", "application/ld+json")],
            &[("content-type", "text/json")],
            &[("content-type", "text/plain")],
            &[("content-type", "application/octet-stream")],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("content-type", "no media type")],
            &[("content-encoding", "identity, utf-8")],
            &[("content-encoding", "aws-chunked")],
            // A proxy decompressed the body and left the header.
            &[("content-encoding", "gzip")],
        ];
        for (number, headers) in lines.iter().enumerate() {
            for method in ["POST", "PUT", "PATCH"] {
                let body = format!(r#"{{"event":{{"id":{number},"type":"{method}"}}}}"#);
                let answered = webhooks.request(method, URL, headers, format!("\u{feff}{body}")).await;
                assert_eq!(
                    (answered.code, answered.body["status"].as_str()),
                    (StatusCode::OK, Some("kept")),
                    "{headers:?}"
                );
            }
        }
        assert!(webhooks.events().await.iter().all(|event| event.status == EventStatus::Pending));
    })
    .await;
}

#[tokio::test]
async fn a_webhook_that_was_compressed_on_the_way_is_kept_as_it_was_sent() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let gzip = |body: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            std::io::Write::write_all(&mut encoder, body).unwrap();
            encoder.finish().unwrap()
        };
        let body = fixture("promoter_accepted");
        for headers in [&[("content-encoding", "gzip")][..], &[]] {
            assert_eq!(webhooks.post(URL, headers, gzip(body.as_bytes())).await.code, StatusCode::OK);
        }
        let plain = webhooks.deliver(body).await;
        assert_eq!((plain.code, plain.body["status"].as_str()), (StatusCode::OK, Some("duplicate")));
        let stored = webhooks.events().await.pop().unwrap();
        assert_eq!((stored.event_type.as_str(), stored.deliveries), ("promoter_accepted", 3));
        let bomb = webhooks.post(URL, &[], gzip(&vec![b' '; 20_000_000])).await;
        assert_eq!((bomb.code, &bomb.body["limit"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!(1_048_576)));
        // A body that cannot be redacted is not stored; the event is.
        let broken = gzip(b"{}")[..12].to_vec();
        for body in [broken, b"\x28\xb5\x2f\xfd zstandard".to_vec(), b"auth_token=s3cr&x=1".to_vec()] {
            let answered = webhooks.post(URL, &[], body).await;
            assert_eq!(
                (answered.code, answered.body["status"].as_str()),
                (StatusCode::BAD_REQUEST, Some("unreadable"))
            );
            let stored = webhooks.events().await.pop().unwrap();
            assert_eq!((stored.status.as_str(), stored.body), ("unreadable", Some(Vec::new())));
        }
    })
    .await;
}
