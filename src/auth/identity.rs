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
    Revocable, Session, SoughtBy, Viewer,
    claims::{self, Claims, Leeway},
    promoters::{Found, Promoters},
    token::Refused,
};
use crate::strict::Strict;

mod claim;
mod fetch;
mod header;
mod key_set;
mod keys;
mod mapping;
mod revoked;

pub use claim::ClaimPath;
pub use keys::{Keys, NoKeys};
pub use mapping::{Grants, Mapping, PromoterBy};
pub use revoked::{Revocation, revocations, revoke};

use header::Header;
use mapping::Who;

pub(super) use header::signed_by_us;

/// What the provider's tokens are measured by.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The `aud` that has to be among theirs.
    pub audience: String,
    /// How far its clock and ours may differ, in seconds.
    pub leeway: i64,
    /// What its claims mean to us.
    pub mapping: Mapping,
}

/// An identity provider. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Provider {
    keys: Keys,
    expected: Arc<Expected>,
}

/// Why a token gives no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum Rejected {
    #[error("{0}")]
    Refused(#[from] Refused),
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
    /// Checks by these keys and rules.
    #[must_use]
    pub fn new(keys: Keys, expected: Expected) -> Self {
        Self { keys, expected: Arc::new(expected) }
    }

    /// Gets the keys before the first token comes; why it failed is in the log.
    pub async fn prepare(&self, now_ms: i64) {
        self.keys.prepare(now_ms).await;
    }

    /// The session that a token gives at this time, unless it was revoked.
    pub(super) async fn authenticate(
        &self,
        token: &str,
        promoters: &Promoters,
        now_ms: i64,
    ) -> Result<Session, Rejected> {
        let vouched = self.vouched(token, now_ms).await?;
        let (viewer, found) = match vouched.who {
            Who::Viewer(viewer @ Viewer::Promoter { id }) => (viewer, Some((SoughtBy::Id(id), id))),
            Who::Viewer(viewer) => (viewer, None),
            Who::Promoter(sought) => {
                let id = match promoters.find(&sought).await? {
                    Found { id: Some(id), .. } => id,
                    Found { ended_at: Some(_), .. } => return Err(Rejected::Ended),
                    Found { .. } => return Err(Rejected::Foreign("it names no promoter, or several")),
                };
                (Viewer::Promoter { id }, Some((sought, id)))
            }
        };
        let key = |what: Revocation| what.key(&self.expected.issuer);
        let revocable = Revocable::Provided {
            subject: key(Revocation::Subject(vouched.subject.clone())),
            token: vouched.id.map(|id| key(Revocation::Token(id))),
            issued_at: vouched.issued_at,
            found,
        };
        let revocable = Some(Arc::new(revocable));
        Ok(Session { viewer, subject: vouched.subject, expires_at: vouched.expires_at, revocable })
    }

    /// What the provider vouches for, as far as it can be told without a database.
    pub(super) async fn vouched(&self, token: &str, now_ms: i64) -> Result<Vouched, Rejected> {
        let header = Header::read(token).map_err(Rejected::Foreign)?;
        let Some(key) = self.keys.find(&header, now_ms).await? else {
            return Err(Rejected::Foreign("no key of the identity provider fits its header"));
        };
        let mut validation = Validation::new(header.algorithm);
        // The claims are checked below, with the time as an argument.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let opened = jsonwebtoken::decode::<Strict>(token, &key.key, &validation).map_err(Refused::Unreadable)?;
        let serde_json::Value::Object(claims) = opened.claims.0 else {
            return Err(Refused::NoClaims.into());
        };
        Ok(self.expected.vouched(&claims, now_ms)?)
    }
}

/// A token with a good signature whose claims are as they should be.
#[derive(Debug)]
pub(super) struct Vouched {
    who: Who,
    subject: String,
    id: Option<String>,
    issued_at: Option<i64>,
    expires_at: i64,
}

impl Expected {
    fn vouched(&self, claims: &Claims, now_ms: i64) -> Result<Vouched, Refused> {
        if claims::text(claims, "iss")? != Some(&self.issuer) {
            return Err(Refused::Claim("iss"));
        }
        if !self.mapping.audiences(claims).any(|audience| audience == self.audience) {
            return Err(Refused::Claim("aud"));
        }
        let leeway = Leeway { end: self.leeway, begin: self.leeway };
        let times = claims::times(claims, now_ms.div_euclid(1000), leeway)?;
        let subject = claims::subject(claims)?;
        let id = claims::text(claims, "jti")?.map(str::to_owned);
        let who = self.mapping.who(claims)?;
        Ok(Vouched { who, subject, id, issued_at: times.issued_at, expires_at: times.ends_at })
    }
}
