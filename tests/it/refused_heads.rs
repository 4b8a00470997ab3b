//! Requests that reach no route: what is wrong with them is told as JSON all the same.

use serde_json::Value;

use crate::support::{Promograph, Socket};

/// All that the server says to these bytes until it closes the connection: its last head and body.
async fn said(address: &str, bytes: impl AsRef<[u8]>) -> (String, Value) {
    let mut socket = Socket::connect(address).await.unwrap();
    socket.write(bytes).await.unwrap();
    let all = socket.rest().await;
    let (head, body) = all.rsplit_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {all}"));
    let length = format!("content-length: {}\r\n", body.len());
    assert!(head.contains(&length) && head.contains("connection: close"), "{all}");
    assert!(head.contains("content-type: application/json") && head.contains("x-request-id: "), "{all}");
    (head.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {all}")))
}

fn told(body: &Value) -> [Value; 4] {
    ["code", "rule", "limit", "actual"].map(|name| body["errors"][0]["extensions"][name].clone())
}

#[tokio::test]
async fn what_is_no_request_is_refused_as_json() {
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
        let (head, body) = said(&server.address, bytes).await;
        assert_eq!(head.contains("HTTP/1.1 200 OK"), bytes.matches("GET").count() == 2, "{head}");
        assert!(head.contains("HTTP/1.1 400 Bad Request"), "{bytes}: {head}");
        assert_eq!(told(&body)[0], "BAD_REQUEST", "{bytes}");
    }
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
            let (head, body) = said(&server.address, format!("GET {path} HTTP/1.1\r\n{host}\r\n")).await;
            assert!(head.starts_with("HTTP/1.1 400 Bad Request"), "{host:?}: {head}");
            assert_eq!(told(&body)[0], "BAD_REQUEST", "{host:?}");
        }
    }
    let twice = "GET /health HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n";
    assert!(said(&server.address, twice).await.0.contains(" 400 Bad Request"), "HTTP/1.0");
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
async fn a_head_has_a_largest_size_and_is_told_which() {
    let server = Promograph::new().serve().await;
    let with = |line: String| format!("GET /health HTTP/1.1\r\nhost: test\r\n{line}\r\n\r\n");
    // More than the server ever reads is on its way when it answers.
    for bytes in [131_072, 400_000, 4_000_000] {
        let (head, body) = said(&server.address, with(format!("x-large: {}", "a".repeat(bytes)))).await;
        assert!(head.starts_with("HTTP/1.1 431"), "{head}");
        let [code, rule, limit, actual] = told(&body);
        assert_eq!([code, rule], ["HEADERS_TOO_LARGE", "headBytes"]);
        assert!(limit == 131_072 && actual.as_u64() >= limit.as_u64(), "{body}");
    }
    let many: Vec<_> = (0..200).map(|index| format!("x-{index}: 1")).collect();
    let (head, body) = said(&server.address, with(many.join("\r\n"))).await;
    assert!(head.starts_with("HTTP/1.1 431"), "{head}");
    assert_eq!(told(&body), ["HEADERS_TOO_LARGE".into(), "headers".into(), Value::from(100), Value::from(101)]);
    let address = format!("GET /{} HTTP/1.1\r\nhost: test\r\n\r\n", "a".repeat(70_000));
    let (head, body) = said(&server.address, address).await;
    assert!(head.starts_with("HTTP/1.1 414"), "{head}");
    assert_eq!(told(&body), ["URI_TOO_LONG".into(), "uriBytes".into(), Value::from(65_534), Value::from(65_535)]);
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
