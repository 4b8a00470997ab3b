//! HTTP over a real socket: one connection, one request after the other.

use anyhow::Context as _;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// A connection to a server.
pub struct Socket(BufReader<TcpStream>);

impl Socket {
    pub async fn connect(address: &str) -> anyhow::Result<Self> {
        Ok(Self(BufReader::new(TcpStream::connect(address).await?)))
    }

    /// The status and the body of the answer.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<(u16, String)> {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"), &[]).await
    }

    /// Posts JSON with a token.
    pub async fn post(&mut self, path: &str, token: &str, body: &[u8]) -> anyhow::Result<(u16, String)> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.send(&head, body).await
    }

    async fn send(&mut self, head: &str, body: &[u8]) -> anyhow::Result<(u16, String)> {
        self.0.write_all(&[head.as_bytes(), body].concat()).await?;
        let status = self.line().await?;
        let status = status.split(' ').nth(1).context("a status line")?.parse()?;
        let mut length = 0;
        loop {
            let line = self.line().await?;
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok((status, String::from_utf8(body)?))
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        anyhow::ensure!(self.0.read_line(&mut line).await? > 0, "the connection was closed");
        Ok(line.trim_end().to_owned())
    }
}
