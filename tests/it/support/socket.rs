//! HTTP over a real socket, one connection after which many requests go.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection to a server.
pub struct Socket {
    sender: http1::SendRequest<Full<Bytes>>,
    address: String,
}

impl Socket {
    pub async fn connect(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, address: address.to_owned() })
    }

    /// The status and the body of the answer.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<(u16, String)> {
        self.send("GET", path, "", Vec::new()).await
    }

    /// Posts JSON.
    pub async fn post(&mut self, path: &str, token: &str, body: Vec<u8>) -> anyhow::Result<(u16, String)> {
        self.send("POST", path, token, body).await
    }

    async fn send(&mut self, method: &str, path: &str, token: &str, body: Vec<u8>) -> anyhow::Result<(u16, String)> {
        let mut request = Request::builder().method(method).uri(path).header("host", &self.address);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if method == "POST" {
            request = request.header("content-type", "application/json");
        }
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok((status, String::from_utf8(body.to_vec())?))
    }
}
