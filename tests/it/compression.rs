//! Answers are compressed where the client asks for it.

use std::io::Read as _;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, StatusCode},
};
use promograph::auth::Viewer;
use serde_json::json;

use crate::support::{
    Client, TestApp, TestDatabase, escaped,
    live::{Came, Wire},
    on_both, rows,
};

const ENCODINGS: [&str; 3] = ["gzip", "br", "zstd"];
const LEADS: &str = "{ leads { nodes { id firstPromoterId email state createdAt promoter { id email } } } }";

async fn ask(client: &Client, method: &str, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = client.raw(method, path, headers, Body::empty()).await.into_parts();
    (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

async fn get(client: &Client, path: &str, encodings: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    ask(client, "GET", path, &[("accept-encoding", encodings)]).await
}

fn encoding(headers: &HeaderMap) -> Option<&str> {
    headers.get("content-encoding").map(|encoding| encoding.to_str().unwrap())
}

fn decode(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap(),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut decoded).unwrap(),
        _ => zstd::Decoder::new(bytes).unwrap().read_to_end(&mut decoded).unwrap(),
    };
    decoded
}

fn path(document: &str) -> String {
    format!("/graphql?query={}", escaped(document))
}

#[tokio::test]
async fn an_answer_is_the_same_in_every_encoding_and_smaller() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 30).await;
        let client = TestApp::new(&test).admin();
        for path in [path(LEADS), "/schema.graphql".to_owned()] {
            let (status, headers, plain) = get(&client, &path, "identity").await;
            assert!(status == StatusCode::OK && encoding(&headers).is_none());
            assert_eq!(headers["content-length"], plain.len().to_string());
            for name in ENCODINGS {
                let (status, compressed, bytes) = get(&client, &path, name).await;
                assert_eq!((status, encoding(&compressed)), (StatusCode::OK, Some(name)), "{path}");
                assert!(decode(name, &bytes) == plain && bytes.len() < plain.len() / 2, "{path}: {name}");
                // Unknown before it is compressed.
                assert!(!compressed.contains_key("content-length"));
                assert_eq!(compressed.get("etag"), headers.get("etag"));
                let (_, head, nothing) = ask(&client, "HEAD", &path, &[("accept-encoding", name)]).await;
                assert_eq!((encoding(&head), head.get("content-length"), nothing.len()), (Some(name), None, 0));
            }
            for (asked, chosen) in [
                ("gzip, deflate, br, zstd", Some("zstd")),
                ("gzip, deflate, br", Some("br")),
                ("gzip, br;q=0.5, zstd;q=0", Some("gzip")),
                ("deflate, gzip;q=0", None),
            ] {
                assert_eq!(encoding(&get(&client, &path, asked).await.1), chosen, "{asked}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_tag_got_with_a_compressed_answer_is_weak_and_good_for_every_encoding() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 30).await;
        let app = TestApp::new(&test);
        // The tag of staff follows from the mirror's version, that of a promoter from the rows.
        for client in [app.admin(), app.promoter(1)] {
            let document = path("{ __schema { types { name } } leads { totalCount } }");
            let (_, headers, _) = get(&client, &document, "gzip").await;
            let tag = headers["etag"].to_str().unwrap();
            assert!(encoding(&headers) == Some("gzip") && tag.starts_with("W/\""), "{headers:?}");
            for name in ENCODINGS.into_iter().chain(["identity"]) {
                let asked = [("accept-encoding", name), ("if-none-match", tag)];
                let (status, again, nothing) = ask(&client, "GET", &document, &asked).await;
                assert_eq!((status, encoding(&again), nothing.len()), (StatusCode::NOT_MODIFIED, None, 0), "{name}");
                assert_eq!((again["etag"].to_str().unwrap(), &again["vary"]), (tag, &headers["vary"]));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn answers_below_one_kilobyte_are_never_compressed() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        // A document whose answer has as many bytes as are wanted: it repeats the alias.
        let answer = async |bytes: usize| {
            let empty = get(&app.admin(), &path("{ a: __typename }"), "identity").await.2.len() - 1;
            let document = format!("{{ {}: __typename }}", "a".repeat(bytes - empty));
            let (_, headers, body) = get(&app.admin(), &path(&document), "zstd, br, gzip").await;
            (encoding(&headers).is_some(), body.len())
        };
        assert_eq!(answer(1023).await, (false, 1023));
        assert!(answer(1024).await.0);
        let (status, headers, _) = get(&app.anonymous(), "/schema.graphql", "gzip").await;
        assert_eq!((status, encoding(&headers)), (StatusCode::UNAUTHORIZED, None));
    })
    .await;
}

#[tokio::test]
async fn event_streams_and_websockets_are_never_compressed() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 30).await;
        let app = TestApp::new(&test);
        let asked = [("accept-encoding", "gzip, br, zstd"), ("accept", "text/event-stream")];
        let (_, headers, body) = ask(&app.admin(), "GET", &path(LEADS), &asked).await;
        assert!(headers["content-type"] == "text/event-stream; charset=utf-8" && encoding(&headers).is_none());
        assert!(body.len() > 1024 && body.starts_with(b"event: next\ndata: {"));
        let upgrade = [("sec-websocket-protocol", "graphql-transport-ws"), asked[0]];
        let mut socket = Wire::upgrade(app.listen().await, &upgrade).await.unwrap();
        let token = app.token_of(Viewer::Admin);
        socket.send(json!({ "type": "connection_init", "payload": { "token": token } })).await;
        assert_eq!(socket.came().await, Came::Message(json!({ "type": "connection_ack" })));
        socket.send(json!({ "type": "subscribe", "id": "1", "payload": { "query": LEADS } })).await;
        assert!(matches!(socket.came().await, Came::Message(next) if next["payload"]["data"]["leads"].is_object()));
    })
    .await;
}
