//! How much one request may ask for.

use std::time::Duration;

use clap::Args;

use super::{
    count::{BILLION, count},
    span::span,
};

pub mod rule;

/// SQLite joins 64 tables at most; a list takes up to two besides its relations.
const MOST_JOINS: u32 = 60;

/// The limits of a GraphQL request. All are on by default.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[command(next_help_heading = "Limits of a GraphQL request")]
pub struct LimitArgs {
    /// Bytes of a request's body
    #[arg(long = "limit-body-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_BODY_BYTES", default_value_t = 1_048_576, value_parser = count::<BILLION, usize>)]
    pub body_bytes: usize,
    /// Bytes of a query document
    #[arg(long = "limit-query-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_QUERY_BYTES", default_value_t = 100_000, value_parser = count::<BILLION, usize>)]
    pub query_bytes: usize,
    /// Tokens of a query document, and as many values in its variables
    #[arg(long = "limit-tokens", value_name = "N", env = "PROMOGRAPH_LIMIT_TOKENS", default_value_t = 10_000, value_parser = count::<BILLION, usize>)]
    pub tokens: usize,
    /// Fields within fields
    #[arg(long = "limit-depth", value_name = "N", env = "PROMOGRAPH_LIMIT_DEPTH", default_value_t = 12, value_parser = count::<BILLION, usize>)]
    pub depth: usize,
    /// Aliases
    #[arg(long = "limit-aliases", value_name = "N", env = "PROMOGRAPH_LIMIT_ALIASES", default_value_t = 30, value_parser = count::<BILLION, usize>)]
    pub aliases: usize,
    /// Root fields
    #[arg(long = "limit-root-fields", value_name = "N", env = "PROMOGRAPH_LIMIT_ROOT_FIELDS", default_value_t = 20, value_parser = count::<BILLION, usize>)]
    pub root_fields: usize,
    /// Directives
    #[arg(long = "limit-directives", value_name = "N", env = "PROMOGRAPH_LIMIT_DIRECTIVES", default_value_t = 50, value_parser = count::<BILLION, usize>)]
    pub directives: usize,
    /// Requests in one HTTP request
    #[arg(long = "limit-batch", value_name = "N", env = "PROMOGRAPH_LIMIT_BATCH", default_value_t = 10, value_parser = count::<BILLION, usize>)]
    pub batch: usize,
    /// Objects that could come back, plus what is scanned for totalCount and by filters
    #[arg(long = "limit-cost", value_name = "N", env = "PROMOGRAPH_LIMIT_COST", default_value_t = 100_000, value_parser = count::<BILLION, usize>)]
    pub cost: usize,
    /// Statements of a request: one for each list below other rows, and one for each totalCount
    #[arg(long = "limit-statements", value_name = "N", env = "PROMOGRAPH_LIMIT_STATEMENTS", default_value_t = 100, value_parser = count::<BILLION, usize>)]
    pub statements: usize,
    /// Relations that one statement joins: the to-one relations of its rows, twice those in its filter, half of the ids of other rows, and comparisons with such ids
    #[arg(long = "limit-joins", value_name = "N", env = "PROMOGRAPH_LIMIT_JOINS", default_value_t = 40, value_parser = count::<MOST_JOINS, usize>)]
    pub joins: usize,
    /// Bytes of an answer, or of all answers of a batch
    #[arg(long = "limit-answer-bytes", value_name = "N", env = "PROMOGRAPH_LIMIT_ANSWER_BYTES", default_value_t = 33_554_432, value_parser = count::<BILLION, usize>)]
    pub answer_bytes: usize,
    /// How long a request may take; then its statement is cancelled in the database
    #[arg(long = "limit-duration", value_name = "TIME", env = "PROMOGRAPH_LIMIT_DURATION", default_value = "10s", value_parser = span)]
    pub duration: Duration,
}

impl Default for LimitArgs {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        limits: LimitArgs,
    }

    #[test]
    fn the_defaults_of_the_flags_are_the_defaults_in_the_code() {
        assert_eq!(Only::parse_from(["x"]).limits, LimitArgs::default());
    }

    #[test]
    fn a_limit_cannot_be_switched_off_by_zero() {
        for wrong in ["0", "-1", "many", "", "1e3", "1000000001"] {
            assert!(Only::try_parse_from(["x", &format!("--limit-depth={wrong}")]).is_err(), "{wrong}");
        }
    }
}
