//! The outgoing messages of one socket, bounded so that a slow client costs little memory.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes},
};
use futures_util::{Sink, SinkExt as _};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::protocol::Close;
use crate::graphql::subscription::SinkError;

/// How much may wait for one socket, in KiB. A larger message waits until the queue is empty.
const MAX_QUEUED_KIB: u32 = 512;
/// How long a close may take to be written to a client that has not read before.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends messages to one socket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::UnboundedSender<Item>,
    room: Arc<Semaphore>,
    stalled: CancellationToken,
}

#[derive(Debug)]
enum Item {
    Message(Message, OwnedSemaphorePermit),
    Last(Vec<String>, Close),
}

impl Outbox {
    /// Starts the writing task. A message that is not written within `unread` means that the client is too slow.
    pub fn start(sink: impl Sink<Message> + Send + Unpin + 'static, unread: Duration) -> (Self, JoinHandle<()>) {
        let (queue, items) = mpsc::unbounded_channel();
        let stalled = CancellationToken::new();
        let room = Arc::new(Semaphore::new(MAX_QUEUED_KIB as usize));
        let writing = tokio::spawn(write(sink, items, unread, stalled.clone()));
        (Self { queue, room, stalled }, writing)
    }

    /// Queues a message; waits for room in the queue.
    pub async fn send(&self, text: impl Into<Utf8Bytes>) -> Result<(), SinkError> {
        let text = text.into();
        let kib = u32::try_from(text.len().div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, MAX_QUEUED_KIB);
        self.put(Message::Text(text), kib).await
    }

    /// Queues a ping frame, which every client answers by itself; waits for room in the queue.
    pub async fn ping(&self) -> Result<(), SinkError> {
        self.put(Message::Ping(Bytes::new()), 1).await
    }

    async fn put(&self, message: Message, kib: u32) -> Result<(), SinkError> {
        let room = tokio::select! {
            room = Arc::clone(&self.room).acquire_many_owned(kib) => room.map_err(|_| SinkError::Closed)?,
            () = self.stalled.cancelled() => return Err(SinkError::Slow),
        };
        self.queue.send(Item::Message(message, room)).map_err(|_| SinkError::Closed)
    }

    /// Writes these messages and closes the socket, after what is queued; instead of it if the client is too slow.
    pub fn close(&self, last: Vec<String>, close: Close) {
        // An error means that the socket is gone.
        let _ = self.queue.send(Item::Last(last, close));
    }

    /// Resolves when the client is too slow.
    pub async fn stalled(&self) {
        self.stalled.cancelled().await;
    }
}

/// Ends when the socket is closed or gone.
async fn write(
    mut sink: impl Sink<Message> + Unpin,
    mut items: mpsc::UnboundedReceiver<Item>,
    unread: Duration,
    stalled: CancellationToken,
) {
    while let Some(item) = items.recv().await {
        match item {
            // After the first message that is not read the rest is dropped; the last messages say so.
            Item::Message(..) if stalled.is_cancelled() => {}
            Item::Message(message, _room) => match timeout(unread, sink.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => stalled.cancel(),
            },
            Item::Last(last, close) => {
                let frame = CloseFrame { code: close.code, reason: close.reason.into() };
                let writing = async {
                    for text in last {
                        sink.send(Message::text(text)).await?;
                    }
                    sink.send(Message::Close(Some(frame))).await
                };
                // Whether it arrives cannot be known.
                let _ = timeout(CLOSE_TIMEOUT, writing).await;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::pending, pin::pin};

    use futures_util::{FutureExt as _, sink};

    use super::*;

    #[tokio::test]
    async fn the_queue_of_a_slow_client_is_bounded() {
        let unread = Duration::from_secs(3600);
        let nobody_reads = Box::pin(sink::unfold((), |(), _| pending::<Result<(), Infallible>>()));
        let (outbox, writing) = Outbox::start(nobody_reads, unread);
        // The message that is being written takes room too.
        for _ in 0..MAX_QUEUED_KIB {
            outbox.send("x".repeat(1024)).await.unwrap();
        }
        let mut one_more = pin!(outbox.send("x".to_owned()));
        tokio::task::yield_now().await;
        assert_eq!(one_more.as_mut().now_or_never(), None);
        writing.abort();
    }
}
