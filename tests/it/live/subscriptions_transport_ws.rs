//! The older `WebSocket` protocol: what is answered there, to whom, and within which limits.

use std::net::SocketAddr;

use promograph::auth::Viewer;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio_tungstenite::tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};

use super::{LEADS, admin, lead, seen, tell};
use crate::support::{
    Promograph, TestApp, TestDatabase, eventually,
    live::{Came, Wire},
    on_both,
};

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-ws");

/// Upgrades, and says nothing yet.
pub async fn silent(address: SocketAddr) -> Wire {
    let wire = Wire::upgrade(address, &[PROTOCOL]).await.unwrap();
    assert_eq!(wire.protocol(), "graphql-ws");
    wire
}

pub async fn open(address: SocketAddr, token: &str) -> Wire {
    let mut wire = silent(address).await;
    wire.send(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
    assert_eq!(next(&mut wire).await, json!({ "type": "connection_ack" }));
    wire
}

pub async fn start(wire: &mut Wire, id: &str, payload: Value) {
    wire.send(json!({ "type": "start", "id": id, "payload": payload })).await;
}

pub async fn subscribe(wire: &mut Wire, app: &TestApp, id: &str, query: &str) {
    let before = app.changes.subscriber_count();
    start(wire, id, json!({ "query": query })).await;
    eventually("the subscription is heard", async || app.changes.subscriber_count() > before).await;
}

/// The message that comes next, signs of life left out.
pub async fn next(wire: &mut Wire) -> Value {
    loop {
        let message = wire.message().await;
        if message["type"] != "ka" {
            return message;
        }
    }
}

/// The payload of the message that comes next, which must be of this operation.
pub async fn payload(wire: &mut Wire, id: &str) -> Value {
    let message = next(wire).await;
    assert_eq!((&message["type"], &message["id"]), (&json!("data"), &json!(id)), "{message}");
    message["payload"].clone()
}

/// The code of the error that comes next and ends this operation.
async fn error(wire: &mut Wire, id: &str) -> Value {
    let refused = payload(wire, id).await;
    assert_eq!(refused["data"], Value::Null, "{refused}");
    assert_eq!(next(wire).await, json!({ "type": "complete", "id": id }));
    refused["errors"][0]["extensions"].clone()
}

#[tokio::test]
async fn of_the_protocols_that_a_client_offers_the_newer_one_is_selected_and_spoken() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        for (offered, selected, start, data) in [
            ("graphql-ws", "graphql-ws", "start", "data"),
            ("unknown, graphql-ws", "graphql-ws", "start", "data"),
            ("GraphQL-Transport-WS, graphql-ws", "graphql-ws", "start", "data"),
            ("graphql-ws, graphql-transport-ws", "graphql-transport-ws", "subscribe", "next"),
            ("graphql-transport-ws, graphql-ws", "graphql-transport-ws", "subscribe", "next"),
        ] {
            let mut wire = Wire::upgrade(address, &[("sec-websocket-protocol", offered)]).await.unwrap();
            assert_eq!(wire.protocol(), selected, "{offered}");
            wire.send(json!({ "type": "connection_init", "payload": { "token": admin(&app) } })).await;
            assert_eq!(wire.message().await, json!({ "type": "connection_ack" }));
            wire.send(json!({ "type": start, "id": "1", "payload": { "query": "{ viewer { role } }" } })).await;
            let message = wire.message().await;
            assert_eq!(message["type"], data, "{offered}");
            assert_eq!(message["payload"]["data"]["viewer"]["role"], "ADMIN");
        }
    })
    .await;
}

#[tokio::test]
async fn queries_and_mutations_are_answered_once_as_over_http() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, lead(1, 7, 5, "signup")).await;
        let mut wire = open(app.listen().await, &admin(&app)).await;
        for query in [
            "{ leads { nodes { firstPromoterId email customFields } totalCount } }",
            "mutation { replayEvents(input: { types: [\"none\"] }) { replayed } }",
        ] {
            start(&mut wire, "a", json!({ "query": query, "operationName": null, "extensions": null })).await;
            assert_eq!(payload(&mut wire, "a").await, app.admin().query(query).await.body, "{query}");
            assert_eq!(next(&mut wire).await, json!({ "type": "complete", "id": "a" }));
        }
        let variables = json!({ "uid": null, "first": 1 });
        let query = "query DocumentRef($first: Int) { leads(first: $first) { nodes { firstPromoterId } } } query Other { viewer { role } }";
        start(&mut wire, "b", json!({ "query": query, "variables": variables, "operationName": "DocumentRef" })).await;
        assert_eq!(payload(&mut wire, "b").await["data"]["leads"]["nodes"][0]["firstPromoterId"], 7);
    })
    .await;
}

#[tokio::test]
async fn a_refused_operation_is_data_with_errors_and_then_complete() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = open(address, &app.token_of(Viewer::Promoter { id: 5 })).await;
        for (query, code) in [
            ("subscription { leadChanged { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("subscription { webhookEventReceived { lastEventId } }", "FORBIDDEN"),
        ] {
            start(&mut wire, "1", json!({ "query": query })).await;
            assert_eq!(error(&mut wire, "1").await["code"], code, "{query}");
        }
        // The socket goes on.
        start(&mut wire, "1", json!({ "query": "{ viewer { role } }" })).await;
        assert_eq!(payload(&mut wire, "1").await["data"]["viewer"]["role"], "PROMOTER");
    })
    .await;
}

#[tokio::test]
async fn a_promoter_hears_of_its_own_rows_until_it_stops() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = open(address, &app.token_of(Viewer::Promoter { id: 5 })).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        tell(&app, lead(1, 7, 6, "signup")).await;
        tell(&app, lead(2, 8, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut wire, "1").await["data"]), (8, "SIGNUP"));
        wire.send(json!({ "type": "stop", "id": "1" })).await;
        assert_eq!(next(&mut wire).await, json!({ "type": "complete", "id": "1" }));
        eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
        wire.send(json!({ "type": "stop", "id": "unknown" })).await;
        // An id may be used again, and one in use is taken over.
        subscribe(&mut wire, &app, "1", LEADS).await;
        tell(&app, lead(3, 9, 5, "signup")).await;
        let after = payload(&mut wire, "1").await["data"]["leadChanged"]["lastEventId"].clone();
        tell(&app, lead(4, 10, 5, "signup")).await;
        payload(&mut wire, "1").await;
        let query = "subscription($after: ID) { leadChanged(after: $after) { change: lastEventId } }";
        start(&mut wire, "1", json!({ "query": query, "variables": { "after": after } })).await;
        let message = payload(&mut wire, "1").await;
        assert!(message["data"]["leadChanged"]["change"].is_string(), "{message}");
        eventually("the other is over", async || app.changes.subscriber_count() == 1).await;
        wire.send(json!({ "type": "connection_terminate" })).await;
        assert_eq!(wire.closed().await, 1000);
        eventually("the work stops with the socket", async || app.changes.subscriber_count() == 0).await;
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_to_the_older_protocol_gets_what_it_missed_first() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = open(address, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        tell(&app, lead(1, 6, 5, "signup")).await;
        tell(&app, lead(2, 7, 5, "signup")).await;
        payload(&mut wire, "1").await;
        let hint = payload(&mut wire, "1").await["data"]["leadChanged"]["lastEventId"].clone();
        drop(wire);
        tell(&app, lead(3, 8, 5, "signup")).await;
        let mut wire = open(address, &admin(&app)).await;
        let resumed = LEADS.replacen(" { leadChanged", "($after: ID) { leadChanged(after: $after)", 1);
        start(&mut wire, "1", json!({ "query": resumed, "variables": { "after": hint } })).await;
        let mut missed = seen(&payload(&mut wire, "1").await["data"]).0;
        if missed == 7 {
            // The change that the hint stands for may come again.
            missed = seen(&payload(&mut wire, "1").await["data"]).0;
        }
        assert_eq!(missed, 8);
        tell(&app, lead(4, 9, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut wire, "1").await["data"]).0, 9);
    })
    .await;
}

#[tokio::test]
async fn subscriptions_of_both_protocols_count_together_and_operations_by_socket() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| (settings.subscriptions, settings.operations) = (2, 2));
        let address = app.listen().await;
        let mut newer = Wire::open(address, &admin(&app)).await;
        newer.subscribe(&app, "1", LEADS).await;
        let mut wire = open(address, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        // Each operation has a task of its own: the first has its place for certain once it sends something.
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut wire, "1").await["data"]).0, 7);
        start(&mut wire, "2", json!({ "query": LEADS })).await;
        let refused = error(&mut wire, "2").await;
        assert_eq!((&refused["code"], &refused["rule"]), (&json!("LIMIT_EXCEEDED"), &json!("subscriptions")));
        newer.send(json!({ "type": "complete", "id": "1" })).await;
        eventually("the first is over", async || app.changes.subscriber_count() == 1).await;
        subscribe(&mut wire, &app, "2", LEADS).await;
        start(&mut wire, "3", json!({ "query": "{ viewer { role } }" })).await;
        let refused = error(&mut wire, "3").await;
        assert_eq!((&refused["code"], &refused["rule"]), (&json!("LIMIT_EXCEEDED"), &json!("operations")));
        // What is stopped or taken over leaves its place at once.
        wire.send(json!({ "type": "stop", "id": "2" })).await;
        start(&mut wire, "3", json!({ "query": "{ viewer { role } }" })).await;
        assert_eq!(next(&mut wire).await, json!({ "type": "complete", "id": "2" }));
        assert_eq!(payload(&mut wire, "3").await["data"]["viewer"]["role"], "ADMIN");
        assert_eq!(next(&mut wire).await, json!({ "type": "complete", "id": "3" }));
        tell(&app, lead(2, 8, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut wire, "1").await["data"]).0, 8, "the others go on");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_sent_once_and_then_named_by_its_hash() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = open(app.listen().await, &admin(&app)).await;
        let query = "{ viewer { role } }";
        let hash = hex::encode(Sha256::digest(query));
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        start(&mut wire, "1", json!({ "extensions": extensions })).await;
        assert_eq!(error(&mut wire, "1").await["code"], "PERSISTED_QUERY_NOT_FOUND");
        for sent in
            [json!({ "query": query, "extensions": extensions }), json!({ "query": null, "extensions": extensions })]
        {
            start(&mut wire, "1", sent).await;
            assert_eq!(payload(&mut wire, "1").await["data"]["viewer"]["role"], "ADMIN");
            assert_eq!(next(&mut wire).await["type"], "complete");
        }
        start(&mut wire, "1", json!({ "query": "{ __typename }", "extensions": extensions })).await;
        assert_eq!(error(&mut wire, "1").await["code"], "BAD_REQUEST");
    })
    .await;
}

#[tokio::test]
async fn where_only_trusted_documents_count_the_older_protocol_runs_no_others() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test).with("PROMOGRAPH_TRUSTED_DOCUMENTS", "documents.json");
        let manifest = json!({ "role": "{ viewer { role } }" }).to_string();
        std::fs::write(promograph.folder().join("documents.json"), manifest).unwrap();
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut wire = open(server.address.parse().unwrap(), &token).await;
        for refused in ["{ __typename }", LEADS, "mutation { replayEvents(input: {}) { replayed } }"] {
            start(&mut wire, "1", json!({ "query": refused })).await;
            assert_eq!(error(&mut wire, "1").await["code"], "DOCUMENT_NOT_TRUSTED");
        }
        start(&mut wire, "1", json!({ "query": "{ viewer { role } }" })).await;
        assert_eq!(payload(&mut wire, "1").await["data"]["viewer"]["role"], "ADMIN");
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_breaks_the_older_protocol_is_closed_with_its_code_and_without_an_echo() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let init = json!({ "type": "connection_init", "payload": { "token": admin(&app) } }).to_string();
        let start = json!({ "type": "start", "id": "1", "payload": { "query": LEADS } }).to_string();
        let unknown = format!(r#"{{"type":"secret{}"}}"#, "x".repeat(500));
        for (messages, code) in [
            (vec![&*start], 4401),
            (vec![&init, &init], 4429),
            (vec!["{"], 4400),
            (vec!["secret"], 4400),
            (vec![&unknown], 4400),
            (vec![&init, &unknown], 4400),
            (vec![r#"{"type":"stop","type":"start"}"#], 4400),
            (vec![&init, r#"{"type":"start","id":"1","payload":{"query":"{secret}","query":"{b}"}}"#], 4400),
            (vec![&init, r#"{"type":"start","id":"1","payload":{"query":"{a}","variables":{"x":1,"x":2}}}"#], 4400),
            (vec![&init, r#"{"type":"start","id":7,"payload":{"query":"{a}"}}"#], 4400),
            (vec![&init, r#"{"type":"start","id":"1"}"#], 4400),
            (vec![&init, r#"{"type":"start","id":"1","payload":{"query":"{a}","variables":["secret"]}}"#], 4400),
            (vec![r#"{"type":"connection_init"}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":null}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":{"authorization":"Bearer secret.token.really"}}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":{"token":5}}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":"secret"}"#], 4400),
        ] {
            let mut wire = silent(address).await;
            for message in &messages {
                wire.send_text(message).await;
            }
            let mut told = Vec::new();
            let closed = loop {
                match wire.came().await {
                    Came::Message(message) => told.push(message),
                    Came::Closed(code, reason) => break (code, reason),
                }
            };
            assert_eq!(closed.0, code, "{messages:?}: {closed:?}");
            assert!(!closed.1.contains("secret") && closed.1.len() <= 123, "{closed:?}");
            // Who is refused is told as the protocol has it, too.
            let refused = told.iter().any(|message| message["type"] == "connection_error");
            assert_eq!(refused, messages.last().is_some_and(|last| last.contains("connection_init")), "{told:?}");
        }
        eventually("nothing runs on", async || app.changes.subscriber_count() == 0).await;
        let frame = |bytes: Vec<u8>, kind, is_final| Frame::message(bytes, OpCode::Data(kind), is_final);
        for (frame, code) in [
            (frame(vec![b' '; 1_100_000], Data::Text, true), 1009),
            (frame(b"{\"type\":\"\xff\"}".to_vec(), Data::Text, true), 1007),
            (frame(b"{}".to_vec(), Data::Continue, true), 1002),
            (frame(b"{}".to_vec(), Data::Binary, true), 4400),
        ] {
            let mut wire = silent(address).await;
            wire.send_frame(frame).await;
            assert_eq!(wire.closed().await, code);
        }
    })
    .await;
}
