//! Limits of connections.

use std::time::Duration;

use clap::Args;

use crate::value_parser::{MILLION, bounded, duration, shown};

/// How many connections are served, and how long slow clients may take.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Connections")]
pub struct ConnectionLimits {
    /// Maximum number of open connections. When it is reached, a new connection replaces the one that has been idle
    /// longest; if none is idle, it waits
    #[arg(long, value_name = "N", env = "PROMOGRAPH_MAX_CONNECTIONS", default_value_t = Self::default().max_connections, value_parser = bounded::<MILLION, usize>)]
    pub max_connections: usize,
    /// Maximum number of concurrent requests on one HTTP/2 connection
    #[arg(long, value_name = "N", env = "PROMOGRAPH_HTTP2_STREAMS", default_value_t = Self::default().http2_streams, value_parser = bounded::<MILLION, usize>)]
    pub http2_streams: usize,
    /// Timeout for the head of a request
    #[arg(long, value_name = "DURATION", env = "PROMOGRAPH_HEADER_TIMEOUT", default_value = shown(Self::default().header_timeout), value_parser = duration)]
    pub header_timeout: Duration,
    /// Timeout for the body of a request
    #[arg(long, value_name = "DURATION", env = "PROMOGRAPH_BODY_TIMEOUT", default_value = shown(Self::default().body_timeout), value_parser = duration)]
    pub body_timeout: Duration,
    /// How long a connection may be idle between requests. Set it longer than the keep-alive of the proxy in front
    #[arg(long, value_name = "DURATION", env = "PROMOGRAPH_IDLE_TIMEOUT", default_value = shown(Self::default().idle_timeout), value_parser = duration)]
    pub idle_timeout: Duration,
    /// How long a client may read nothing of its response before the connection is closed
    #[arg(long, value_name = "DURATION", env = "PROMOGRAPH_WRITE_TIMEOUT", default_value = shown(Self::default().write_timeout), value_parser = duration)]
    pub write_timeout: Duration,
}

impl Default for ConnectionLimits {
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
