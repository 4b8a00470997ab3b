//! An invalid token: what the log says about it, and what its bearer is told.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Revocable, Session, claims, error::TokenError, identity::ProviderError, token};
use crate::error::TokenEnd;

/// Why a token is invalid.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct BadToken {
    /// For the log. Never contains the token or its claims.
    pub why: String,
    /// What its bearer is told. None unless the signature is valid.
    pub ended: Option<TokenEnd>,
    /// A digest of its subject, which may be an e-mail address. None unless the signature is valid.
    pub subject: Option<[u8; 32]>,
    /// Its id, if `promograph token issue` made it.
    pub id: Option<String>,
}

impl BadToken {
    /// There is no token.
    #[must_use]
    pub fn missing() -> Self {
        Self { why: "there is none, or not exactly one".to_owned(), ended: None, subject: None, id: None }
    }

    /// The token of a session that has expired.
    pub(super) fn expired(session: &Session) -> Self {
        Self::of(session, TokenEnd::Expired, "it expired")
    }

    /// The token of a session that was revoked, or whose promoter is gone.
    pub(super) fn revoked(session: &Session) -> Self {
        Self::of(session, TokenEnd::Revoked, "it is revoked, not in the database, or names no promoter any more")
    }

    fn of(session: &Session, ended: TokenEnd, why: &str) -> Self {
        let id = if let Some(Revocable::Issued(id)) = session.revocable.as_deref() { Some(id.clone()) } else { None };
        Self { why: why.to_owned(), ended: Some(ended), subject: Some(digest(&session.subject)), id }
    }

    /// A token that gave no session.
    pub(super) fn refused(reason: &ProviderError, token: &str) -> Self {
        let ended = match reason {
            ProviderError::Token(TokenError::Expired) => Some(TokenEnd::Expired),
            ProviderError::Ended => Some(TokenEnd::Revoked),
            _ => None,
        };
        // Only these errors come after a valid signature: then the claims can be trusted.
        let is_signed = matches!(
            reason,
            ProviderError::Ended | ProviderError::Token(TokenError::Expired | TokenError::Early | TokenError::Claim(_))
        );
        let claims = if is_signed { read(token) } else { None };
        let subject = claims.as_ref().and_then(|claims| claims::subject(claims).ok());
        let id = claims.as_ref().and_then(|claims| claims::text(claims, "jti").ok().flatten());
        Self {
            why: reason.to_string(),
            ended,
            subject: subject.as_deref().map(digest),
            id: id.filter(|id| token::is_issued_id(id)).map(str::to_owned),
        }
    }
}

fn digest(subject: &str) -> [u8; 32] {
    Sha256::digest(subject).into()
}

/// The claims of a token with a valid signature.
fn read(token: &str) -> Option<claims::Claims> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let Ok(Value::Object(claims)) = serde_json::from_slice(&claims) else { return None };
    Some(claims)
}
