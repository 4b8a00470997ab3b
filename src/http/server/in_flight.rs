//! A request in flight: from the end of its head to the end of its response body.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, Response, StatusCode, Version},
};
use hyper::body::{Frame, SizeHint};

use super::activity::Activity;

/// The request counts as in flight until this is dropped.
#[derive(Debug)]
pub(super) struct InFlightGuard {
    activity: Arc<Activity>,
    is_http2: bool,
    /// A `CONNECT` that succeeds turns the connection into a tunnel.
    is_connect: bool,
}

impl InFlightGuard {
    pub(super) fn new<B>(activity: &Arc<Activity>, request: &Request<B>) -> Self {
        let is_http2 = request.version() == Version::HTTP_2;
        activity.begin_request(is_http2);
        Self { activity: Arc::clone(activity), is_http2, is_connect: request.method() == Method::CONNECT }
    }

    /// Moves the guard into the response's body.
    pub(super) fn attach(self, response: Response<Body>) -> Response<Body> {
        let status = response.status();
        if status == StatusCode::SWITCHING_PROTOCOLS || self.is_connect && status.is_success() {
            self.activity.upgrade();
        }
        response.map(|body| {
            let mut guarded = GuardedBody { body, is_offered: false, guard: self };
            guarded.offer();
            Body::new(guarded)
        })
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.activity.end_request();
    }
}

/// A response body that holds its guard.
struct GuardedBody {
    body: Body,
    /// A frame is ready that the HTTP/2 window has no room for: otherwise the next one would be polled.
    is_offered: bool,
    guard: InFlightGuard,
}

impl GuardedBody {
    fn offer(&mut self) {
        // For HTTP/1 the socket notices whether the peer reads.
        if self.guard.is_http2 && !self.is_offered {
            self.is_offered = true;
            self.guard.activity.offer();
        }
    }

    fn take(&mut self) {
        if std::mem::take(&mut self.is_offered) {
            self.guard.activity.take();
        }
    }
}

impl Drop for GuardedBody {
    fn drop(&mut self) {
        self.take();
    }
}

impl hyper::body::Body for GuardedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.take();
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(_))) = &polled {
            self.offer();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
