//! One line per request in the log.

use serde_json::Value;

use crate::support::{Promograph, Socket, eventually};

/// Requests a route, and gives the id that the answer carries.
async fn get(address: &str, route: &str) -> String {
    let mut socket = Socket::connect(address).await.unwrap();
    socket.write(&format!("GET {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await.unwrap();
    let answer = socket.rest().await;
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: "));
    id.expect("every answer has an id").trim_end().to_owned()
}

#[tokio::test]
async fn every_line_of_a_request_carries_the_id_of_its_answer() {
    let server = Promograph::new().serve().await;
    let id = get(&server.address, "/schema.graphql").await;
    // Why its token is refused, and how it was answered.
    eventually("both lines", async || server.log().matches(&id).count() == 2).await;
    for line in server.log().lines().filter(|line| line.contains(&id)) {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["request.id"], *id);
    }
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test]
async fn requests_are_logged_as_often_as_is_wanted() {
    let server = Promograph::new().with("PROMOGRAPH_LOG_REQUESTS", "2").serve().await;
    for _ in 0..3 {
        get(&server.address, "/nowhere").await;
    }
    // Lines are in the order of the requests: the third one is the second that is logged.
    let last = get(&server.address, "/schema.graphql").await;
    eventually("why it is refused", async || server.log().contains(&last)).await;
    assert_eq!(server.log().matches("\"answered\"").count(), 2);
    assert_eq!(server.stop().await, Some(0));
}
