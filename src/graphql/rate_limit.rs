//! Rate limits: the points that a request takes from its subject's bucket.

use tokio::time::Instant;

use super::{cost::Cost, error::GraphqlError};
use crate::{
    auth::{Session, Viewer},
    error::{ErrorCode, LimitExceeded},
    limits::RATE_POINTS,
    rate_limit::{RateLevel, RateLimiter},
};

/// Objects per point.
const OBJECTS_PER_POINT: u64 = 100;
/// Joined relations per point: the database has to plan them.
const JOINS_PER_POINT: u64 = 10;
/// Introspection fields per point.
const INTROSPECTION_PER_POINT: u64 = 10_000;

/// Whose bucket it is. All tokens of a portal may have the same `sub`, so the viewer is part of the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RateKey {
    viewer: Viewer,
    subject: String,
}

impl RateKey {
    fn of(session: &Session) -> Self {
        Self { viewer: session.viewer, subject: session.subject.clone() }
    }
}

/// The rate limits of all token subjects.
#[derive(Debug)]
pub struct SubjectLimiter(RateLimiter<RateKey>);

impl SubjectLimiter {
    /// With this many points per minute for each subject.
    pub fn new(points: u32) -> Self {
        Self(RateLimiter::of(points))
    }

    /// The limit of a session's subject, and what is left of it.
    pub fn level(&self, session: &Session, now: Instant) -> RateLevel {
        self.0.look(&RateKey::of(session), now)
    }

    /// Takes the point of every request, before any work is done for it.
    pub fn charge_for_request(&self, session: &Session) -> Result<(), GraphqlError> {
        self.charge(session, 1)
    }

    /// Takes the points of a request's cost, before anything is read for it.
    pub fn charge_for_cost(&self, session: &Session, cost: Cost) -> Result<(), GraphqlError> {
        let points = cost.objects / OBJECTS_PER_POINT
            + cost.joins / JOINS_PER_POINT
            + cost.introspection / INTROSPECTION_PER_POINT;
        let (whole, size) = (points.saturating_add(1), self.0.size());
        if whole > size {
            // Waiting would not help.
            let message =
                format!("this request takes {whole} points: at most {size} are available per minute, so request less");
            return Err(GraphqlError::exceeding(RATE_POINTS.exceeded(size, whole), message));
        }
        self.charge(session, points)
    }

    fn charge(&self, session: &Session, points: u64) -> Result<(), GraphqlError> {
        let Err(empty) = self.0.take(RateKey::of(session), points, Instant::now()) else { return Ok(()) };
        let level = empty.level;
        let message = format!(
            "this request takes {points} points, and {} of {} per minute are left: try again later",
            level.remaining, level.limit
        );
        let used = u64::from(level.limit - level.remaining).saturating_add(points);
        let passed = RATE_POINTS.exceeded(level.limit.into(), used);
        let exceeded = LimitExceeded { retry_after_s: Some(empty.enough_in.as_secs() + 1), ..passed };
        Err(GraphqlError { exceeded: Some(Box::new(exceeded)), ..GraphqlError::new(ErrorCode::RateLimited, message) })
    }
}
