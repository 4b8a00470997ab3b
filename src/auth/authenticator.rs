//! The one way in: a token becomes a session, or is denied.

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

/// How long the database is asked where its answer can be done without.
const OUTAGE_LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);

/// Knows which tokens count. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Authenticator {
    rules: TokenRules,
    revocations: Revocations,
    provider: Option<Provider>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token, or one that does not count.
    #[error("no valid token: {0}")]
    BadToken(#[from] BadToken),
    /// Whether the token was revoked, or whom it means, is not known now.
    #[error("cannot look up the token")]
    Unavailable(#[source] DbErr),
    /// There are no keys to check it with now.
    #[error("the keys of the identity provider cannot be had")]
    NoKeys,
}

impl Authenticator {
    /// Tokens by these rules, revoked in this database.
    #[must_use]
    pub fn new(rules: TokenRules, db: Database) -> Self {
        Self { rules, revocations: Revocations::new(db), provider: None }
    }

    /// Takes tokens of an identity provider too.
    #[must_use]
    pub fn with_provider(mut self, provider: Option<Provider>) -> Self {
        self.provider = provider;
        self
    }

    /// Whether a token may count at this time, as far as it can be told without the database.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self, token: &str, now_ms: i64) -> Result<(), AuthError> {
        match self.provider_of(token)? {
            None => self.own(token, now_ms).map(drop),
            Some(provider) => provider.verify(token, now_ms).await.map(drop).map_err(|reason| denied(reason, token)),
        }
    }

    /// Whether a session counts still.
    ///
    /// # Errors
    /// When it does not, or the database cannot say so.
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

    /// Which of these tokens do not count any more, asked with one statement, or two where some were taken
    /// for promoters who had to be looked up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_invalid(&self, tokens: Vec<Arc<Revocable>>) -> Result<Vec<Arc<Revocable>>, DbErr> {
        self.revocations.find_invalid(tokens).await
    }

    /// The session that a token gives at this time.
    ///
    /// # Errors
    /// When it does not count, or the database cannot say whether it was revoked.
    pub async fn authenticate(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        let session = self.session(token, now_ms).await?;
        self.recheck(&session, now_ms).await?;
        Ok(session)
    }

    /// The same, but while the database does not answer a token counts that did when it was asked last: for what is
    /// wanted just then, and tells nothing private.
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

    /// The session that a token gives as long as it is not revoked.
    async fn session(&self, token: &str, now_ms: i64) -> Result<Session, AuthError> {
        match self.provider_of(token)? {
            Some(provider) => {
                let session = provider.authenticate(token, self.revocations.promoters(), now_ms).await;
                session.map_err(|reason| denied(reason, token))
            }
            None => self.own(token, now_ms),
        }
    }

    /// Identity judges a token: the identity provider, or none for our own key. HS256 is ours alone.
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
                Self::new(ErrorCode::Unavailable, "The identity provider's keys cannot be had now; try again later")
            }
            AuthError::Unavailable(error) => {
                tracing::debug!(%error, "cannot look up a token");
                Self::new(ErrorCode::Unavailable, "The database does not answer; try again later")
            }
        }
    }
}
