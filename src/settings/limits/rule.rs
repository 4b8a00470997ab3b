//! The limits by name, as errors tell them.

use crate::error::LimitExceeded;

/// A limit that a setting sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is limited.
    pub name: &'static str,
    /// The environment variable.
    pub setting: &'static str,
}

impl Rule {
    const fn new(name: &'static str, setting: &'static str) -> Self {
        Self { name, setting }
    }

    /// It was passed.
    #[must_use]
    pub const fn passed(self, limit: u64, actual: u64) -> LimitExceeded {
        LimitExceeded { rule: self.name, setting: Some(self.setting), limit, actual, retry_after_s: None }
    }
}

/// Bytes of a request's body.
pub const BODY_BYTES: Rule = Rule::new("bodyBytes", "PROMOGRAPH_LIMIT_BODY_BYTES");
/// Bytes of a query document.
pub const QUERY_BYTES: Rule = Rule::new("queryBytes", "PROMOGRAPH_LIMIT_QUERY_BYTES");
/// Tokens of a query document, values of its variables.
pub const TOKENS: Rule = Rule::new("tokens", "PROMOGRAPH_LIMIT_TOKENS");
/// Fields within fields.
pub const DEPTH: Rule = Rule::new("depth", "PROMOGRAPH_LIMIT_DEPTH");
/// Aliases.
pub const ALIASES: Rule = Rule::new("aliases", "PROMOGRAPH_LIMIT_ALIASES");
/// Root fields.
pub const ROOT_FIELDS: Rule = Rule::new("rootFields", "PROMOGRAPH_LIMIT_ROOT_FIELDS");
/// Directives.
pub const DIRECTIVES: Rule = Rule::new("directives", "PROMOGRAPH_LIMIT_DIRECTIVES");
/// Requests in one HTTP request.
pub const BATCH: Rule = Rule::new("batch", "PROMOGRAPH_LIMIT_BATCH");
/// Objects that could come back, and what is scanned.
pub const COST: Rule = Rule::new("cost", "PROMOGRAPH_LIMIT_COST");
/// Statements of a request.
pub const STATEMENTS: Rule = Rule::new("statements", "PROMOGRAPH_LIMIT_STATEMENTS");
/// Relations that one statement joins.
pub const JOINS: Rule = Rule::new("joins", "PROMOGRAPH_LIMIT_JOINS");
/// Bytes of an answer.
pub const ANSWER_BYTES: Rule = Rule::new("answerBytes", "PROMOGRAPH_LIMIT_ANSWER_BYTES");
/// Milliseconds that a request may take.
pub const DURATION: Rule = Rule::new("durationMs", "PROMOGRAPH_LIMIT_DURATION");
/// Points of a caller in a minute.
pub const RATE_POINTS: Rule = Rule::new("ratePoints", "PROMOGRAPH_RATE_POINTS");
/// Refused tokens of an address in a minute.
pub const RATE_REFUSALS: Rule = Rule::new("rateRefusals", "PROMOGRAPH_RATE_REFUSALS");
/// Milliseconds that a request's body may take to arrive.
pub const BODY_TIMEOUT: Rule = Rule::new("bodyMs", "PROMOGRAPH_BODY_TIMEOUT");
/// Bytes of a webhook's body.
pub const WEBHOOK_BODY_BYTES: Rule = Rule::new("bodyBytes", "PROMOGRAPH_WEBHOOK_BODY_BYTES");
/// Subscriptions of a token's subject.
pub const LIVE_SUBSCRIPTIONS: Rule = Rule::new("subscriptions", "PROMOGRAPH_LIVE_SUBSCRIPTIONS");
/// Operations on a `WebSocket`.
pub const LIVE_OPERATIONS: Rule = Rule::new("operations", "PROMOGRAPH_LIVE_OPERATIONS");
/// Rows that are sent again to a subscriber who missed them.
pub const LIVE_REPLAY: Rule = Rule::new("replay", "PROMOGRAPH_LIVE_REPLAY");
