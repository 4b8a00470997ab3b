//! Subscriptions by the hash or the id of their document, on the real server: over `WebSocket` and as
//! event streams.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::lead;
use crate::support::{
    Promograph, Server, Socket, TOKEN, TestDatabase, escaped,
    live::{Came, EventStream, Wire},
    on_both,
};

const LEADS: &str = "subscription Leads { leadChanged { lead { firstPromoterId } } }";
const ROLE: &str = "{ viewer { role } }";

fn persisted(text: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hex::encode(Sha256::digest(text))}})
}

async fn subscribe(wire: &mut Wire, id: &str, payload: &Value) {
    wire.send(json!({"type": "subscribe", "id": id, "payload": payload})).await;
}

/// By POST, or by GET.
async fn streams(server: &Server, token: &str, payload: &Value) -> [EventStream; 2] {
    let members = payload.as_object().unwrap().iter();
    let query: Vec<_> = members
        .map(|(name, value)| format!("{name}={}", escaped(&value.as_str().map_or(value.to_string(), str::to_owned))))
        .collect();
    let get = format!("/graphql?{}", query.join("&"));
    [
        EventStream::open(&server.address, "POST", "/graphql", token, &payload.to_string()).await,
        EventStream::open(&server.address, "GET", &get, token, "").await,
    ]
}

/// Sends leads until everybody has got one: whether all are heard yet is not known from here.
async fn all_hear(server: &Server, wire: &mut Wire, ids: &[&str], streams: &mut [EventStream]) {
    let mut socket = Socket::connect(&server.address).await.unwrap();
    let mut heard: Vec<String> = Vec::new();
    let mut number = 0;
    while !ids.iter().all(|id| heard.iter().any(|known| known == id)) {
        number += 1;
        let event = lead(number, number, 5, "signup").to_string();
        assert_eq!(socket.post("/webhooks/firstpromoter", TOKEN, event.as_bytes()).await.unwrap().0, 200);
        let wait = std::time::Duration::from_millis(500);
        while let Ok(came) = tokio::time::timeout(wait, wire.came()).await {
            let Came::Message(message) = came else { panic!("{came:?}") };
            assert!(message["payload"]["data"]["leadChanged"]["lead"]["firstPromoterId"].is_i64(), "{message}");
            heard.push(message["id"].as_str().unwrap().to_owned());
        }
    }
    // They were opened before.
    for stream in streams {
        assert!(stream.data().await["leadChanged"]["lead"]["firstPromoterId"].is_i64());
    }
}

#[tokio::test]
async fn a_subscription_is_sent_once_and_then_named_by_its_hash() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut wire = Wire::open(server.address.parse().unwrap(), &token).await;
        let named = json!({"extensions": persisted(LEADS)});
        subscribe(&mut wire, "early", &named).await;
        assert_eq!(wire.error("early").await, "PERSISTED_QUERY_NOT_FOUND");
        for mut stream in streams(&server, &token, &named).await {
            assert_eq!(stream.error().await, "PERSISTED_QUERY_NOT_FOUND");
        }
        let other = json!({"query": ROLE, "extensions": persisted(LEADS)});
        subscribe(&mut wire, "other", &other).await;
        assert_eq!(wire.error("other").await, "BAD_REQUEST");
        for mut stream in streams(&server, &token, &other).await {
            assert_eq!(stream.error().await, "BAD_REQUEST");
        }
        subscribe(&mut wire, "sent", &json!({"query": LEADS, "extensions": persisted(LEADS)})).await;
        // It is known once it runs.
        all_hear(&server, &mut wire, &["sent"], &mut []).await;
        subscribe(&mut wire, "named", &named).await;
        let mut open = streams(&server, &token, &named).await;
        all_hear(&server, &mut wire, &["named"], &mut open).await;
    })
    .await;
}

#[tokio::test]
async fn where_only_trusted_documents_count_sockets_and_event_streams_run_no_others() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test).with("PROMOGRAPH_TRUSTED_DOCUMENTS", "documents.json");
        let manifest = json!({"leads": LEADS, "role": ROLE}).to_string();
        std::fs::write(promograph.folder().join("documents.json"), manifest).unwrap();
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut wire = Wire::open(server.address.parse().unwrap(), &token).await;
        let free = "subscription { leadChanged { id } }";
        for refused in [
            json!({"query": free}),
            json!({"query": format!("{LEADS} ")}),
            json!({"query": "{ __typename }"}),
            json!({"query": "mutation { replayEvents(input: {}) { replayed } }"}),
            json!({"query": free, "extensions": persisted(free)}),
            json!({"query": free, "documentId": "leads"}),
            json!({"extensions": persisted(free)}),
            json!({"documentId": "payouts"}),
        ] {
            subscribe(&mut wire, "x", &refused).await;
            assert_eq!(wire.error("x").await, "DOCUMENT_NOT_TRUSTED", "{refused}");
            for mut stream in streams(&server, &token, &refused).await {
                assert_eq!(stream.error().await, "DOCUMENT_NOT_TRUSTED", "{refused}");
            }
        }
        subscribe(&mut wire, "role", &json!({"id": "role"})).await;
        assert_eq!(wire.data("role").await, json!({"viewer": {"role": "ADMIN"}}));
        assert_eq!(wire.message().await, json!({"type": "complete", "id": "role"}));

        let trusted = [
            ("1", json!({"documentId": "leads"})),
            ("2", json!({"doc_id": "leads", "operationName": "Leads"})),
            ("3", json!({"extensions": persisted(LEADS)})),
            ("4", json!({"query": LEADS})),
        ];
        let mut open = Vec::new();
        for (id, payload) in &trusted {
            subscribe(&mut wire, id, payload).await;
            open.extend(streams(&server, &token, payload).await);
        }
        all_hear(&server, &mut wire, &["1", "2", "3", "4"], &mut open).await;
    })
    .await;
}
