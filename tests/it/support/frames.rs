//! HTTP/2 by hand: frames as they are, for what no client would send.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout_at},
};

/// Fails the test when its connection lasts for longer.
const LIMIT: Duration = Duration::from_secs(60);

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RESET: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// A connection by HTTP/2. It answers pings, so that it does not count as dead.
pub struct Frames {
    stream: TcpStream,
    deadline: Instant,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    pub fn new(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Self {
        Self { kind, flags, stream, payload: payload.to_vec() }
    }

    /// `GET /`.
    pub fn get(stream: u32) -> Self {
        // From HPACK's static table: :method GET, :scheme http, :path /, and :authority.
        Self::new(HEADERS, END_STREAM | END_HEADERS, stream, b"\x82\x86\x84\x41\x04test")
    }

    /// The head of `POST` to this path.
    pub fn post(stream: u32, path: &str) -> Self {
        let length = u8::try_from(path.len()).ok().filter(|length| *length < 127).expect("a short path");
        let head = [b"\x83\x86\x44", &[length][..], path.as_bytes(), b"\x41\x04test"].concat();
        Self::new(HEADERS, END_HEADERS, stream, &head)
    }

    /// The error code of a reset or a farewell.
    pub fn error(&self) -> u32 {
        let at = if self.kind == GOAWAY { 4 } else { 0 };
        u32::from_be_bytes(self.payload[at..at + 4].try_into().unwrap())
    }

    fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[self.kind, self.flags], &self.stream.to_be_bytes(), &self.payload].concat()
    }
}

impl Frames {
    /// Connects with these settings (id and value).
    pub async fn connect(address: &str, settings: &[(u16, u32)]) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let settings = settings.iter().flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat());
        let settings = Frame::new(SETTINGS, 0, 0, &settings.collect::<Vec<_>>()).bytes();
        stream.write_all(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), settings].concat()).await.unwrap();
        Self { stream, deadline: Instant::now() + LIMIT }
    }

    /// Sends frames in one go; whether the server still listens shows when reading.
    pub async fn send(&mut self, frames: &[Frame]) {
        let bytes = frames.iter().flat_map(Frame::bytes).collect::<Vec<_>>();
        let _ = self.stream.write_all(&bytes).await;
    }

    /// The next frame; none once the connection is closed.
    pub async fn next(&mut self) -> Option<Frame> {
        let deadline = self.deadline;
        loop {
            let frame = timeout_at(deadline, self.read()).await.expect("no frame came");
            match frame {
                Some(Frame { kind: PING, flags: 0, stream: 0, payload }) => {
                    self.send(&[Frame::new(PING, 1, 0, &payload)]).await;
                }
                frame => return frame,
            }
        }
    }

    /// The next frame of this kind, on this stream; none if the connection is closed before.
    pub async fn until(&mut self, kind: u8, stream: u32) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if (frame.kind, frame.stream) == (kind, stream) {
                return Some(frame);
            }
        }
    }

    async fn read(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.ok()?;
        let stream = u32::from_be_bytes(head[5..].try_into().unwrap()) & 0x7fff_ffff;
        Some(Frame { kind: head[3], flags: head[4], stream, payload })
    }
}
