//! Subscriptions: how many, how long, and how much is made up for.

use std::time::Duration;

use clap::Args;

use super::{
    count::{MILLION, count},
    span::span,
};

/// Live data over `WebSocket` and SSE.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Live data")]
pub struct LiveArgs {
    /// Subscriptions that one token subject may have at a time
    #[arg(long = "live-subscriptions", value_name = "N", env = "PROMOGRAPH_LIVE_SUBSCRIPTIONS", default_value_t = 200, value_parser = count::<MILLION, usize>)]
    pub subscriptions: usize,
    /// Operations that may run on one WebSocket at a time
    #[arg(long = "live-operations", value_name = "N", env = "PROMOGRAPH_LIVE_OPERATIONS", default_value_t = 100, value_parser = count::<MILLION, usize>)]
    pub operations: usize,
    /// Rows that are sent again to a subscriber who missed them; who missed more is told to read anew
    #[arg(long = "live-replay", value_name = "N", env = "PROMOGRAPH_LIVE_REPLAY", default_value_t = 1_000, value_parser = count::<MILLION, usize>)]
    pub replay: usize,
    /// How long a WebSocket may take to show its token
    #[arg(long = "live-init", value_name = "TIME", env = "PROMOGRAPH_LIVE_INIT", default_value = "10s", value_parser = span)]
    pub init: Duration,
    /// How long a WebSocket may be open without an operation
    #[arg(long = "live-idle", value_name = "TIME", env = "PROMOGRAPH_LIVE_IDLE", default_value = "5m", value_parser = span)]
    pub idle: Duration,
    /// The time between two signs of life: pings on a WebSocket, comments in an event stream
    #[arg(long = "live-keep-alive", value_name = "TIME", env = "PROMOGRAPH_LIVE_KEEP_ALIVE", default_value = "20s", value_parser = span)]
    pub keep_alive: Duration,
    /// How long a client may leave unread what was sent, before it counts as too slow
    #[arg(long = "live-unread", value_name = "TIME", env = "PROMOGRAPH_LIVE_UNREAD", default_value = "10s", value_parser = span)]
    pub unread: Duration,
}

impl Default for LiveArgs {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        live: LiveArgs,
    }

    #[test]
    fn the_defaults_of_the_flags_are_the_defaults_in_the_code() {
        assert_eq!(Only::parse_from(["x"]).live, LiveArgs::default());
    }

    #[test]
    fn nothing_can_be_switched_off_by_zero() {
        for wrong in ["0", "-1", "", "1.5", "100000000"] {
            let given = format!("--live-subscriptions={wrong}");
            assert!(Only::try_parse_from(["x", &given]).is_err(), "{wrong}");
        }
    }
}
