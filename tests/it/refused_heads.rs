//! Requests that reach no route: malformed ones, those with a head that is too large, and those without a valid host.

use serde_json::Value;

use crate::support::{Promograph, Socket};

/// All that the server sends after these bytes until it closes the connection.
async fn rest(address: &str, bytes: impl AsRef<[u8]>) -> String {
    let mut socket = Socket::connect(address).await.unwrap();
    socket.write(bytes).await.unwrap();
    socket.rest().await
}

#[tokio::test]
async fn a_malformed_request_is_a_bad_request_and_closes_the_connection() {
    let server = Promograph::new().serve().await;
    for bytes in [
        "GET /health HTTP/1.1\r\nho st: x\r\n\r\n",
        "GET /health HTTP/9.9\r\nhost: x\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET /hea lth HTTP/1.1\r\nhost: x\r\n\r\n",
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        // Behind one that is answered.
        "GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /health HTTP/1.1\r\nho st: x\r\n\r\n",
    ] {
        let all = rest(&server.address, bytes).await;
        assert_eq!(all.contains("HTTP/1.1 200 OK"), bytes.matches("GET").count() == 2, "{all}");
        assert!(all.contains("HTTP/1.1 400 Bad Request"), "{bytes}: {all}");
    }
}

/// The last head and body that the server sends, which must be an error as JSON.
async fn refused(address: &str, bytes: impl AsRef<[u8]>) -> (String, Value) {
    let all = rest(address, bytes).await;
    let (head, body) = all.rsplit_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {all}"));
    assert!(head.contains("connection: close") && head.contains("x-request-id: "), "{all}");
    (head.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {all}")))
}

#[tokio::test]
async fn a_request_says_once_for_which_host_it_is() {
    let server = Promograph::new().serve().await;
    for host in [
        "",
        "host: a\r\nhost: a\r\n",
        "host: a\r\nHost: b\r\n",
        "host: \r\n",
        "host: a, b\r\n",
        "host: me@a\r\n",
        "host: a/b\r\n",
    ] {
        for path in ["/health", "/nowhere", "http://test/health"] {
            let (head, body) = refused(&server.address, format!("GET {path} HTTP/1.1\r\n{host}\r\n")).await;
            assert!(head.starts_with("HTTP/1.1 400 Bad Request"), "{host:?}: {head}");
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{host:?}");
        }
    }
    let twice = "GET /health HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n";
    assert!(refused(&server.address, twice).await.0.contains(" 400 Bad Request"), "HTTP/1.0");
    for request in [
        "GET /health HTTP/1.0\r\n\r\n",
        "GET /health HTTP/1.0\r\nhost: a\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost: a:8080\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n",
        "GET http://a/health HTTP/1.1\r\nhost: b\r\n\r\n",
    ] {
        let mut socket = Socket::connect(&server.address).await.unwrap();
        socket.write(request).await.unwrap();
        assert_eq!(socket.answer().await.unwrap().0, 200, "{request:?}");
    }
}

#[tokio::test]
async fn a_head_has_a_largest_size() {
    let server = Promograph::new().serve().await;
    let with = |line: String| format!("GET /health HTTP/1.1\r\nhost: test\r\n{line}\r\n\r\n");
    // The server answers while more is on its way than it ever reads.
    for bytes in [131_072, 400_000, 4_000_000] {
        let all = rest(&server.address, with(format!("x-large: {}", "a".repeat(bytes)))).await;
        assert!(all.starts_with("HTTP/1.1 431"), "{all}");
    }
    let many: Vec<_> = (0..200).map(|index| format!("x-{index}: 1")).collect();
    let all = rest(&server.address, with(many.join("\r\n"))).await;
    assert!(all.starts_with("HTTP/1.1 431"), "{all}");
    let address = format!("GET /{} HTTP/1.1\r\nhost: test\r\n\r\n", "a".repeat(70_000));
    let all = rest(&server.address, address).await;
    assert!(all.starts_with("HTTP/1.1 414"), "{all}");
    assert_eq!(Socket::connect(&server.address).await.unwrap().get("/health").await.unwrap().0, 200);
}

#[tokio::test]
async fn a_very_long_token_gets_the_answer_of_every_bad_one() {
    let server = Promograph::new().serve().await;
    let mut socket = Socket::connect(&server.address).await.unwrap();
    let mut refused = async |token: &str| socket.post("/graphql", token, b"{}").await.unwrap();
    let short = refused("x").await;
    assert!(short.0 == 401 && short.1.contains("UNAUTHENTICATED"), "{short:?}");
    assert_eq!(refused(&"x".repeat(100_000)).await, short);
    assert_eq!(refused(&"x".repeat(102_400)).await, short);
}

#[tokio::test]
async fn who_sends_a_body_that_is_too_large_can_read_that_it_is() {
    let server = Promograph::new().serve().await;
    let token = "x";
    for size in [100_000, 3_000_000, 7_500_000] {
        let mut socket = Socket::connect(&server.address).await.unwrap();
        // Refused by its token, while the body is on its way.
        let (status, answer) = socket.post("/graphql", token, &vec![b' '; size]).await.unwrap();
        assert!(status == 401 && answer.contains("UNAUTHENTICATED"), "{answer}");
    }
}
