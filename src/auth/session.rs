//! What a valid token says.

use super::Viewer;

/// A request's or a connection's right to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What may be seen.
    pub viewer: Viewer,
    /// The token's `sub`: whom it was given to.
    pub subject: String,
    /// When it ends, in seconds since 1970 UTC; a connection that lives longer must be closed then.
    pub expires_at: i64,
    /// The token's `jti`, if it has one.
    pub token_id: Option<String>,
}
