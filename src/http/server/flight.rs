//! A request on its way: from the end of its head to the end of its answer.

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

/// Counts as being answered until it is dropped.
#[derive(Debug)]
pub(super) struct Flight {
    activity: Arc<Activity>,
    multiplexed: bool,
    /// A `CONNECT` that is accepted lasts as long as both sides want.
    tunnel: bool,
}

impl Flight {
    pub(super) fn begin<B>(activity: &Arc<Activity>, request: &Request<B>) -> Self {
        let multiplexed = request.version() == Version::HTTP_2;
        activity.begin(multiplexed);
        Self { activity: Arc::clone(activity), multiplexed, tunnel: request.method() == Method::CONNECT }
    }

    /// Goes on to the end of the answer's body.
    pub(super) fn carry(self, response: Response<Body>) -> Response<Body> {
        let status = response.status();
        if status == StatusCode::SWITCHING_PROTOCOLS || self.tunnel && status.is_success() {
            self.activity.upgrade();
        }
        response.map(|body| {
            let mut carried = Carried { body, offered: false, flight: self };
            carried.offer();
            Body::new(carried)
        })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.activity.end();
    }
}

/// A body that knows its flight.
struct Carried {
    body: Body,
    /// It has something that HTTP/2 has no room for: else it would be asked for more.
    offered: bool,
    flight: Flight,
}

impl Carried {
    fn offer(&mut self) {
        // Of HTTP/1 the socket sees what is taken.
        if self.flight.multiplexed && !self.offered {
            self.offered = true;
            self.flight.activity.offer();
        }
    }

    fn take(&mut self) {
        if std::mem::take(&mut self.offered) {
            self.flight.activity.take();
        }
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.take();
    }
}

impl hyper::body::Body for Carried {
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
