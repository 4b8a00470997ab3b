//! Authenticates requests, and limits those without a valid token.

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

use super::{AppState, SharedState};
use crate::{
    auth::{AuthError, BadToken, Session, bearer},
    error::{ApiError, ErrorCode, LimitExceeded},
    limits::{self, RateLimits},
    rate_limit::RateLimiter,
    time::now_ms,
};

/// Extractor for handlers that need a valid token.
#[derive(Clone, Debug)]
pub struct Caller(pub Session);

impl FromRequestParts<SharedState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &SharedState) -> Result<Self, Self::Rejection> {
        session(state, bearer(&parts.headers), state.unauthenticated.client_address(parts)).await.map(Self)
    }
}

/// Extractor for handlers that need a valid token and must work while the database is away, like `/metrics`: then a
/// token that was valid before the outage is accepted.
#[derive(Clone, Debug)]
pub struct CallerDuringOutage(pub Session);

impl FromRequestParts<SharedState> for CallerDuringOutage {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &SharedState) -> Result<Self, Self::Rejection> {
        let Some(token) = bearer(&parts.headers).filter(|_| state.webhook.intake().is_ready()) else {
            return Caller::from_request_parts(parts, state).await.map(|Caller(session)| Self(session));
        };
        let session = state.authenticator.authenticate_in_outage(token, now_ms()).await;
        session.map(Self).map_err(|denied| {
            let unauthenticated = &state.unauthenticated;
            unauthenticated.refuse(unauthenticated.client_address(parts), denied)
        })
    }
}

/// The session of a token that a client at `address` sent.
///
/// # Errors
/// When there is no token, it is not valid, or the database cannot be asked.
pub(super) async fn session(state: &AppState, token: Option<&str>, address: IpAddr) -> Result<Session, ApiError> {
    let refused = |denied| state.unauthenticated.refuse(address, denied);
    let token = token.ok_or_else(|| refused(BadToken::missing().into()))?;
    if !state.webhook.intake().is_ready() {
        // The database was not reachable since the start: waiting for it would only take time.
        state.authenticator.check(token, now_ms()).await.map_err(refused)?;
        return Err(ApiError::new(ErrorCode::Unavailable, "The database does not answer yet; try again later"));
    }
    state.authenticator.authenticate(token, now_ms()).await.map_err(refused)
}

/// Limits requests without a valid token by client address. Requests with a valid token are never limited here: many
/// users may share an address.
#[derive(Clone, Debug)]
pub struct UnauthenticatedLimiter {
    buckets: Arc<RateLimiter<IpAddr>>,
    logged: Arc<RateLimiter<LogKey>>,
    trusted_proxies: Arc<[IpNet]>,
}

/// A bad token is logged once a minute for each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum LogKey {
    /// The subject, if the signature is good.
    Subject([u8; 32]),
    /// The client's address otherwise.
    Address(IpAddr),
}

impl UnauthenticatedLimiter {
    /// With these limits.
    #[must_use]
    pub fn new(limits: &RateLimits) -> Self {
        Self {
            buckets: Arc::new(RateLimiter::of(limits.rate_refusals)),
            logged: Arc::new(RateLimiter::of(1)),
            trusted_proxies: limits.trusted_proxies.clone().into(),
        }
    }

    /// The address of a request's client.
    #[must_use]
    pub fn client_address(&self, parts: &Parts) -> IpAddr {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        self.address(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), &parts.headers)
    }

    /// Counts and logs a refused request; gives the error to answer: `denied`, or that the limit is exceeded.
    #[must_use]
    pub fn refuse(&self, address: IpAddr, denied: AuthError) -> ApiError {
        let AuthError::BadToken(bad) = &denied else { return denied.into() };
        let now = Instant::now();
        if self.logged.take(bad.subject.map_or(LogKey::Address(address), LogKey::Subject), 1, now).is_ok() {
            tracing::info!(reason = bad.why, token.id = bad.id, "refused a request without a valid token");
        }
        let Err(empty) = self.buckets.take(address, 1, now) else { return denied.into() };
        let message = "Too many requests without a valid token from this address; try again later";
        let exceeded = limits::RATE_REFUSALS.exceeded(empty.level.limit.into(), u64::from(empty.level.limit) + 1);
        let exceeded = LimitExceeded { retry_after_s: Some(empty.enough_in.as_secs() + 1), ..exceeded };
        ApiError::new(ErrorCode::RateLimited, message).exceeding(exceeded)
    }

    /// The last address in the chain of proxies that is not a trusted proxy. An IPv6 client commonly has a whole /64,
    /// which counts as one address.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_trusted =
            |address: IpAddr| self.trusted_proxies.iter().any(|network| network.contains(&address.to_canonical()));
        let mut address = peer;
        if is_trusted(peer) {
            let lines: Vec<_> =
                headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
            for forwarded in lines.join(",").rsplit(',') {
                // Something else than an address: the proxy that wrote it is the last known one.
                let Ok(forwarded) = forwarded.trim().parse() else { break };
                address = forwarded;
                if !is_trusted(forwarded) {
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
        let limits = RateLimits { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..RateLimits::default() };
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        UnauthenticatedLimiter::new(&limits).address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7", "a socket for both kinds");
        assert_eq!(address("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
    }

    #[test]
    fn the_network_of_one_ipv6_client_is_one_address() {
        assert_eq!(address("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(address("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }
}
