//! Limits of subscriptions.

use std::time::Duration;

use clap::Args;

use crate::value_parser::{MILLION, bounded, duration, shown};

/// How many subscriptions are served, how long connections may be idle, and how many missed rows are replayed.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Subscriptions")]
pub struct LiveLimits {
    /// Maximum number of concurrent subscriptions of one token subject
    #[arg(long = "live-subscriptions", value_name = "N", env = "PROMOGRAPH_LIVE_SUBSCRIPTIONS", default_value_t = Self::default().subscriptions, value_parser = bounded::<MILLION, usize>)]
    pub subscriptions: usize,
    /// Maximum number of concurrent operations on one WebSocket
    #[arg(long = "live-operations", value_name = "N", env = "PROMOGRAPH_LIVE_OPERATIONS", default_value_t = Self::default().operations, value_parser = bounded::<MILLION, usize>)]
    pub operations: usize,
    /// Maximum number of missed rows that are sent to a client that resumes a subscription. A client that missed more
    /// has to read the data again
    #[arg(long = "live-replay", value_name = "N", env = "PROMOGRAPH_LIVE_REPLAY", default_value_t = Self::default().replay, value_parser = bounded::<MILLION, usize>)]
    pub replay: usize,
    /// Timeout for `connection_init`, which carries the token, on a WebSocket
    #[arg(long = "live-init", value_name = "DURATION", env = "PROMOGRAPH_LIVE_INIT", default_value = shown(Self::default().init), value_parser = duration)]
    pub init: Duration,
    /// How long a WebSocket may be open without a running operation
    #[arg(long = "live-idle", value_name = "DURATION", env = "PROMOGRAPH_LIVE_IDLE", default_value = shown(Self::default().idle), value_parser = duration)]
    pub idle: Duration,
    /// Interval of keep-alives: pings on a WebSocket, comments in an event stream
    #[arg(long = "live-keep-alive", value_name = "DURATION", env = "PROMOGRAPH_LIVE_KEEP_ALIVE", default_value = shown(Self::default().keep_alive), value_parser = duration)]
    pub keep_alive: Duration,
    /// How long a client may leave messages unread before it is disconnected
    #[arg(long = "live-unread", value_name = "DURATION", env = "PROMOGRAPH_LIVE_UNREAD", default_value = shown(Self::default().unread), value_parser = duration)]
    pub unread: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            subscriptions: 200,
            operations: 100,
            replay: 1_000,
            init: Duration::from_secs(10),
            idle: Duration::from_secs(300),
            keep_alive: Duration::from_secs(20),
            unread: Duration::from_secs(10),
        }
    }
}
