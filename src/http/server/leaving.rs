//! Leaving so that the last answer arrives: who closes a socket in which unread bytes lie resets it, and
//! that can take back what was just written to a client who is sending still.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    runtime::Handle,
    time::timeout,
};

use super::crowd::Place;

/// How much is still taken, in bytes, and thrown away.
const MOST: usize = 8 * 1024 * 1024;
/// For how long.
const LONGEST: Duration = Duration::from_secs(2);

/// Closes a connection once its peer does, or has been given the chance to.
pub(super) fn leave(stream: TcpStream, place: Place) {
    let is_gone = matches!(stream.try_read(&mut [0]), Ok(0));
    // Without a runtime the process ends, and takes the socket along.
    let Ok(runtime) = Handle::try_current() else { return };
    if !is_gone {
        runtime.spawn(async move {
            tokio::select! {
                _ = timeout(LONGEST, drain(stream)) => {}
                () = place.activity().evicted.cancelled() => {}
            }
        });
    }
}

async fn drain(mut stream: TcpStream) {
    // Fails where it is done already.
    let _ = stream.shutdown().await;
    let (mut taken, mut scrap) = (0, vec![0; 16 * 1024]);
    while let Ok(more @ 1..) = stream.read(&mut scrap).await {
        taken += more;
        if taken > MOST {
            return;
        }
    }
}
