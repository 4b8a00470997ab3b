//! The socket of a connection: notes what comes in, gives up on who takes nothing, has a say in what is
//! refused, and leaves in peace.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::StatusCode;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{crowd::Place, leaving, refusal};

/// A connection's socket. It keeps the connection's place, also once it carries something else than
/// HTTP.
#[derive(Debug)]
pub(super) struct Socket {
    /// Until it is dropped.
    open: Option<(TcpStream, Place)>,
    patience: Duration,
    /// Runs while the peer takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Bytes that came since something was written.
    read: usize,
    /// What is left of a refusal that is written instead of another.
    instead: Option<Vec<u8>>,
    /// All was written.
    ended: bool,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, place: Place, patience: Duration) -> Self {
        let open = Some((stream, place));
        Self { open, patience, stalled: None, read: 0, instead: None, ended: false }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.open.as_mut().map(|(stream, _)| Pin::new(stream)).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn has_answered_all(&self) -> bool {
        self.open.as_ref().is_some_and(|(_, place)| place.activity().has_answered_all())
    }

    /// Writes, and fails once the peer has taken nothing for too long.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = write(self.stream()?, context);
        if written.is_ready() {
            self.read = 0;
        }
        self.within_patience(context, written)
    }

    /// Writes all of a refusal in the place of `hypers`.
    fn write_instead(
        &mut self,
        context: &mut Context<'_>,
        status: StatusCode,
        hypers: &[u8],
    ) -> Poll<io::Result<usize>> {
        let read = self.read;
        let mut left = self.instead.take().unwrap_or_else(|| refusal::instead(status, hypers, read));
        while !left.is_empty() {
            match self.write(context, |stream, context| stream.poll_write(context, &left)) {
                Poll::Ready(written) => drop(left.drain(..written?)),
                Poll::Pending => {
                    self.instead = Some(left);
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(Ok(hypers.len()))
    }

    /// Fails once the peer has taken nothing for too long.
    fn within_patience<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = self.stream()?.poll_read(context, buffer);
        let more = buffer.filled().len() - before;
        if more > 0 {
            self.read = self.read.saturating_add(more);
            if let Some((_, place)) = &self.open {
                place.activity().read();
            }
        }
        polled
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let bytes = match refusal::find(bytes).filter(|_| self.has_answered_all()) {
            Some((0, status)) => return self.write_instead(context, status, bytes),
            Some((start, _)) => &bytes[..start],
            None => bytes,
        };
        self.write(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut full = slices.iter().filter(|slice| !slice.is_empty());
        match (full.next(), full.next()) {
            (Some(only), None) => self.poll_write(context, only),
            _ => self.write(context, |stream, context| stream.poll_write_vectored(context, slices)),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.ended = true;
        self.stream()?.poll_shutdown(context)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let Some((stream, place)) = self.open.take() else { return };
        if self.ended || place.activity().is_upgraded() {
            leaving::leave(stream, place);
        }
    }
}
