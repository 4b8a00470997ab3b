//! The only entry of authentication: from a token to a session.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use tokio::time::timeout;

use super::{
    BadToken, Revocable, Session,
    error::TokenError,
    identity::{self, Provider, ProviderError},
    revocations::Revocations,
    token::{self, TokenRules},
};
use crate::{
    database::Database,
    error::{ApiError, ErrorCode},
};

/// Timeout of a lookup that an outage may replace by the last known result.
const OUTAGE_LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);

/// Verifies tokens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Authenticator {
    rules: TokenRules,
    revocations: Revocations,
    provider: Option<Provider>,
}

/// Why authentication failed.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token, or an invalid one.
    #[error("no valid token: {0}")]
    BadToken(#[from] BadToken),
    /// The database does not answer: it is unknown whether the token was revoked, or which promoter it means.
    #[error("cannot look up the token")]
    Unavailable(#[source] DbErr),
    /// The identity provider's keys are not available.
    #[error("the keys of the identity provider are not available")]
    NoKeys,
}

impl Authenticator {
    /// Verifies tokens by these rules; revocations are in this database.
    #[must_use]
    pub fn new(rules: TokenRules, db: Database) -> Self {
        Self { rules, revocations: Revocations::new(db), provider: None }
    }

    /// Accepts tokens of an identity provider too.
    #[must_use]
    pub fn with_provider(mut self, provider: Option<Provider>) -> Self {
        self.provider = provider;
        self
    }

    /// Verifies a token at this time as far as that needs no database.
    ///
    /// # Errors
    /// If it is invalid.
    pub async fn check(&self, token: &str, now_ms: i64) -> Result<(), AuthError> {
        match self.provider_of(token)? {
            None => self.own(token, now_ms).map(drop),
            Some(provider) => provider.verify(token, now_ms).await.map(drop).map_err(|reason| denied(reason, token)),
        }
    }

    /// Checks that the token of a session is still valid.
    ///
    /// # Errors
    /// If it is not, or the database does not answer.
    pub async fn recheck(&self, session: &Session, now_ms: i64) -> Result<(), AuthError> {
        if session.expires_at <= now_ms.div_euclid(1000) {
            return Err(BadToken::expired(session).into());
        }
        let Some(token) = &session.revocable else { return Ok(()) };
        if self.revocations.is_valid(token).await.map_err(AuthError::Unavailable)? {
            return Ok(());
        }
        Err(BadToken::revoked(session).into())
    }

    /// The tokens that are not valid any more: one statement for all of them, and one more if promoters have to be looked
    /// up.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn find_invalid(&self, tokens: Vec<Arc<Revocable>>) -> Result<Vec<Arc<Revocable>>, DbErr> {
        self.revocations.find_invalid(tokens).await
    }

    /// The session of a token at this time.
    ///
    /// # Errors
    /// If it is invalid, or the database does not answer.
    pub async fn authenticate(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        let session = self.session(token, now_ms).await?;
        self.recheck(&session, now_ms).await?;
        Ok(session)
    }

    /// As [`Self::authenticate`], but in an outage of the database a token is valid if it was valid by the last lookup. For
    /// operational data, which is needed just then and is not private.
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_in_outage(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        let session = self.session(token, now_ms).await?;
        let rechecked = timeout(OUTAGE_LOOKUP_TIMEOUT, self.recheck(&session, now_ms)).await;
        let silence = || AuthError::Unavailable(DbErr::Custom("it does not answer".to_owned()));
        let unavailable = match rechecked.unwrap_or_else(|_| Err(silence())) {
            Err(unavailable @ AuthError::Unavailable(_)) => unavailable,
            rechecked => return rechecked.map(|()| session),
        };
        match session.revocable.as_ref().and_then(|token| self.revocations.was_valid(token)) {
            Some(true) => Ok(session),
            Some(false) => Err(BadToken::revoked(&session).into()),
            None => Err(unavailable),
        }
    }

    /// The session of a token that is not revoked.
    async fn session(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        match self.provider_of(token)? {
            Some(provider) => {
                let session = provider.authenticate(token, self.revocations.promoters(), now_ms).await;
                session.map_err(|reason| denied(reason, token))
            }
            None => self.own(token, now_ms),
        }
    }

    /// The identity provider, if a token has to be verified by it; none for our own key. HS256 is only for our own key.
    fn provider_of(&self, token: &str) -> Result<Option<&Provider>, AuthError> {
        if token.len() > token::MAX_TOKEN_BYTES {
            return Err(denied(TokenError::TooLong.into(), token));
        }
        Ok(self.provider.as_ref().filter(|_| !identity::signed_by_us(token)))
    }

    fn own(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        token::check(&self.rules, token, now_ms).map_err(|reason| denied(reason.into(), token))
    }
}

fn denied(reason: ProviderError, token: &str) -> AuthError {
    match reason {
        ProviderError::Database(error) => AuthError::Unavailable(error),
        ProviderError::NoKeys(_) => AuthError::NoKeys,
        reason => BadToken::refused(&reason, token).into(),
    }
}

impl From<AuthError> for ApiError {
    fn from(denied: AuthError) -> Self {
        match denied {
            AuthError::BadToken(bad) => Self { ended: bad.ended, ..Self::unauthenticated() },
            AuthError::NoKeys => {
                Self::new(ErrorCode::Unavailable, "The identity provider's keys are not available now; try again later")
            }
            AuthError::Unavailable(error) => {
                tracing::debug!(%error, "cannot look up a token");
                Self::new(ErrorCode::Unavailable, "The database does not answer; try again later")
            }
        }
    }
}
