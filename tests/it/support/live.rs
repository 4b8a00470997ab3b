//! Clients of live data, as simple as they can be: one `WebSocket`, one event stream.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{body::Bytes, http::Request};
use futures_util::{SinkExt as _, StreamExt as _, stream::BoxStream};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue, protocol::frame::Frame},
};

/// Fails the test when nothing has come by then.
const LIMIT: Duration = Duration::from_secs(60);

/// A `WebSocket` that speaks `graphql-transport-ws`, and the subprotocol that the server selected.
pub struct Wire(WebSocketStream<TcpStream>, String);

/// What comes out of a [`Wire`].
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    Message(Value),
    /// Closed with this code and reason; 1006 without any.
    Closed(u16, String),
}

impl Wire {
    /// Upgrades with these headers; an error tells the status that was answered instead.
    pub async fn upgrade(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, HeaderValue::from_str(value).unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, response)) => {
                let selected = response.headers()["sec-websocket-protocol"].to_str().unwrap();
                Ok(Self(socket, selected.to_owned()))
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The subprotocol that the server selected.
    pub fn protocol(&self) -> &str {
        &self.1
    }

    /// Upgrades, and says nothing yet.
    pub async fn silent(address: SocketAddr) -> Self {
        Self::upgrade(address, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    /// Upgrades and shows a token, which must be accepted.
    pub async fn open(address: SocketAddr, token: &str) -> Self {
        let mut wire = Self::silent(address).await;
        wire.send(json!({ "type": "connection_init", "payload": { "token": token } })).await;
        assert_eq!(wire.came().await, Came::Message(json!({ "type": "connection_ack" })));
        wire
    }

    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Sends any frame.
    pub async fn send_frame(&mut self, frame: Frame) {
        self.0.send(Message::Frame(frame)).await.unwrap();
    }

    /// Starts an operation.
    pub async fn start(&mut self, id: &str, query: &str) {
        self.start_with(id, query, json!({})).await;
    }

    pub async fn start_with(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// Starts a subscription and waits until it is heard: answers come in the order of the requests
    /// only per operation, so a query is run until it is over.
    pub async fn subscribe(&mut self, app: &super::TestApp, id: &str, query: &str) {
        self.subscribe_with(app, id, query, json!({})).await;
    }

    pub async fn subscribe_with(&mut self, app: &super::TestApp, id: &str, query: &str, variables: Value) {
        let before = app.changes.subscriber_count();
        self.start_with(id, query, variables).await;
        super::eventually("the subscription is heard", async || app.changes.subscriber_count() > before).await;
    }

    /// What comes next, except pings, which it answers.
    pub async fn came(&mut self) -> Came {
        let coming = async {
            loop {
                match self.next().await {
                    Came::Message(message) if message["type"] == "ping" => {
                        let pong = Message::text(json!({ "type": "pong" }).to_string());
                        // Who is closing does not wait for it.
                        let _ = self.0.send(pong).await;
                    }
                    came => return came,
                }
            }
        };
        timeout(LIMIT, coming).await.expect("nothing but pings came")
    }

    /// What comes next, pings too, which nobody answers.
    pub async fn next(&mut self) -> Came {
        loop {
            match timeout(LIMIT, self.0.next()).await.expect("nothing came") {
                Some(Ok(Message::Text(text))) => return Came::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Came::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Came::Closed(1006, String::new()),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The message that comes next.
    pub async fn message(&mut self) -> Value {
        match self.came().await {
            Came::Message(message) => message,
            closed @ Came::Closed(..) => panic!("{closed:?}"),
        }
    }

    /// The `data` of the message that comes next, which must be of this operation.
    pub async fn data(&mut self, id: &str) -> Value {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        message["payload"]["data"].clone()
    }

    /// The code of the error that comes next and ends this operation.
    pub async fn error(&mut self, id: &str) -> String {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message}");
        message["payload"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    /// The code with which the socket is closed, whatever comes before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Came::Closed(code, _) = self.came().await {
                return code;
            }
        }
    }
}

/// An event stream while it is read.
pub struct EventStream {
    body: BoxStream<'static, Bytes>,
    buffer: String,
}

/// One event: name, id, data.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: Option<String>,
    pub data: Value,
}

impl EventStream {
    /// Of a real server, with this token.
    pub async fn open(address: &str, method: &str, path: &str, token: &str, body: &str) -> Self {
        let request = Request::builder().method(method).uri(format!("http://{address}{path}"));
        let request = request.header("authorization", format!("Bearer {token}")).header("accept", "text/event-stream");
        let request = request.header("content-type", "application/json").body(body.to_owned()).unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http::<String>();
        let response = client.request(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8", "{}", response.status());
        Self::new(axum::body::Body::new(response.into_body()))
    }

    pub fn new(body: axum::body::Body) -> Self {
        let body = body.into_data_stream().map(Result::unwrap_or_default).boxed();
        Self { body, buffer: String::new() }
    }

    /// The next event; none at the end. Comments are left out.
    pub async fn next(&mut self) -> Option<Event> {
        timeout(LIMIT, self.coming()).await.expect("nothing but comments came")
    }

    async fn coming(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.buffer.find("\n\n") {
                let text: String = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(&text) {
                    return Some(event);
                }
            }
            let part = self.body.next().await?;
            self.buffer.push_str(std::str::from_utf8(&part).context("text").unwrap());
        }
    }

    /// The `data` of the next event, which must be a message without errors.
    pub async fn data(&mut self) -> Value {
        let event = self.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.data.get("errors")), ("next", None), "{event:?}");
        event.data["data"].clone()
    }

    /// The code of the error that comes next and is the last.
    pub async fn error(&mut self) -> String {
        let event = self.next().await.unwrap();
        let code = event.data["errors"][0]["extensions"]["code"].as_str().unwrap_or("(none)").to_owned();
        assert_eq!(self.next().await.map(|event| event.name).as_deref(), Some("complete"), "{event:?}");
        assert_eq!(self.next().await, None);
        code
    }
}

fn parse(text: &str) -> Option<Event> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let name = field("event: ")?;
    let data = field("data: ").map_or(Value::Null, |data| serde_json::from_str(&data).unwrap_or_default());
    Some(Event { name, id: field("id: "), data })
}
