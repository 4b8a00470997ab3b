//! Errors of reads.

use sea_orm::DbErr;

use crate::{
    database::failure,
    error::{ErrorCode, LimitExceeded},
};

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The request is invalid; the message says what was expected.
    #[error("{0}")]
    BadInput(String),
    /// As [`Self::BadInput`], because a limit is exceeded.
    #[error("{0}")]
    Over(String, Box<LimitExceeded>),
    /// The response is larger than its limit.
    #[error("the answer is larger than {} bytes: ask for fewer rows or fields", .0.limit)]
    TooLarge(Box<LimitExceeded>),
    /// The viewer has no access.
    #[error("{0}")]
    Forbidden(String),
    /// The database cannot be reached or does not answer; the same may work later.
    #[error("the database does not answer now: try again later")]
    Unavailable(#[source] anyhow::Error),
    /// The database ended the statement by `statement_timeout`.
    #[error("the database took too long and was stopped")]
    TooLong,
    /// An internal error: the database failed, or a row holds an unexpected value.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl ReadError {
    /// The code in the response.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::BadInput(_) | Self::Over(..) => ErrorCode::BadUserInput,
            Self::TooLarge(_) => ErrorCode::LimitExceeded,
            Self::Forbidden(_) => ErrorCode::Forbidden,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::TooLong => ErrorCode::Timeout,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// A limit that no setting changes is exceeded.
    pub(crate) fn over(message: impl Into<String>, rule: &'static str, limit: u64, actual: u64) -> Self {
        Self::Over(message.into(), Box::new(LimitExceeded::fixed(rule, limit, actual)))
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(anyhow::Error::msg(message.into()))
    }
}

impl From<DbErr> for ReadError {
    fn from(error: DbErr) -> Self {
        if failure::is_outage(&error) {
            Self::Unavailable(error.into())
        } else if failure::is_cancelled(&error) {
            Self::TooLong
        } else {
            Self::Internal(error.into())
        }
    }
}
