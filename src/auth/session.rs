//! The result of authentication.

use std::sync::Arc;

use super::{Revocable, Role};

/// An authenticated request or connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What may be read.
    pub viewer: Viewer,
    /// The token's `sub`.
    pub subject: String,
    /// When the token expires, in seconds since 1970 UTC. A connection that lives longer must be closed then.
    pub expires_at: i64,
    /// How to look up whether the token was revoked; none if it cannot be.
    pub revocable: Option<Arc<Revocable>>,
}

/// What a valid token may read. Made once from the token, for every transport; every read starts from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Reads and does everything.
    Admin,
    /// Reads every row; contact data only with `pii`.
    Analyst {
        /// Whether contact data (e-mail, names, addresses, ...) is shown in full.
        pii: bool,
    },
    /// Reads the promoter's own rows.
    Promoter {
        /// FirstPromoter's promoter id.
        id: i64,
    },
}

/// What a viewer may read, without whose rows: plans are the same for all viewers of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewerClass {
    /// [`Viewer::Admin`].
    Admin,
    /// [`Viewer::Analyst`].
    Analyst {
        /// Whether contact data is shown in full.
        pii: bool,
    },
    /// [`Viewer::Promoter`], of any id.
    Promoter,
}

impl Viewer {
    /// Its class.
    #[must_use]
    pub fn class(self) -> ViewerClass {
        match self {
            Self::Admin => ViewerClass::Admin,
            Self::Analyst { pii } => ViewerClass::Analyst { pii },
            Self::Promoter { .. } => ViewerClass::Promoter,
        }
    }

    /// The promoter, if it is one.
    #[must_use]
    pub fn promoter(self) -> Option<i64> {
        match self {
            Self::Promoter { id } => Some(id),
            Self::Admin | Self::Analyst { .. } => None,
        }
    }

    /// The role of its token.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Admin => Role::Admin,
            Self::Analyst { .. } => Role::Analyst,
            Self::Promoter { .. } => Role::Promoter,
        }
    }
}
