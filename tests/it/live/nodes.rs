//! The real server: several of them on one database, and its end.

use serde_json::{Value, json};

use super::{LEADS, lead};
use crate::support::{
    Backend, Promograph, Socket, TOKEN, TestDatabase,
    live::{Came, Wire},
    on_both,
};

async fn post(address: &str, event: &Value) {
    let mut socket = Socket::connect(address).await.unwrap();
    let body = event.to_string();
    let (status, body) = socket.post("/webhooks/firstpromoter", TOKEN, body.as_bytes()).await.unwrap();
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn a_subscriber_of_one_node_hears_what_another_receives_and_is_ended_by_a_revocation_anywhere() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let node = || {
        let node = Promograph::on(&test).with("PROMOGRAPH_DATABASE_DIRECT_URL", &test.url);
        node.with("PROMOGRAPH_JWT_SECRET", "0123456789abcdef0123456789abcdef")
    };
    let (one, two) = (node(), node());
    let (here, there) = (one.serve().await, two.serve().await);
    let token = one.prints(&["token", "issue", "--role", "admin"]).await;
    let mut wires = Vec::new();
    for server in [&here, &there] {
        let mut wire = Wire::open(server.address.parse().unwrap(), &token).await;
        wire.start("leads", LEADS).await;
        wire.start("events", "subscription { webhookEventReceived { webhookEvent { eventId } } }").await;
        wires.push(wire);
    }
    // Whether all are heard yet is not known from here: send until they are.
    let mut heard = [(false, false); 2];
    let mut number = 0;
    while heard != [(true, true); 2] {
        number += 1;
        post(&here.address, &lead(number, number, 5, "signup")).await;
        for (wire, (leads, events)) in wires.iter_mut().zip(&mut heard) {
            let Ok(came) = tokio::time::timeout(std::time::Duration::from_millis(500), wire.came()).await else {
                continue;
            };
            let Came::Message(message) = came else { panic!("{came:?}") };
            assert_eq!(message["type"], "next", "{message}");
            *leads |= message["id"] == "leads";
            *events |= message["id"] == "events";
        }
    }
    let listed = two.prints(&["token", "list"]).await;
    let id = listed.split_whitespace().find(|word| word.starts_with("tok_")).unwrap();
    two.prints(&["token", "revoke", id]).await;
    for wire in &mut wires {
        assert_eq!(wire.closed().await, 4403);
    }
}

#[tokio::test]
async fn open_sockets_do_not_hold_up_the_end_of_the_server() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut wire = Wire::open(server.address.parse().unwrap(), &token).await;
        wire.start("1", LEADS).await;
        wire.start("2", "{ viewer { role } }").await;
        assert_eq!(wire.data("2").await, json!({ "viewer": { "role": "ADMIN" } }));
        let mut silent = Wire::silent(server.address.parse().unwrap()).await;
        let reading = tokio::spawn(async move { (wire.closed().await, silent.closed().await) });
        assert_eq!(server.stop().await, Some(0));
        assert_eq!(reading.await.unwrap(), (1001, 1001));
    })
    .await;
}
