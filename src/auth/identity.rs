//! Tokens of an identity provider (Auth0, Keycloak, Cognito, ...): signed with a key that only the
//! provider has, checked with the public keys that it publishes as a JSON Web Key Set.
//!
//! ```text
//! header -> key by `kid` -> signature -> issuer, audience, times -> role -> promoter -> revoked?
//! ```
//!
//! * The key decides about the algorithm; the header may only agree. There is no symmetric key
//!   among them, and the key that signs our own tokens is not among them either.
//! * Nothing that the token points to (`jku`, `x5u`, `jwk`, `x5c`) is ever followed.
//! * `iss` and `aud` must be the ones of the settings: one provider signs the tokens of many
//!   applications with the same keys.

use std::sync::Arc;

use jsonwebtoken::Validation;

use super::{
    PromoterLookup, Revocable, Session, Viewer,
    claims::{self, Claims, Leeway},
    error::TokenError,
    promoters::{PromoterMatch, Promoters},
};
use crate::json::UniqueKeys;

mod claim;
mod fetch;
mod header;
mod key_set;
mod key_source;
mod mapping;
mod revoke;

pub use claim::ClaimPath;
pub use fetch::is_this_machine;
pub use key_source::{KeySource, NoKeys};
pub use mapping::{GrantedRole, Mapping, PromoterBy};
pub use revoke::{Revocation, revocations, revoke};

use header::Header;
use mapping::Identity;

pub(super) use header::signed_by_us;

/// How tokens of a provider are verified.
#[derive(Clone, Debug)]
pub struct ProviderRules {
    /// The required `iss`.
    pub issuer: String,
    /// The required `aud`.
    pub audience: String,
    /// Tolerated difference between the provider's clock and ours, in seconds.
    pub leeway: i64,
    /// How its claims are mapped to a viewer.
    pub mapping: Mapping,
}

/// An identity provider. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Provider {
    keys: KeySource,
    rules: Arc<ProviderRules>,
}

/// Why a token of the provider gives no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderError {
    #[error("{0}")]
    Token(#[from] TokenError),
    #[error("{0}")]
    Foreign(&'static str),
    #[error("whom it names was deleted, or is named otherwise by now")]
    Ended,
    #[error(transparent)]
    NoKeys(#[from] NoKeys),
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
}

impl Provider {
    /// A provider with these keys and rules.
    #[must_use]
    pub fn new(keys: KeySource, rules: ProviderRules) -> Self {
        Self { keys, rules: Arc::new(rules) }
    }

    /// Fetches the keys before the first token arrives. A failure is logged.
    pub async fn prepare(&self, now_ms: i64) {
        self.keys.prepare(now_ms).await;
    }

    /// The session of a token at this time. Does not look up whether it was revoked.
    pub(super) async fn authenticate(
        &self,
        token: &str,
        promoters: &Promoters,
        now_ms: i64,
    ) -> Result<Session, ProviderError> {
        let verified = self.verify(token, now_ms).await?;
        let (viewer, found) = match verified.who {
            Identity::Viewer(viewer @ Viewer::Promoter { id }) => (viewer, Some((PromoterLookup::Id(id), id))),
            Identity::Viewer(viewer) => (viewer, None),
            Identity::Promoter(lookup) => {
                let id = match promoters.find(&lookup).await? {
                    PromoterMatch { id: Some(id), .. } => id,
                    PromoterMatch { ended_at: Some(_), .. } => return Err(ProviderError::Ended),
                    PromoterMatch { .. } => return Err(ProviderError::Foreign("it names no promoter, or several")),
                };
                (Viewer::Promoter { id }, Some((lookup, id)))
            }
        };
        let key = |what: Revocation| what.key(&self.rules.issuer);
        let revocable = Revocable::Provided {
            subject: key(Revocation::Subject(verified.subject.clone())),
            token: verified.id.map(|id| key(Revocation::Token(id))),
            issued_at: verified.issued_at,
            found,
        };
        let revocable = Some(Arc::new(revocable));
        Ok(Session { viewer, subject: verified.subject, expires_at: verified.expires_at, revocable })
    }

    /// Verifies a token as far as that needs no database.
    pub(super) async fn verify(&self, token: &str, now_ms: i64) -> Result<VerifiedToken, ProviderError> {
        let header = Header::read(token).map_err(ProviderError::Foreign)?;
        let Some(key) = self.keys.find(&header, now_ms).await? else {
            return Err(ProviderError::Foreign("no key of the identity provider fits its header"));
        };
        let mut validation = Validation::new(header.algorithm);
        // The claims are checked separately, with the time as an argument.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let opened =
            jsonwebtoken::decode::<UniqueKeys>(token, &key.key, &validation).map_err(TokenError::Unreadable)?;
        let serde_json::Value::Object(claims) = opened.claims.0 else {
            return Err(TokenError::NoClaims.into());
        };
        Ok(self.rules.verify(&claims, now_ms)?)
    }
}

/// A token with a valid signature and valid claims.
#[derive(Debug)]
pub(super) struct VerifiedToken {
    who: Identity,
    subject: String,
    id: Option<String>,
    issued_at: Option<i64>,
    expires_at: i64,
}

impl ProviderRules {
    fn verify(&self, claims: &Claims, now_ms: i64) -> Result<VerifiedToken, TokenError> {
        if claims::text(claims, "iss")? != Some(&self.issuer) {
            return Err(TokenError::Claim("iss"));
        }
        if !self.mapping.audiences(claims).any(|audience| audience == self.audience) {
            return Err(TokenError::Claim("aud"));
        }
        let leeway = Leeway { end: self.leeway, begin: self.leeway };
        let times = claims::times(claims, now_ms.div_euclid(1000), leeway)?;
        let subject = claims::subject(claims)?;
        let id = claims::text(claims, "jti")?.map(str::to_owned);
        let who = self.mapping.who(claims)?;
        Ok(VerifiedToken { who, subject, id, issued_at: times.issued_at, expires_at: times.ends_at })
    }
}
