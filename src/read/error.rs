//! Why a read failed, and whose fault it is.

use sea_orm::DbErr;

use crate::{
    database::fault,
    error::{Code, Exceeded},
};

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The request asks for something that cannot be; the message says what, and what was expected.
    #[error("{0}")]
    BadInput(String),
    /// As [`Self::BadInput`], because it is more than a limit allows.
    #[error("{0}")]
    Over(String, Box<Exceeded>),
    /// The answer is larger than it may be.
    #[error("the answer is larger than {} bytes: ask for fewer rows or fields", .0.limit)]
    TooLarge(Box<Exceeded>),
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
    pub fn code(&self) -> Code {
        match self {
            Self::BadInput(_) | Self::Over(..) => Code::BadUserInput,
            Self::TooLarge(_) => Code::LimitExceeded,
            Self::Forbidden(_) => Code::Forbidden,
            Self::Unavailable(_) => Code::Unavailable,
            Self::TooLong => Code::Timeout,
            Self::Internal(_) => Code::Internal,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// More than a limit that no setting changes.
    pub(crate) fn over(message: impl Into<String>, rule: &'static str, limit: u64, actual: u64) -> Self {
        Self::Over(message.into(), Box::new(Exceeded::fixed(rule, limit, actual)))
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(anyhow::Error::msg(message.into()))
    }
}

impl From<DbErr> for ReadError {
    fn from(error: DbErr) -> Self {
        if fault::is_outage(&error) {
            Self::Unavailable(error.into())
        } else if fault::is_cancelled(&error) {
            Self::TooLong
        } else {
            Self::Internal(error.into())
        }
    }
}
