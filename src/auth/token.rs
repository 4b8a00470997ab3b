//! Tokens of our own key: issuing and verifying. No database, no clock.
//!
//! | Claim | Required | Meaning |
//! |---|---|---|
//! | `sub` | yes | the token's subject: a text that is not blank, or a whole number |
//! | `exp` | yes | expiry in seconds since 1970, fractions allowed |
//! | `role` | yes | `admin`, `analyst` or `promoter` |
//! | `promoter` | with role `promoter`, otherwise refused | FirstPromoter's promoter id, as a number or its digits |
//! | `pii` | | `true` shows contact data to an analyst |
//! | `jti` | | the token's id |
//! | `nbf`, `iat` | | not in the future, with 60 s of leeway |
//! | `iss`, `aud` | if the settings name one, except in tokens of `promograph token issue` | |
//!
//! A promoter's token ends when the promoter is deleted. A token that is issued later (by `iat`) belongs to the
//! promoter who has the id by then.
//!
//! Tokens of `promograph token issue` (`jti` begins with `tok_`) are valid only while the database has them. That is
//! stronger than `iss` and `aud`, so they stay valid when these settings change.
//!
//! A token with critical extensions (`crit`) is refused: none is supported.

use std::sync::Arc;

use sea_orm::ActiveEnum as _;
use serde::Serialize;
use serde_json::Value;

use super::{
    PromoterLookup, Revocable, Session, SigningKey, Viewer,
    claims::{self, Claims, Leeway},
    error::TokenError,
};
use crate::json::UniqueKeys;

/// Longer tokens are refused without a look. Ours have about 300 bytes.
pub(super) const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// The clock of the token's maker may be ahead of ours. The token expires by ours.
const LEEWAY: Leeway = Leeway { end: 0, begin: 60 };
/// Prefix of the `jti` of tokens that `promograph token issue` made.
const ID_PREFIX: &str = "tok_";

/// A new `jti` for a token of `promograph token issue`.
#[must_use]
pub fn new_id() -> String {
    format!("{ID_PREFIX}{}", uuid::Uuid::now_v7().simple())
}

/// Whether a token with this `jti` must be in the table `api_token`.
#[must_use]
pub fn is_issued_id(id: &str) -> bool {
    id.starts_with(ID_PREFIX)
}

/// How tokens of our own key are signed and verified.
#[derive(Clone, Debug)]
pub struct TokenRules {
    /// Signs and verifies.
    pub key: SigningKey,
    /// The required `iss`.
    pub issuer: Option<String>,
    /// The required `aud`.
    pub audience: Option<String>,
}

/// A token to be issued.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What its bearer may read.
    pub viewer: Viewer,
    /// `jti`.
    pub id: String,
    /// `sub`.
    pub subject: String,
    /// `iat`: seconds since 1970.
    pub issued_at: i64,
    /// `exp`: seconds since 1970.
    pub expires_at: i64,
}

/// The claims of a new token.
#[derive(Serialize)]
struct NewClaims {
    sub: String,
    exp: i64,
    iat: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pii: bool,
}

/// Signs a new token.
///
/// # Errors
/// When the key cannot sign.
pub fn issue(rules: &TokenRules, token: NewToken) -> Result<String, jsonwebtoken::errors::Error> {
    let (promoter, pii) = match token.viewer {
        Viewer::Admin => (None, false),
        Viewer::Analyst { pii } => (None, pii),
        Viewer::Promoter { id } => (Some(id), false),
    };
    rules.key.sign(&NewClaims {
        sub: token.subject,
        exp: token.expires_at,
        iat: token.issued_at,
        jti: token.id,
        iss: rules.issuer.clone(),
        aud: rules.audience.clone(),
        role: token.viewer.role().to_value(),
        promoter,
        pii,
    })
}

/// The session of a token at this time. Does not look up whether it was revoked.
///
/// # Errors
/// Why it is invalid.
pub fn check(rules: &TokenRules, token: &str, now_ms: i64) -> Result<Session, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong);
    }
    let (header, UniqueKeys(claims)) = rules.key.open::<UniqueKeys>(token).map_err(TokenError::Unreadable)?;
    if header.crit.is_some() {
        return Err(TokenError::Critical);
    }
    let Value::Object(claims) = claims else { return Err(TokenError::NoClaims) };
    let times = claims::times(&claims, now_ms.div_euclid(1000), LEEWAY)?;
    let id = claims::text(&claims, "jti")?;
    let is_ours = id.is_some_and(is_issued_id);
    let issuer = claims::text(&claims, "iss")?;
    if rules.issuer.is_some() && issuer != rules.issuer.as_deref() && !is_ours {
        return Err(TokenError::Claim("iss"));
    }
    let audiences = claims::texts(claims.get("aud")).ok_or(TokenError::Claim("aud"))?;
    if let Some(wanted) = &rules.audience
        && !is_ours
        && !audiences.contains(&wanted.as_str())
    {
        return Err(TokenError::Claim("aud"));
    }
    let (subject, viewer) = (claims::subject(&claims)?, viewer(&claims)?);
    let revocable = match (id.filter(|_| is_ours), viewer) {
        (Some(id), _) => Some(Revocable::Issued(id.to_owned())),
        (None, Viewer::Promoter { id }) => {
            Some(Revocable::Minted { promoter: PromoterLookup::Id(id), id, issued_at: times.issued_at })
        }
        (None, _) => None,
    };
    Ok(Session { viewer, subject, expires_at: times.ends_at, revocable: revocable.map(Arc::new) })
}

fn viewer(claims: &Claims) -> Result<Viewer, TokenError> {
    let pii = match claims::there(claims, "pii") {
        None => false,
        Some(Value::Bool(pii)) => *pii,
        Some(_) => return Err(TokenError::Claim("pii")),
    };
    match (claims::text(claims, "role")?.ok_or(TokenError::Claim("role"))?, claims::there(claims, "promoter")) {
        ("admin", None) => Ok(Viewer::Admin),
        ("analyst", None) => Ok(Viewer::Analyst { pii }),
        ("promoter", Some(id)) => {
            claims::promoter_id(id).map(|id| Viewer::Promoter { id }).ok_or(TokenError::Claim("promoter"))
        }
        ("admin" | "analyst" | "promoter", _) => Err(TokenError::Claim("promoter")),
        _ => Err(TokenError::Claim("role")),
    }
}

#[cfg(test)]
mod tests;
