//! Limits of a GraphQL request.

use std::time::Duration;

use clap::Args;

use crate::value_parser::{BILLION, bounded, duration, shown};

/// SQLite joins at most 64 tables; a list takes up to two besides its relations.
const MAX_JOINS: u32 = 60;

/// How large and expensive a request may be. No limit is off by default.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Request limits")]
pub struct RequestLimits {
    /// Maximum size of a request's body, in bytes
    #[arg(long = "limit-body-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_BODY_BYTES", default_value_t = Self::default().body_bytes, value_parser = bounded::<BILLION, usize>)]
    pub body_bytes: usize,
    /// Maximum size of a document, in bytes
    #[arg(long = "limit-query-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_QUERY_BYTES", default_value_t = Self::default().query_bytes, value_parser = bounded::<BILLION, usize>)]
    pub query_bytes: usize,
    /// Maximum number of tokens in a document, and of values in its variables
    #[arg(long = "limit-tokens", value_name = "N", env = "PROMOGRAPH_LIMIT_TOKENS", default_value_t = Self::default().tokens, value_parser = bounded::<BILLION, usize>)]
    pub tokens: usize,
    /// Maximum depth of nested fields
    #[arg(long = "limit-depth", value_name = "N", env = "PROMOGRAPH_LIMIT_DEPTH", default_value_t = Self::default().depth, value_parser = bounded::<BILLION, usize>)]
    pub depth: usize,
    /// Maximum number of aliases
    #[arg(long = "limit-aliases", value_name = "N", env = "PROMOGRAPH_LIMIT_ALIASES", default_value_t = Self::default().aliases, value_parser = bounded::<BILLION, usize>)]
    pub aliases: usize,
    /// Maximum number of root fields
    #[arg(long = "limit-root-fields", value_name = "N", env = "PROMOGRAPH_LIMIT_ROOT_FIELDS", default_value_t = Self::default().root_fields, value_parser = bounded::<BILLION, usize>)]
    pub root_fields: usize,
    /// Maximum number of directives
    #[arg(long = "limit-directives", value_name = "N", env = "PROMOGRAPH_LIMIT_DIRECTIVES", default_value_t = Self::default().directives, value_parser = bounded::<BILLION, usize>)]
    pub directives: usize,
    /// Maximum number of requests in one batch
    #[arg(long = "limit-batch", value_name = "N", env = "PROMOGRAPH_LIMIT_BATCH", default_value_t = Self::default().batch, value_parser = bounded::<BILLION, usize>)]
    pub batch: usize,
    /// Maximum cost: the number of objects that may be returned, plus the rows scanned for totalCount and filters
    #[arg(long = "limit-cost", value_name = "N", env = "PROMOGRAPH_LIMIT_COST", default_value_t = Self::default().cost, value_parser = bounded::<BILLION, usize>)]
    pub cost: usize,
    /// Maximum number of SQL statements of one request: one for each nested list and one for each totalCount
    #[arg(long = "limit-statements", value_name = "N", env = "PROMOGRAPH_LIMIT_STATEMENTS", default_value_t = Self::default().statements, value_parser = bounded::<BILLION, usize>)]
    pub statements: usize,
    /// Maximum number of relations that one SQL statement joins: the to-one relations of its rows, twice those in its
    /// filter, half of the ids of other rows, and comparisons with such ids
    #[arg(long = "limit-joins", value_name = "N", env = "PROMOGRAPH_LIMIT_JOINS", default_value_t = Self::default().joins, value_parser = bounded::<MAX_JOINS, usize>)]
    pub joins: usize,
    /// Maximum size of a response, in bytes; all responses of a batch together count as one
    #[arg(long = "limit-answer-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_ANSWER_BYTES", default_value_t = Self::default().answer_bytes, value_parser = bounded::<BILLION, usize>)]
    pub answer_bytes: usize,
    /// Timeout of a request. Its SQL statement is cancelled then
    #[arg(long = "limit-duration", value_name = "DURATION", env = "PROMOGRAPH_LIMIT_DURATION", default_value = shown(Self::default().duration), value_parser = duration)]
    pub duration: Duration,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            body_bytes: 1_048_576,
            query_bytes: 100_000,
            tokens: 10_000,
            depth: 12,
            aliases: 30,
            root_fields: 20,
            directives: 50,
            batch: 10,
            cost: 100_000,
            statements: 100,
            joins: 40,
            answer_bytes: 33_554_432,
            duration: Duration::from_secs(10),
        }
    }
}
