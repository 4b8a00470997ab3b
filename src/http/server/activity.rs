//! What a connection does now: which of its times runs, and whether anybody would miss it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::settings::ConnectionArgs;

/// What one connection does; written by its socket and its requests.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    /// Its place is needed.
    pub(super) evicted: CancellationToken,
}

#[derive(Debug)]
struct State {
    /// Requests that are being answered.
    in_flight: usize,
    /// Since when there are none.
    idle_since: Instant,
    /// When the first byte of the next request came.
    head_since: Option<Instant>,
    /// Some request was read to the end of its head.
    used: bool,
    /// HTTP/2 sends bytes that belong to no request.
    multiplexed: bool,
    /// It became something else than HTTP, which has rules of its own.
    upgraded: bool,
    /// Answers by HTTP/2 of which the peer lets nothing more be sent.
    untaken: usize,
    /// When it last took some of one.
    taken: Instant,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            in_flight: 0,
            idle_since: Instant::now(),
            head_since: None,
            used: false,
            multiplexed: false,
            upgraded: false,
            untaken: 0,
            taken: Instant::now(),
        };
        Self { state: Mutex::new(state), evicted: CancellationToken::new() }
    }

    /// Bytes came in.
    pub(super) fn read(&self) {
        let mut state = self.state();
        if state.in_flight == 0 && !state.multiplexed {
            state.head_since.get_or_insert_with(Instant::now);
        }
    }

    /// The head of a request is complete.
    pub(super) fn begin(&self, multiplexed: bool) {
        let mut state = self.state();
        state.in_flight += 1;
        state.head_since = None;
        state.used = true;
        state.multiplexed = multiplexed;
    }

    /// A request is answered, or given up.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.idle_since = Instant::now();
    }

    /// An answer by HTTP/2, or the next part of it, is there to be taken.
    pub(super) fn offer(&self) {
        let mut state = self.state();
        state.untaken += 1;
        state.taken = Instant::now();
    }

    /// It was taken, or given up.
    pub(super) fn take(&self) {
        let mut state = self.state();
        state.untaken = state.untaken.saturating_sub(1);
    }

    /// Whether it is HTTP/1, and nothing is being answered.
    pub(super) fn has_answered_all(&self) -> bool {
        let state = self.state();
        !state.upgraded && !state.multiplexed && state.in_flight == 0
    }

    /// Whether it is no HTTP any more.
    pub(super) fn is_upgraded(&self) -> bool {
        self.state().upgraded
    }

    /// From here on it is no HTTP.
    pub(super) fn upgrade(&self) {
        self.state().upgraded = true;
    }

    /// When the connection has to be closed, as things are.
    pub(super) fn deadline(&self, settings: &ConnectionArgs) -> Option<Instant> {
        let state = self.state();
        match state.head_since {
            _ if state.upgraded => None,
            // Who asks by HTTP/2 and takes none of the answers holds them as long as the connection lasts.
            _ if state.in_flight > 0 => {
                (state.untaken >= state.in_flight).then(|| state.taken + settings.write_timeout)
            }
            Some(since) => Some(since + settings.header_timeout),
            // Who has just connected has something to ask.
            None if !state.used => Some(state.idle_since + settings.header_timeout),
            None => Some(state.idle_since + settings.idle_timeout),
        }
    }

    /// Since when nothing is being answered on it; none while something is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        let idle = !state.upgraded && state.in_flight == 0 && !self.evicted.is_cancelled();
        idle.then_some(state.idle_since)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
