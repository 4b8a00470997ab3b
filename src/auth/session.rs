//! What a valid token says.

use std::sync::Arc;

use super::{Revocable, Viewer};

/// A request's or a connection's right to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What may be seen.
    pub viewer: Viewer,
    /// The token's `sub`: whom it was given to.
    pub subject: String,
    /// When it ends, in seconds since 1970 UTC; a connection that lives longer must be closed then.
    pub expires_at: i64,
    /// By what the token is known if it can be revoked before; none for those that cannot.
    pub revocable: Option<Arc<Revocable>>,
}
