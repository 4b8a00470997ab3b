//! Drives one connection from its first byte to its last.

use std::{fmt::Display, future::poll_fn, pin::pin, task::Poll, time::Duration};

use axum::body::Body;
use hyper::{Request, Response, body::Incoming, rt, service::Service};
use hyper_util::{rt::TokioExecutor, server::conn::auto::UpgradeableConnection};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::activity::Activity;
use crate::limits::ConnectionLimits;

/// How long after the stop requests are still accepted: clients may have sent them before they could know.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(100);

/// Drives a connection until it ends, passes a deadline, or is evicted.
pub(super) async fn drive<I, S>(
    connection: UpgradeableConnection<'_, I, S, TokioExecutor>,
    activity: &Activity,
    settings: &ConnectionLimits,
    stop: &CancellationToken,
) where
    I: rt::Read + rt::Write + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut connection = pin!(connection);
    let mut armed = Instant::now() + settings.header_timeout;
    let mut timer = pin!(sleep_until(armed));
    let mut stopping = false;
    loop {
        let served = poll_fn(|context| {
            if let Poll::Ready(ended) = connection.as_mut().poll(context) {
                return Poll::Ready(ended.err().map(|error| describe(error.as_ref())));
            }
            loop {
                // Most polls do not change the deadline: the timer is reset only when it would fire at a wrong time.
                match activity.deadline(settings) {
                    Some(deadline) if deadline != armed => {
                        armed = deadline;
                        timer.as_mut().reset(deadline);
                    }
                    Some(_) => {}
                    None => return Poll::Pending,
                }
                if timer.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                if activity.deadline(settings).is_some_and(|deadline| deadline <= Instant::now()) {
                    return Poll::Ready(Some("it was idle or too slow".to_owned()));
                }
            }
        });
        tokio::select! {
            ended = served => {
                if let Some(reason) = ended {
                    tracing::debug!(reason, "closed a connection");
                }
                return;
            }
            () = stopped_for(stop, SHUTDOWN_GRACE), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            () = activity.evicted.cancelled() => {
                tracing::debug!("closed an idle connection to make room");
                return;
            }
        }
    }
}

async fn stopped_for(stop: &CancellationToken, grace: Duration) {
    stop.cancelled().await;
    sleep(grace).await;
}

fn describe(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let cause: Option<&dyn Display> = error.source().map(|cause| cause as &dyn Display);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
