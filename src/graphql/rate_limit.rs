//! What requests take from the share of their subject, and on whose behalf they read.

use tokio::time::Instant;

use super::{api::Api, cost::Cost, error::GraphqlError};
use crate::{
    auth::{Session, Viewer},
    database::ShareKey,
    error::{ErrorCode, LimitExceeded},
    limits::RATE_POINTS,
    read::Reader,
};

/// So many objects take a point.
const OBJECTS: u64 = 100;
/// So many joined relations take a point: planning them is work.
const JOINS: u64 = 10;
/// So many fields of introspection take a point.
const INTROSPECTED: u64 = 10_000;

/// Whose share it is. Tokens that a portal makes may all have one `sub`, so what they see counts too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RateKey {
    viewer: Viewer,
    name: String,
}

impl RateKey {
    pub(super) fn of(session: &Session) -> Self {
        Self { viewer: session.viewer, name: session.subject.clone() }
    }
}

/// The share of a session's subject.
pub(super) fn share_of(session: &Session) -> ShareKey {
    ShareKey::of(&(session.viewer, &session.subject))
}

impl Api {
    /// Reads on behalf of a session's subject, who shares the connections with others.
    pub(super) fn reader_of(&self, session: &Session) -> Reader {
        self.reader.with_share(share_of(session))
    }

    /// Takes what every request takes, before anything is done for it.
    pub(super) fn begin(&self, session: &Session) -> Result<(), GraphqlError> {
        self.charge(session, 1)
    }

    /// Takes what this one takes beyond that, before anything is read for it.
    pub(super) fn charge_for(&self, session: &Session, cost: Cost) -> Result<(), GraphqlError> {
        let points = cost.objects / OBJECTS + cost.joins / JOINS + cost.introspection / INTROSPECTED;
        let (whole, size) = (points.saturating_add(1), self.rates.size());
        if whole > size {
            // Waiting would not help: it is no matter of time.
            let message = format!(
                "this request takes {whole} points, and no more than {size} are given in a minute: ask for less"
            );
            return Err(GraphqlError::exceeding(RATE_POINTS.exceeded(size, whole), message));
        }
        self.charge(session, points)
    }

    fn charge(&self, session: &Session, points: u64) -> Result<(), GraphqlError> {
        let Err(empty) = self.rates.take(RateKey::of(session), points, Instant::now()) else { return Ok(()) };
        let level = empty.level;
        let message = format!(
            "this request takes {points} points and {} are left of {} a minute: try again later",
            level.remaining, level.limit
        );
        let used = u64::from(level.limit - level.remaining).saturating_add(points);
        let passed = RATE_POINTS.exceeded(level.limit.into(), used);
        let exceeded = LimitExceeded { retry_after_s: Some(empty.enough_in.as_secs() + 1), ..passed };
        Err(GraphqlError { exceeded: Some(Box::new(exceeded)), ..GraphqlError::new(ErrorCode::RateLimited, message) })
    }
}
