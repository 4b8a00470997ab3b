//! Accepts connections and serves them, with timeouts.
//!
//! What [`axum::serve`] does not have: timeouts for the head of a request, for idle connections, and for clients that do
//! not read their response; and a limit of connections that evicts idle ones, so that clients that only hold
//! connections open keep no other out.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use futures_util::FutureExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use crate::limits::ConnectionLimits;

mod activity;
mod connection;
mod connection_limiter;
mod in_flight;
mod lingering_close;
mod open_files;
mod socket;

pub use connection_limiter::ConnectionLimiter;

use connection_limiter::ConnectionPermit;
use in_flight::InFlightGuard;
use socket::Socket;

/// The largest head of a request, in bytes. A query in a link may have 64 KiB, a token 100 kB.
const MAX_HEAD_BYTES: u32 = 128 * 1024;
/// How many headers an HTTP/1 request may have.
const MAX_HEADERS: usize = 100;
/// How often a silent HTTP/2 peer is pinged, and how long its answer may take.
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(20);
/// How many streams that were opened and reset at once may wait; with more, the connection is closed.
const MAX_HTTP2_RESETS: usize = 20;
/// The usual upper limit of Linux for the backlog of a listening socket.
const MAX_BACKLOG: usize = 4_096;
/// How long to wait when the system has no more sockets.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Serves until `stop`, then until the requests that have begun are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ConnectionLimits,
    limiter: Arc<ConnectionLimiter>,
    stop: &CancellationToken,
) {
    open_files::raise_nofile_limit(settings.max_connections);
    let (builder, connections) = (Arc::new(builder(settings)), TaskTracker::new());
    let spawn = |(stream, slot)| {
        let connection =
            Connection { builder: Arc::clone(&builder), router: router.clone(), settings: settings.clone() };
        connections.spawn(connection.run(stream, slot, stop.clone()));
    };
    while let Some(Ok(accepted)) = stop.run_until_cancelled(accept(&listener, &limiter)).await {
        spawn(accepted);
    }
    // Connections in the system's backlog may have sent a request already.
    for _ in 0..MAX_BACKLOG {
        let Some(Ok(accepted)) = accept(&listener, &limiter).now_or_never() else { break };
        spawn(accepted);
    }
    // From here on connections are refused, so that a proxy tries another server.
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Accepts the next connection and waits for its slot.
async fn accept(
    listener: &TcpListener,
    limiter: &Arc<ConnectionLimiter>,
) -> Result<(TcpStream, ConnectionPermit), Infallible> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok((stream, limiter.acquire().await)),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                limiter.evict_idle();
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}

fn builder(settings: &ConnectionLimits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // `connection` times heads and idling: hyper's timeout is one for both.
    builder.http1().header_read_timeout(None).max_headers(MAX_HEADERS).max_buf_size(MAX_HEAD_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(u32::try_from(settings.http2_streams).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(MAX_HTTP2_RESETS)
        .max_local_error_reset_streams(MAX_HTTP2_RESETS)
        .max_header_list_size(MAX_HEAD_BYTES)
        .keep_alive_interval(HTTP2_PING_INTERVAL)
        .keep_alive_timeout(HTTP2_PING_INTERVAL)
        // For WebSockets.
        .enable_connect_protocol();
    builder
}

struct Connection {
    builder: Arc<Builder<TokioExecutor>>,
    router: Router,
    settings: ConnectionLimits,
}

impl Connection {
    async fn run(self, stream: TcpStream, slot: ConnectionPermit, stop: CancellationToken) {
        // Responses are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let Ok(peer) = stream.peer_addr() else { return };
        let activity = Arc::clone(slot.activity());
        let in_flight = Arc::clone(&activity);
        let service = service_fn(move |request: Request<Incoming>| {
            let guard = InFlightGuard::new(&in_flight, &request);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = self.router.clone();
            async move { Ok::<_, Infallible>(guard.attach(router.oneshot(request).await?)) }
        });
        let io = TokioIo::new(Socket::new(stream, slot, self.settings.write_timeout));
        let connection = self.builder.serve_connection_with_upgrades(io, service);
        connection::drive(connection, &activity, &self.settings, &stop).await;
    }
}
