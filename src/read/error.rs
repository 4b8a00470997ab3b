//! Why a read failed, and whose fault it is.

use sea_orm::DbErr;

use crate::error::Code;

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The request asks for something that cannot be; the message says what, and what was expected.
    #[error("{0}")]
    BadInput(String),
    /// The viewer may not ask this.
    #[error("{0}")]
    Forbidden(String),
    /// Ours: the database failed, or a row held what it should not.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl ReadError {
    /// The code that the client sees.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::BadInput(_) => Code::BadUserInput,
            Self::Forbidden(_) => Code::Forbidden,
            Self::Internal(_) => Code::Internal,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(anyhow::Error::msg(message.into()))
    }
}

impl From<DbErr> for ReadError {
    fn from(error: DbErr) -> Self {
        Self::Internal(error.into())
    }
}
