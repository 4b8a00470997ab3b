//! Why a read failed, and whose fault it is.

use sea_orm::DbErr;

use crate::{
    database::failure,
    error::{ErrorCode, LimitExceeded},
};

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The request asks for something that cannot be; the message says what, and what was expected.
    #[error("{0}")]
    BadInput(String),
    /// As [`Self::BadInput`], because it is more than a limit allows.
    #[error("{0}")]
    Over(String, Box<LimitExceeded>),
    /// The answer is larger than it may be.
    #[error("the answer is larger than {} bytes: ask for fewer rows or fields", .0.limit)]
    TooLarge(Box<LimitExceeded>),
    /// The viewer may not ask this.
    #[error("{0}")]
    Forbidden(String),
    /// The database is away or does not answer; the same may well work later.
    #[error("the database does not answer now: try again later")]
    Unavailable(#[source] anyhow::Error),
    /// The database ended the statement for the time it took.
    #[error("the database took too long and was stopped")]
    TooLong,
    /// Ours: the database failed, or a row held what it should not.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl ReadError {
    /// The code that the client sees.
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

    /// More than a limit that no setting changes.
    pub(crate) fn over(message: impl Into<String>, rule: &'static str, limit: u64, actual: u64) -> Self {
        Self::Over(message.into(), Box::new(LimitExceeded::fixed(rule, limit, actual)))
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
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
