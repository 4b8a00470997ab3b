//! HTTP/2 without TLS, as proxies speak it to us: the same answers, and no more for those who abuse it.

use axum::http::{Request, StatusCode};
use tokio::net::TcpStream;

use crate::support::{
    Promograph, Socket, TOKEN,
    frames::{CONTINUATION, DATA, END_HEADERS, Frame, Frames, GOAWAY, HEADERS, RESET, SETTINGS},
};

/// `ENHANCE_YOUR_CALM`.
const CALM: u32 = 0xb;
/// `REFUSED_STREAM`.
const REFUSED: u32 = 0x7;

/// The answer to a `GET` with these headers.
async fn get(address: &str, path: &str, headers: &[(String, String)]) -> Result<(StatusCode, String), h2::Error> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = h2::client::handshake(stream).await?;
    let driver = tokio::spawn(connection);
    let mut request = Request::get(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let (response, _) = sender.send_request(request.body(()).unwrap(), true)?;
    let (parts, mut body) = response.await?.into_parts();
    let mut text = Vec::new();
    while let Some(part) = body.data().await {
        text.extend_from_slice(&part?);
    }
    driver.abort();
    Ok((parts.status, String::from_utf8(text).unwrap()))
}

fn token(bytes: usize) -> Vec<(String, String)> {
    vec![("authorization".to_owned(), format!("Bearer {}", "x".repeat(bytes)))]
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Promograph::new().serve().await;
    let bad = get(&server.address, "/graphql", &token(1)).await.unwrap();
    assert!(bad.0 == StatusCode::UNAUTHORIZED && bad.1.contains("UNAUTHENTICATED"), "{bad:?}");
    assert_eq!(get(&server.address, "/graphql", &token(100_000)).await.unwrap(), bad);
    for bytes in [131_072, 200_000] {
        assert_eq!(get(&server.address, "/graphql", &token(bytes)).await.unwrap().0.as_u16(), 431, "{bytes}");
    }
}

#[tokio::test]
async fn one_request_more_at_a_time_than_the_setting_allows_is_refused() {
    let server = Promograph::new().with("PROMOGRAPH_HTTP2_STREAMS", "2").serve().await;
    let mut peer = Frames::connect(&server.address, &[]).await;
    let settings = peer.until(SETTINGS, 0).await.unwrap();
    // MAX_CONCURRENT_STREAMS.
    assert!(settings.payload.chunks(6).any(|entry| entry == [0, 3, 0, 0, 0, 2]), "{settings:?}");
    let path = format!("/webhooks/firstpromoter/{TOKEN}");
    peer.send(&[1, 3, 5].map(|stream| Frame::post(stream, &path))).await;
    assert_eq!(peer.until(RESET, 5).await.unwrap().error(), REFUSED);
}

#[tokio::test]
async fn who_asks_and_takes_it_back_without_end_is_sent_away() {
    let server = Promograph::new().serve().await;
    let mut peer = Frames::connect(&server.address, &[]).await;
    // CVE-2023-44487: CANCEL.
    let pairs = |index: u32| [Frame::get(2 * index + 1), Frame::new(RESET, 0, 2 * index + 1, &8_u32.to_be_bytes())];
    peer.send(&(0..2_000_u32).flat_map(pairs).collect::<Vec<_>>()).await;
    assert_eq!(peer.until(GOAWAY, 0).await.unwrap().error(), CALM);
    assert_eq!(Socket::connect(&server.address).await.unwrap().get("/health").await.unwrap().0, 200);
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let server = Promograph::new().serve().await;
    // CVE-2024-27316, with parts that hold nothing and with large ones.
    for part in [0, 16 * 1024] {
        let mut peer = Frames::connect(&server.address, &[]).await;
        let beginning = Frame { flags: 0, ..Frame::post(1, "/") };
        // A literal header of one name, and a value without end.
        let parts = vec![Frame::new(CONTINUATION, 0, 1, &vec![0; part]); 200];
        peer.send(&[vec![beginning], parts].concat()).await;
        let goodbye = peer.until(GOAWAY, 0).await;
        assert!(goodbye.is_none_or(|frame| frame.error() != 0));
        assert_eq!(peer.until(HEADERS, 1).await, None, "{part}");
    }
    assert_eq!(Socket::connect(&server.address).await.unwrap().get("/health").await.unwrap().0, 200);
}

#[tokio::test]
async fn who_lets_nothing_of_an_answer_be_sent_is_given_up() {
    let server = Promograph::new().with("PROMOGRAPH_WRITE_TIMEOUT", "200ms").serve().await;
    // INITIAL_WINDOW_SIZE: 0.
    let mut peer = Frames::connect(&server.address, &[(4, 0)]).await;
    peer.send(&[Frame::get(1), Frame::get(3)]).await;
    let mut came = Vec::new();
    while let Some(frame) = peer.next().await {
        came.push(frame.kind);
    }
    assert!(came.contains(&HEADERS) && !came.contains(&DATA), "{came:?}");
}

#[tokio::test]
async fn an_answer_that_is_not_taken_ends_no_other_request_of_the_connection() {
    let promograph = Promograph::new().with("PROMOGRAPH_WRITE_TIMEOUT", "200ms");
    let server = promograph.with("PROMOGRAPH_BODY_TIMEOUT", "1s").serve().await;
    let mut peer = Frames::connect(&server.address, &[(4, 0)]).await;
    // The second is waited for longer than the first may stay untaken.
    peer.send(&[Frame::get(1), Frame::post(3, &format!("/webhooks/firstpromoter/{TOKEN}"))]).await;
    let answer = peer.until(HEADERS, 3).await.unwrap();
    assert_eq!(answer.flags & END_HEADERS, END_HEADERS);
    while peer.next().await.is_some() {}
}
