//! Clients that are slow or broken, or hold connections: nobody else notices them.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Promograph, Socket, TOKEN, fixture, senders};

const PATIENCE: &str = "200ms";

/// A server with little patience for everything.
fn impatient() -> Promograph {
    ["HEADER", "BODY", "IDLE", "WRITE"]
        .iter()
        .fold(Promograph::new(), |promograph, what| promograph.with(&format!("PROMOGRAPH_{what}_TIMEOUT"), PATIENCE))
}

async fn connect(address: &str) -> Socket {
    Socket::connect(address).await.unwrap()
}

#[tokio::test]
async fn a_connection_without_a_whole_request_is_closed() {
    let server = impatient().serve().await;
    for beginning in ["", "G", "GET /health HTTP/1.1\r\nhost: te", "PRI * HTTP/2.0\r\n"] {
        let mut socket = connect(&server.address).await;
        socket.write(beginning).await.unwrap();
        assert_eq!(socket.rest().await, "", "{beginning}");
    }
    let mut second = connect(&server.address).await;
    assert_eq!(second.get("/health").await.unwrap().0, 200);
    second.write("GET /health HTTP/1.1\r\nhost: te").await.unwrap();
    assert_eq!(second.rest().await, "", "the second request on a connection is no different");
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_has_no_more_time_than_others() {
    let server = impatient().serve().await;
    let (mut reader, mut writer) = connect(&server.address).await.split();
    let dripping = tokio::spawn(async move {
        let mut drops = tokio::time::interval(std::time::Duration::from_millis(20));
        writer.write_all(b"GET /health HTTP/1.1\r\nx-a: ").await.unwrap();
        loop {
            drops.tick().await;
            if writer.write_all(b"a").await.is_err() {
                break;
            }
        }
    });
    // Both end only when the server closes the connection.
    let mut said = Vec::new();
    let _ = reader.read_to_end(&mut said).await;
    dripping.await.unwrap();
    assert!(said.is_empty());
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_the_idle_time_and_not_after_the_one_for_heads() {
    let server = impatient().with("PROMOGRAPH_IDLE_TIMEOUT", "60m").serve().await;
    let mut kept = connect(&server.address).await;
    assert_eq!(kept.get("/health").await.unwrap().0, 200);
    // This one is closed, so the time for heads is over for the other as well.
    connect(&server.address).await.rest().await;
    assert_eq!(kept.get("/health").await.unwrap().0, 200);
    let server = impatient().serve().await;
    let mut idle = connect(&server.address).await;
    assert_eq!(idle.get("/health").await.unwrap().0, 200);
    assert_eq!(idle.rest().await, "");
}

#[tokio::test]
async fn a_webhook_that_is_cut_off_or_slow_is_answered_and_not_kept() {
    let promograph = impatient();
    let server = promograph.serve().await;
    let body = fixture("lead_signup");
    let head = format!(
        "POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut slow = connect(&server.address).await;
    slow.write(format!("{head}{}", &body[..100])).await.unwrap();
    let (status, answer) = slow.answer().await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let setting = "PROMOGRAPH_BODY_TIMEOUT";
    let told = json!({
        "id": null, "status": "too_slow", "rule": "bodyMs", "limit": 200, "actual": 200, "setting": setting,
    });
    assert_eq!((status, answer), (408, told));
    let mut gone = connect(&server.address).await;
    gone.write(format!("{head}{}", &body[..100])).await.unwrap();
    drop(gone);
    let mut whole = connect(&server.address).await;
    senders::post(&mut whole, 1).await;
    let events = promograph.prints(&["events", "list"]).await;
    assert_eq!(events.matches("lead_signup").count(), 1, "{events}");
}

#[tokio::test]
async fn a_slow_request_is_told_so() {
    let promograph = impatient();
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let head = |length: usize| {
        format!(
            "POST /graphql HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let mut slow = connect(&server.address).await;
    slow.write(head(100) + "{").await.unwrap();
    let (status, answer) = slow.answer().await.unwrap();
    assert!(
        status == 408 && answer.contains("REQUEST_TIMEOUT") && answer.contains("PROMOGRAPH_BODY_TIMEOUT"),
        "{answer}"
    );
    // Not one byte of it is waited for.
    let mut large = connect(&server.address).await;
    large.write(head(60_000_000)).await.unwrap();
    let (status, answer) = large.answer().await.unwrap();
    assert!(status == 413 && answer.contains("60000000") && answer.contains("PROMOGRAPH_LIMIT_BODY_BYTES"), "{answer}");
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_given_up() {
    let promograph =
        Promograph::new().with("PROMOGRAPH_WRITE_TIMEOUT", PATIENCE).with("PROMOGRAPH_MAX_CONNECTIONS", "1");
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let mut reader = connect(&server.address).await;
    let request = format!("GET /schema.graphql HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n");
    // More than all buffers on the way take.
    reader.write(request.repeat(500)).await.unwrap();
    // It has the only place, so this one is served when that is free.
    let mut next = connect(&server.address).await;
    assert_eq!(next.get("/health").await.unwrap().0, 200);
}

#[tokio::test]
async fn one_connection_too_many_takes_the_place_of_the_one_that_was_idle_longest() {
    let server = Promograph::new().with("PROMOGRAPH_MAX_CONNECTIONS", "3").serve().await;
    let mut busy = connect(&server.address).await;
    let head = format!("POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\n");
    busy.write(head).await.unwrap();
    let (mut oldest, mut newer) = (connect(&server.address).await, connect(&server.address).await);
    assert_eq!(oldest.get("/health").await.unwrap().0, 200);
    assert_eq!(newer.get("/health").await.unwrap().0, 200);
    let mut next = connect(&server.address).await;
    assert_eq!(next.get("/health").await.unwrap().0, 200);
    assert_eq!(oldest.rest().await, "");
    assert_eq!(newer.get("/health").await.unwrap().0, 200);
    busy.write("x").await.unwrap();
    assert_eq!(busy.answer().await.unwrap().0, 400, "a request at work is never cut off");
}

#[tokio::test]
async fn a_thousand_connections_that_say_nothing_keep_nobody_out() {
    let server = Promograph::new().with("PROMOGRAPH_MAX_CONNECTIONS", "50").serve().await;
    let mut silent = Vec::new();
    for _ in 0..1_000 {
        silent.push(connect(&server.address).await);
    }
    let mut sender = connect(&server.address).await;
    senders::post(&mut sender, 1).await;
    assert_eq!(connect(&server.address).await.get("/health").await.unwrap().0, 200);
}
