//! HTTP over a real socket: one connection, one request after the other.

use anyhow::Context as _;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
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

    /// Sends these bytes, whatever they are.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
        Ok(self.0.write_all(bytes.as_ref()).await?)
    }

    /// Both directions apart.
    pub fn split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        self.0.into_inner().into_split()
    }

    /// Waits until the server closes the connection, and gives what it sent before.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        // Who closes while something is on its way here resets the connection.
        let _ = self.0.read_to_end(&mut rest).await;
        String::from_utf8_lossy(&rest).into_owned()
    }

    async fn send(&mut self, head: &str, body: &[u8]) -> anyhow::Result<(u16, String)> {
        self.write([head.as_bytes(), body].concat()).await?;
        self.answer().await
    }

    /// The status and the body of the next answer.
    pub async fn answer(&mut self) -> anyhow::Result<(u16, String)> {
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
