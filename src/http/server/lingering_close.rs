//! Lingering close: a socket that is closed while unread bytes lie in it is reset, and a reset can discard the answer
//! that was just written to a client that is still sending.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    runtime::Handle,
    time::timeout,
};

use super::connection_limiter::ConnectionPermit;

/// How many bytes are read and discarded at most.
const MAX_DISCARDED_BYTES: usize = 8 * 1024 * 1024;
/// How long the peer has to close its side.
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// Closes the connection in the background, once its peer does or a limit is reached.
pub(super) fn start(stream: TcpStream, slot: ConnectionPermit) {
    let is_closed_by_peer = matches!(stream.try_read(&mut [0]), Ok(0));
    // Without a runtime the process is ending, which closes the socket anyway.
    let Ok(runtime) = Handle::try_current() else { return };
    if !is_closed_by_peer {
        runtime.spawn(async move {
            tokio::select! {
                _ = timeout(LINGER_TIMEOUT, discard(stream)) => {}
                () = slot.activity().evicted.cancelled() => {}
            }
        });
    }
}

async fn discard(mut stream: TcpStream) {
    // Fails if the write side is shut down already.
    let _ = stream.shutdown().await;
    let (mut discarded, mut buffer) = (0, vec![0; 16 * 1024]);
    while let Ok(more @ 1..) = stream.read(&mut buffer).await {
        discarded += more;
        if discarded > MAX_DISCARDED_BYTES {
            return;
        }
    }
}
