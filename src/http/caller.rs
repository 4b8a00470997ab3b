//! Who sent a request.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;
use tokio::time::Instant;

use super::AppState;
use crate::{
    auth::{AuthError, BadToken, Session, bearer},
    error::{ApiError, ErrorCode, LimitExceeded},
    limits::{self, RateLimits},
    rate_limit::RateLimiter,
    time::now_ms,
};

/// A handler that takes this answers only those with a valid token.
#[derive(Clone, Debug)]
pub struct Caller(pub Session);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        session(state, bearer(&parts.headers), state.strangers.origin(parts)).await.map(Self)
    }
}

/// A handler that takes this answers only those with a valid token too, but in an outage of the database also those
/// whose token was valid before it: for what is wanted just then, and tells nothing private.
#[derive(Clone, Debug)]
pub struct Watcher(pub Session);

impl FromRequestParts<AppState> for Watcher {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let Some(token) = bearer(&parts.headers).filter(|_| state.webhook.intake().is_open()) else {
            return Caller::from_request_parts(parts, state).await.map(|Caller(session)| Self(session));
        };
        let session = state.authenticator.authenticate_in_outage(token, now_ms()).await;
        session.map(Self).map_err(|denied| state.strangers.refuse(state.strangers.origin(parts), denied))
    }
}

/// The session that a token gives, which came from this address.
///
/// # Errors
/// When there is none, it does not count, or the database cannot say so.
pub(super) async fn session(state: &AppState, token: Option<&str>, address: IpAddr) -> Result<Session, ApiError> {
    let refused = |denied| state.strangers.refuse(address, denied);
    let token = token.ok_or_else(|| refused(BadToken::missing().into()))?;
    if !state.webhook.intake().is_open() {
        // Waiting for a database that was not there since the start would only take time.
        state.authenticator.check(token, now_ms()).await.map_err(refused)?;
        return Err(ApiError::new(ErrorCode::Unavailable, "The database does not answer yet; try again later"));
    }
    state.authenticator.authenticate(token, now_ms()).await.map_err(refused)
}

/// Those without a valid token, by their address. A valid token is never refused for what others at
/// the same address do: whole offices share one.
#[derive(Clone, Debug)]
pub struct Strangers {
    buckets: Arc<RateLimiter<IpAddr>>,
    logged: Arc<RateLimiter<Whom>>,
    proxies: Arc<[IpNet]>,
}

/// Of whose bad tokens the log says so once a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whom {
    /// A token with a good signature names them.
    Subject([u8; 32]),
    /// Nothing can be believed but where it came from.
    Address(IpAddr),
}

impl Strangers {
    /// With these limits.
    #[must_use]
    pub fn new(settings: &RateLimits) -> Self {
        let buckets = Arc::new(RateLimiter::of(settings.rate_refusals));
        Self { buckets, logged: Arc::new(RateLimiter::of(1)), proxies: settings.trusted_proxies.clone().into() }
    }

    /// Where a request comes from.
    #[must_use]
    pub fn origin(&self, parts: &Parts) -> IpAddr {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        self.address(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), &parts.headers)
    }

    /// What to answer to who is refused: the same, or that it is one too many without a valid token.
    #[must_use]
    pub fn refuse(&self, address: IpAddr, denied: AuthError) -> ApiError {
        let AuthError::BadToken(bad) = &denied else { return denied.into() };
        let now = Instant::now();
        if self.logged.take(bad.subject.map_or(Whom::Address(address), Whom::Subject), 1, now).is_ok() {
            tracing::info!(reason = bad.why, token.id = bad.id, "refused a request without a valid token");
        }
        let Err(empty) = self.buckets.take(address, 1, now) else { return denied.into() };
        let message = "Too many requests without a valid token came from this address; try again later";
        let exceeded = limits::RATE_REFUSALS.exceeded(empty.level.limit.into(), u64::from(empty.level.limit) + 1);
        let exceeded = LimitExceeded { retry_after_s: Some(empty.enough_in.as_secs() + 1), ..exceeded };
        ApiError::new(ErrorCode::RateLimited, message).exceeding(exceeded)
    }

    /// Where a request comes from: the last address that no proxy of ours has, with what one subscriber
    /// of IPv6 has taken for one address.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: IpAddr| self.proxies.iter().any(|proxy| proxy.contains(&address.to_canonical()));
        let mut address = peer;
        if trusted(peer) {
            let lines: Vec<_> =
                headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
            for said in lines.join(",").rsplit(',') {
                // Who writes something else there is as far as we can see.
                let Ok(said) = said.trim().parse() else { break };
                address = said;
                if !trusted(said) {
                    break;
                }
            }
        }
        match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
            address @ IpAddr::V4(_) => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&'static str]) -> String {
        let settings = RateLimits { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..RateLimits::default() };
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        Strangers::new(&settings).address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
    }

    #[test]
    fn what_one_subscriber_has_is_one_address() {
        assert_eq!(address("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(address("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }
}
