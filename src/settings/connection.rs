//! How long the server waits for slow clients, and how many it takes at once.

use std::time::Duration;

use clap::Args;

use super::{
    count::{MILLION, count},
    span::span,
};

/// Connections, and the patience with them.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Connections")]
pub struct ConnectionArgs {
    /// Connections at the same time. One more than that takes the place of the one that has been idle for
    /// longest; if none is idle, it waits
    #[arg(long, value_name = "N", env = "PROMOGRAPH_MAX_CONNECTIONS", default_value_t = 10_000, value_parser = count::<MILLION, usize>)]
    pub max_connections: usize,
    /// Requests at the same time on one HTTP/2 connection
    #[arg(long, value_name = "N", env = "PROMOGRAPH_HTTP2_STREAMS", default_value_t = 100, value_parser = count::<MILLION, usize>)]
    pub http2_streams: usize,
    /// How long the head of a request may take to arrive
    #[arg(long, value_name = "TIME", env = "PROMOGRAPH_HEADER_TIMEOUT", default_value = "10s", value_parser = span)]
    pub header_timeout: Duration,
    /// How long the body of a request may take to arrive
    #[arg(long, value_name = "TIME", env = "PROMOGRAPH_BODY_TIMEOUT", default_value = "15s", value_parser = span)]
    pub body_timeout: Duration,
    /// How long a connection may be idle between two requests; longer than the proxy in front keeps it
    #[arg(long, value_name = "TIME", env = "PROMOGRAPH_IDLE_TIMEOUT", default_value = "75s", value_parser = span)]
    pub idle_timeout: Duration,
    /// How long a client may take nothing of an answer
    #[arg(long, value_name = "TIME", env = "PROMOGRAPH_WRITE_TIMEOUT", default_value = "30s", value_parser = span)]
    pub write_timeout: Duration,
}

impl Default for ConnectionArgs {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            http2_streams: 100,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
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
        connections: ConnectionArgs,
    }

    #[test]
    fn the_defaults_of_the_flags_are_the_defaults_in_the_code() {
        assert_eq!(Only::parse_from(["x"]).connections, ConnectionArgs::default());
    }
}
