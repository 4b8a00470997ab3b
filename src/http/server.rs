//! The server: accepts connections and serves them, with patience that ends.
//!
//! Beside what [`axum::serve`] does: the head of a request, idling, and a client that takes nothing of
//! its answer have time limits, connections are counted, and one too many takes the place of the one
//! that has been idle for longest, so that those who only hold connections keep nobody out.

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

use crate::settings::ConnectionArgs;

mod activity;
mod connection;
mod crowd;
mod descriptors;
mod flight;
mod host;
mod leaving;
mod refusal;
mod socket;

pub use crowd::Crowd;

use crowd::Place;
use flight::Flight;
use socket::Socket;

/// The largest head of a request, in bytes. A query in a link may have 64 KiB, a token 100 kB.
const HEAD_BYTES: usize = 128 * 1024;
/// The largest that is read by HTTP/2: what is beyond this is refused without a body, or not at all.
const HTTP2_HEAD_BYTES: u32 = 256 * 1024;
/// How many headers a request may have.
const HEADERS: usize = 100;
/// How often a silent HTTP/2 peer is asked whether it is there, and how long it may take to say so.
const HTTP2_PING: Duration = Duration::from_secs(20);
/// Streams that a peer opened and reset at once: who has more of them waiting is sent away.
const HTTP2_RESETS: usize = 20;
/// How many connections the system's queue holds at most, by the usual setting of Linux.
const QUEUE: usize = 4_096;
/// How long to wait when the system gives no more connections.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(100);

/// Serves until `stop`, then until the requests that have begun are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ConnectionArgs,
    crowd: Arc<Crowd>,
    stop: &CancellationToken,
) {
    descriptors::raise(settings.max_connections);
    let (builder, connections) = (Arc::new(builder(settings)), TaskTracker::new());
    let welcome = |(stream, place)| {
        let connection = Served { builder: Arc::clone(&builder), router: router.clone(), settings: settings.clone() };
        connections.spawn(connection.run(stream, place, stop.clone()));
    };
    while let Some(Ok(arrived)) = stop.run_until_cancelled(next(&listener, &crowd)).await {
        welcome(arrived);
    }
    // Who is in the system's queue already may have sent a request.
    for _ in 0..QUEUE {
        let Some(Ok(arrived)) = next(&listener, &crowd).now_or_never() else { break };
        welcome(arrived);
    }
    // Whoever connects from now on is refused, so that a proxy goes elsewhere.
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// The next connection, with its place.
async fn next(listener: &TcpListener, crowd: &Arc<Crowd>) -> Result<(TcpStream, Place), Infallible> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok((stream, crowd.admit().await)),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                crowd.make_room();
                tokio::time::sleep(OUT_OF_SOCKETS).await;
            }
        }
    }
}

fn builder(settings: &ConnectionArgs) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // Heads and idling are timed by us: what hyper times is both with one limit.
    builder.http1().header_read_timeout(None).max_headers(HEADERS).max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(u32::try_from(settings.http2_streams).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(HTTP2_RESETS)
        .max_local_error_reset_streams(HTTP2_RESETS)
        .max_header_list_size(HTTP2_HEAD_BYTES)
        .keep_alive_interval(HTTP2_PING)
        .keep_alive_timeout(HTTP2_PING)
        // For WebSockets.
        .enable_connect_protocol();
    builder
}

struct Served {
    builder: Arc<Builder<TokioExecutor>>,
    router: Router,
    settings: ConnectionArgs,
}

impl Served {
    async fn run(self, stream: TcpStream, place: Place, stop: CancellationToken) {
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let Ok(peer) = stream.peer_addr() else { return };
        let activity = Arc::clone(place.activity());
        let flying = Arc::clone(&activity);
        let service = service_fn(move |request: Request<Incoming>| {
            let flight = Flight::begin(&flying, &request);
            let refused = refusal::of_head(&request);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = self.router.clone();
            async move {
                let response = match refused {
                    Some(response) => response,
                    None => router.oneshot(request).await?,
                };
                Ok::<_, Infallible>(flight.carry(response))
            }
        });
        let io = TokioIo::new(Socket::new(stream, place, self.settings.write_timeout));
        let connection = self.builder.serve_connection_with_upgrades(io, service);
        connection::watch(connection, &activity, &self.settings, &stop).await;
    }
}
