//! The limits of what clients may use, with their flags and defaults, and their names in errors.

mod connection;
mod live;
mod rate;
mod request;

pub use connection::ConnectionLimits;
pub use live::LiveLimits;
pub use rate::RateLimits;
pub use request::RequestLimits;

use crate::error::LimitExceeded;

/// A limit that is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The `rule` of an error that says it was exceeded.
    pub name: &'static str,
    /// The environment variable.
    pub setting: &'static str,
}

impl Limit {
    const fn new(name: &'static str, setting: &'static str) -> Self {
        Self { name, setting }
    }

    /// The error's details when `actual` exceeds the `limit` that is set.
    #[must_use]
    pub const fn exceeded(self, limit: u64, actual: u64) -> LimitExceeded {
        LimitExceeded { rule: self.name, setting: Some(self.setting), limit, actual, retry_after_s: None }
    }
}

/// Size of a request's body, in bytes.
pub const BODY_BYTES: Limit = Limit::new("bodyBytes", "PROMOGRAPH_LIMIT_BODY_BYTES");
/// Size of a document, in bytes.
pub const QUERY_BYTES: Limit = Limit::new("queryBytes", "PROMOGRAPH_LIMIT_QUERY_BYTES");
/// Tokens of a document, or values of its variables.
pub const TOKENS: Limit = Limit::new("tokens", "PROMOGRAPH_LIMIT_TOKENS");
/// Depth of nested fields.
pub const DEPTH: Limit = Limit::new("depth", "PROMOGRAPH_LIMIT_DEPTH");
/// Aliases.
pub const ALIASES: Limit = Limit::new("aliases", "PROMOGRAPH_LIMIT_ALIASES");
/// Root fields.
pub const ROOT_FIELDS: Limit = Limit::new("rootFields", "PROMOGRAPH_LIMIT_ROOT_FIELDS");
/// Directives.
pub const DIRECTIVES: Limit = Limit::new("directives", "PROMOGRAPH_LIMIT_DIRECTIVES");
/// Requests in a batch.
pub const BATCH: Limit = Limit::new("batch", "PROMOGRAPH_LIMIT_BATCH");
/// Objects that may be returned, plus rows scanned.
pub const COST: Limit = Limit::new("cost", "PROMOGRAPH_LIMIT_COST");
/// SQL statements of a request.
pub const STATEMENTS: Limit = Limit::new("statements", "PROMOGRAPH_LIMIT_STATEMENTS");
/// Relations that one SQL statement joins.
pub const JOINS: Limit = Limit::new("joins", "PROMOGRAPH_LIMIT_JOINS");
/// Size of a response, in bytes.
pub const ANSWER_BYTES: Limit = Limit::new("answerBytes", "PROMOGRAPH_LIMIT_ANSWER_BYTES");
/// Duration of a request, in milliseconds.
pub const DURATION: Limit = Limit::new("durationMs", "PROMOGRAPH_LIMIT_DURATION");
/// Points of a token subject per minute.
pub const RATE_POINTS: Limit = Limit::new("ratePoints", "PROMOGRAPH_RATE_POINTS");
/// Requests without a valid token from an address per minute.
pub const RATE_REFUSALS: Limit = Limit::new("rateRefusals", "PROMOGRAPH_RATE_REFUSALS");
/// Time until a request's body has arrived, in milliseconds.
pub const BODY_TIMEOUT: Limit = Limit::new("bodyMs", "PROMOGRAPH_BODY_TIMEOUT");
/// Size of a webhook's body, in bytes.
pub const WEBHOOK_BODY_BYTES: Limit = Limit::new("bodyBytes", "PROMOGRAPH_WEBHOOK_BODY_BYTES");
/// Subscriptions of a token subject.
pub const LIVE_SUBSCRIPTIONS: Limit = Limit::new("subscriptions", "PROMOGRAPH_LIVE_SUBSCRIPTIONS");
/// Operations on a `WebSocket`.
pub const LIVE_OPERATIONS: Limit = Limit::new("operations", "PROMOGRAPH_LIVE_OPERATIONS");
/// Missed rows that a resumed subscription is sent.
pub const LIVE_REPLAY: Limit = Limit::new("replay", "PROMOGRAPH_LIVE_REPLAY");
