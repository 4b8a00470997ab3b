//! The state of one connection: which deadline applies, and whether it is idle.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::limits::ConnectionLimits;

/// The state of one connection; updated by its socket and its requests.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    /// Cancelled when its slot is needed.
    pub(super) evicted: CancellationToken,
}

#[derive(Debug)]
struct State {
    /// Requests in flight.
    in_flight: usize,
    /// When the last request ended, or the connection began.
    idle_since: Instant,
    /// When the first byte of the next request arrived.
    head_since: Option<Instant>,
    /// At least one complete request head was read.
    used: bool,
    /// HTTP/2: received bytes need not belong to a request head.
    is_http2: bool,
    /// It carries another protocol now, which has timeouts of its own.
    upgraded: bool,
    /// HTTP/2 responses with a frame that the peer's window has no room for.
    blocked: usize,
    /// When the peer last took such a frame.
    last_progress: Instant,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            in_flight: 0,
            idle_since: Instant::now(),
            head_since: None,
            used: false,
            is_http2: false,
            upgraded: false,
            blocked: 0,
            last_progress: Instant::now(),
        };
        Self { state: Mutex::new(state), evicted: CancellationToken::new() }
    }

    pub(super) fn bytes_received(&self) {
        let mut state = self.state();
        if state.in_flight == 0 && !state.is_http2 {
            state.head_since.get_or_insert_with(Instant::now);
        }
    }

    /// The head of a request is complete.
    pub(super) fn begin_request(&self, is_http2: bool) {
        let mut state = self.state();
        state.in_flight += 1;
        state.head_since = None;
        state.used = true;
        state.is_http2 = is_http2;
    }

    /// A request was answered or given up.
    pub(super) fn end_request(&self) {
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.idle_since = Instant::now();
    }

    /// An HTTP/2 response has a frame to send.
    pub(super) fn offer(&self) {
        let mut state = self.state();
        state.blocked += 1;
        state.last_progress = Instant::now();
    }

    /// That frame was sent or given up.
    pub(super) fn take(&self) {
        let mut state = self.state();
        state.blocked = state.blocked.saturating_sub(1);
    }

    pub(super) fn is_upgraded(&self) -> bool {
        self.state().upgraded
    }

    /// From here on the connection carries another protocol.
    pub(super) fn upgrade(&self) {
        self.state().upgraded = true;
    }

    /// When the connection has to be closed if nothing changes.
    pub(super) fn deadline(&self, settings: &ConnectionLimits) -> Option<Instant> {
        let state = self.state();
        match state.head_since {
            _ if state.upgraded => None,
            // An HTTP/2 peer that opens requests and reads no response would hold them forever.
            _ if state.in_flight > 0 => {
                (state.blocked >= state.in_flight).then(|| state.last_progress + settings.write_timeout)
            }
            Some(since) => Some(since + settings.header_timeout),
            // A new connection is expected to send a request.
            None if !state.used => Some(state.idle_since + settings.header_timeout),
            None => Some(state.idle_since + settings.idle_timeout),
        }
    }

    /// Since when no request is in flight; `None` while one is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        let idle = !state.upgraded && state.in_flight == 0 && !self.evicted.is_cancelled();
        idle.then_some(state.idle_since)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
