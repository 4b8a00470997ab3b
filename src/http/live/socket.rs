//! What both `WebSocket` protocols have in common: the end of a socket.

use std::time::Duration;

use axum::extract::ws::WebSocket;
use futures_util::{StreamExt as _, stream::SplitStream};
use tokio::{task::JoinHandle, time::timeout};
use tungstenite::error::ProtocolError;

use super::{outbox::Outbox, protocol::Close};

/// How long a client may take to answer a close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Ends a socket: with last messages and a close, or without if the client is gone.
pub(super) async fn finish(
    outbox: Outbox,
    writing: JoinHandle<()>,
    mut incoming: SplitStream<WebSocket>,
    close: Option<(Vec<String>, Close)>,
) {
    let Some((last, close)) = close else {
        // Reading answers a close of the client.
        wait_for_close(&mut incoming).await;
        return writing.abort();
    };
    outbox.close(last, close);
    // A panic of the task ends it too.
    let _ = writing.await;
    // Closing before the client has read everything could discard what was sent.
    wait_for_close(&mut incoming).await;
}

/// Reads until the client is gone or the timeout is over.
async fn wait_for_close(incoming: &mut SplitStream<WebSocket>) {
    let _ = timeout(CLOSE_TIMEOUT, async { while let Some(Ok(_)) = incoming.next().await {} }).await;
}

/// The close for a message that cannot be read; none if the client is gone.
pub(super) fn close_for(error: axum::Error, max: usize) -> Option<Close> {
    let error = error.into_inner().downcast::<tungstenite::Error>().ok()?;
    match *error {
        tungstenite::Error::Capacity(_) => Some(Close::too_big(max)),
        tungstenite::Error::Utf8(_) => Some(Close::not_text()),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(Close::protocol_error()),
        _ => None,
    }
}
