//! `SIGTERM`: what was begun is ended, nothing new is begun, and the process goes.

use entity::webhook_event::EventStatus;
use entity::{lease, webhook_event};
use promograph::database::{Database, sqlite_url};
use sea_orm::EntityTrait as _;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::support::{
    Backend, Cluster, Promograph, Socket, TOKEN, TestDatabase, eventually, fixture, on_both, senders::Senders,
};

/// The database that the server writes to.
async fn connect(promograph: &Promograph, test: &TestDatabase) -> Database {
    let file = promograph.data_dir().join("promograph.db");
    let url = if test.backend == Backend::Sqlite { sqlite_url(&file) } else { test.url.clone() };
    Database::connect(&url).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_and_no_other_is_taken() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let address = server.address.clone();
        let mut idle = Socket::connect(&address).await.unwrap();
        assert_eq!(idle.get("/health").await.unwrap().0, 200);
        let (mut sender, body) = (Socket::connect(&address).await.unwrap(), fixture("lead_signup"));
        let head = format!(
            "POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let (first, rest) = body.as_bytes().split_at(body.len() / 2);
        sender.write([head.as_bytes(), first].concat()).await.unwrap();
        // An answer to a later request: the server has read what came before.
        assert_eq!(idle.get("/health").await.unwrap().0, 200);

        server.tell_to_stop();
        eventually("nobody can connect", async || TcpStream::connect(&address).await.is_err()).await;
        assert_eq!(idle.rest().await, "", "a connection without a request is closed");
        sender.write(rest).await.unwrap();
        let (status, answer) = sender.answer().await.unwrap();
        assert_eq!(status, 200, "{answer}");
        assert_eq!(sender.rest().await, "");
        assert_eq!(server.ended().await, Some(0));

        let db = connect(&promograph, &test).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
        assert_eq!(events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), [answer["id"].as_str().unwrap()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_it_ends_in_order_and_gives_the_lease_back() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let senders = Senders::new();
        for _ in 0..3 {
            let server = promograph.serve().await;
            let address = server.address.clone();
            senders.send(&address, 4, 100).await;
            // The events were answered; that they are applied was not waited for.
            assert_eq!(server.stop().await, Some(0));
            let db = connect(&promograph, &test).await;
            let lease = lease::Entity::find().one(&db.read).await.unwrap().unwrap();
            assert_eq!(lease.expires_at, 0, "the next one need not wait");
            db.close().await.unwrap();
        }
        let db = connect(&promograph, &test).await;
        assert_eq!(webhook_event::Entity::find().all(&db.read).await.unwrap().len(), senders.count());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    // Nothing else would end this request for an hour.
    let promograph = Promograph::new().with("PROMOGRAPH_BODY_TIMEOUT", "60m");
    let server = promograph.serve().await;
    let mut in_body = Socket::connect(&server.address).await.unwrap();
    let head = format!(
        "POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: 99\r\n\r\n{{"
    );
    in_body.write(head.as_bytes()).await.unwrap();
    let mut other = Socket::connect(&server.address).await.unwrap();
    assert_eq!(other.get("/health").await.unwrap().0, 200, "it has read what came before");
    server.tell_to_stop();
    eventually("nobody can connect", async || TcpStream::connect(&server.address).await.is_err()).await;
    server.tell_to_stop();
    assert_eq!(server.ended().await, Some(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_client_who_never_ends_nor_a_database_that_hangs_keeps_it() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let server = promograph.serve().await;
    let senders = Senders::new();
    senders.send(&server.address, 2, 20).await;
    let [mut in_head, mut in_body] =
        [Socket::connect(&server.address).await.unwrap(), Socket::connect(&server.address).await.unwrap()];
    in_head.write(b"POST /webhooks/firstpromoter HTTP/1.1\r\nhost: te").await.unwrap();
    let head = format!("POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: test\r\ncontent-length: 99\r\n\r\n{{");
    in_body.write(head.as_bytes()).await.unwrap();
    cluster.freeze();
    senders.send(&server.address, 2, 20).await;
    assert_eq!(server.stop().await, Some(0));

    cluster.thaw();
    let server = promograph.serve().await;
    let db = Database::connect(&cluster.url()).await.unwrap();
    eventually("what the spool kept is stored and applied", async || {
        let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
        events.len() == senders.count() && events.iter().all(|event| event.status == EventStatus::Applied)
    })
    .await;
    assert_eq!(server.stop().await, Some(0));
}
