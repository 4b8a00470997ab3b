//! Limits per minute.

use std::net::IpAddr;

use clap::Args;
use ipnet::IpNet;

use crate::value_parser::{BILLION, bounded};

/// What one token subject, or one address without a valid token, may use per minute.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Rate limits")]
pub struct RateLimits {
    /// Points per minute of one token subject. A request costs 1 point, plus 1 for every 100 of its
    /// cost and for every 10 joined relations
    #[arg(long, value_name = "N", env = "PROMOGRAPH_RATE_POINTS", default_value_t = Self::default().rate_points, value_parser = bounded::<BILLION, u32>)]
    pub rate_points: u32,
    /// Requests per minute without a valid token from one address
    #[arg(long, value_name = "N", env = "PROMOGRAPH_RATE_REFUSALS", default_value_t = Self::default().rate_refusals, value_parser = bounded::<BILLION, u32>)]
    pub rate_refusals: u32,
    /// Proxies whose X-Forwarded-For header is trusted: a comma-separated list of addresses and networks, like
    /// 10.0.0.0/8
    #[arg(long, value_name = "LIST", env = "PROMOGRAPH_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { rate_points: 120_000, rate_refusals: 60, trusted_proxies: Vec::new() }
    }
}

/// An address or a network.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().map(|address| address.to_canonical().into());
    text.parse::<IpNet>().or_else(|_| address()).map_err(|_| {
        "expected a comma-separated list of addresses and networks, like 10.0.0.0/8 or fd00::/8".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for (text, expected) in [
            ("10.1.2.3", "10.1.2.3/32"),
            ("::ffff:10.1.2.3", "10.1.2.3/32"),
            (" 10.0.0.0/8", "10.0.0.0/8"),
            ("fd00::/8", "fd00::/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(network(text).map(|network| network.to_string()).as_deref(), Ok(expected), "{text}");
        }
        for wrong in ["", "proxy.example.com", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "10.0.0.1:80"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}
