//! How much one caller may ask for in a minute, and who tells us where callers are.

use std::{net::IpAddr, str::FromStr};

use clap::Args;

use super::count::{BILLION, count};

/// The share of one caller.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Rate limits")]
pub struct RateArgs {
    /// Points that the subject of a token may use in a minute: a request takes 1, and 1 more for every 100
    /// objects that could come back
    #[arg(long, value_name = "N", env = "PROMOGRAPH_RATE_POINTS", default_value_t = 120_000, value_parser = count::<BILLION, u32>)]
    pub rate_points: u32,
    /// How often in a minute an address may come without a valid token before it is told to wait
    #[arg(long, value_name = "N", env = "PROMOGRAPH_RATE_REFUSALS", default_value_t = 60, value_parser = count::<BILLION, u32>)]
    pub rate_refusals: u32,
    /// Proxies in front of this server, whose `X-Forwarded-For` is believed: a comma list of addresses or
    /// networks like 10.0.0.0/8
    #[arg(long, value_name = "LIST", env = "PROMOGRAPH_TRUSTED_PROXIES", value_delimiter = ',', value_parser = proxy)]
    pub trusted_proxies: Vec<Proxy>,
}

impl Default for RateArgs {
    fn default() -> Self {
        Self { rate_points: 120_000, rate_refusals: 60, trusted_proxies: Vec::new() }
    }
}

/// An address or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy {
    network: IpAddr,
    bits: u32,
}

impl Proxy {
    /// Whether an address is in it.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = || "expected a comma list of addresses or networks like 10.0.0.0/8 or fd00::/8".to_owned();
        let (address, bits) =
            text.trim().split_once('/').map_or((text.trim(), None), |(address, bits)| (address, Some(bits)));
        let network = IpAddr::from_str(address).map_err(|_| expected())?.to_canonical();
        let most = if network.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| expected()))?;
        if bits > most { Err(expected()) } else { Ok(Self { network, bits }) }
    }
}

fn proxy(text: &str) -> Result<Proxy, String> {
    text.parse()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        rates: RateArgs,
    }

    #[test]
    fn the_defaults_of_the_flags_are_the_defaults_in_the_code() {
        assert_eq!(Only::parse_from(["x"]).rates, RateArgs::default());
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        let holds = |proxy: &str, address: &str| Proxy::from_str(proxy).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds(" 10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.0.0.1"), "an IPv4 address as a socket for both tells it");
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1") && !holds("fd00::/8", "10.0.0.1"));
        assert!(holds("0.0.0.0/0", "192.0.2.1"));
        for wrong in ["", "proxy.example.com", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "10.0.0.1:80"] {
            assert!(Proxy::from_str(wrong).is_err(), "{wrong}");
        }
    }
}
