//! The one way in: a token becomes a session, or is denied.

use sea_orm::DbErr;

use super::{
    Session,
    issued::{self, Issued},
    token::{self, Rules},
};
use crate::{
    database::Database,
    error::{Code, Problem},
};

/// Knows which tokens count. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Authenticator {
    rules: Rules,
    issued: Issued,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No token, or one that does not count; who asks does not learn why.
    #[error("no valid token")]
    BadToken,
    /// Whether the token was revoked is not known now.
    #[error("cannot look up the token")]
    Unavailable(#[source] DbErr),
}

impl Authenticator {
    /// Tokens by these rules, revoked in this database.
    #[must_use]
    pub fn new(rules: Rules, db: Database) -> Self {
        Self { rules, issued: Issued::new(db) }
    }

    /// The session that a token would give at this time unless it was revoked.
    ///
    /// # Errors
    /// When it does not count.
    pub fn check(&self, token: &str, now_ms: i64) -> Result<Session, Denied> {
        token::check(&self.rules, token, now_ms).map_err(|reason| {
            tracing::debug!(%reason, "refused a token");
            Denied::BadToken
        })
    }

    /// The session that a token gives at this time.
    ///
    /// # Errors
    /// When it does not count, or the database cannot say whether it was revoked.
    pub async fn authenticate(&self, token: &str, now_ms: i64) -> Result<Session, Denied> {
        let session = self.check(token, now_ms)?;
        if let Some(id) = session.token_id.as_deref().filter(|id| issued::is_ours(id))
            && !self.issued.in_force(id).await.map_err(Denied::Unavailable)?
        {
            tracing::debug!(token.id = id, "refused a token: it is revoked or not in the database");
            return Err(Denied::BadToken);
        }
        Ok(session)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::BadToken => Self::unauthenticated(),
            Denied::Unavailable(error) => {
                tracing::error!(%error, "cannot look up a token");
                Self::new(Code::Unavailable, "The database does not answer; try again later")
            }
        }
    }
}
