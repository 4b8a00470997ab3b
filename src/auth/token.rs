//! What a token says, and whether that counts. No database, no clock.
//!
//! | Claim | Must | Meaning |
//! |---|---|---|
//! | `sub` | yes | whom the token was given to, not empty |
//! | `exp` | yes | seconds since 1970 when it ends, a whole number |
//! | `role` | yes | `admin`, `analyst` or `promoter` |
//! | `promoter` | with role `promoter`, else refused | FirstPromoter's promoter id |
//! | `pii` | | `true` shows contact data to an analyst |
//! | `jti` | | the token's id |
//! | `nbf`, `iat` | | neither lies in the future; 60 s of difference between clocks are forgiven |
//! | `iss`, `aud` | when the settings name one, except in tokens of ours | |
//!
//! Tokens of ours (`jti` begins with `tok_`) only count while the database has them, which says more
//! than `iss` and `aud`: they stay valid when these settings change.
//!
//! A token that says it has critical extensions (`crit`) is refused: we know none.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Key, Revocable, Session, Viewer, issued};

/// Longer tokens are not looked at. Ours have about 300 bytes.
pub(super) const LONGEST: usize = 8 * 1024;
/// How far the clock of who made the token may be ahead of ours, in seconds.
const CLOCK_DIFFERENCE: i64 = 60;

/// What every token is measured by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Signs and checks.
    pub key: Key,
    /// The `iss` that must be there.
    pub issuer: Option<String>,
    /// The `aud` that must be there.
    pub audience: Option<String>,
}

/// What a new token gives.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What its bearer may see.
    pub viewer: Viewer,
    /// The token's `jti`.
    pub id: String,
    /// Whom it is given to.
    pub subject: String,
    /// Seconds since 1970.
    pub issued_at: i64,
    /// Seconds since 1970.
    pub expires_at: i64,
}

/// Why a token does not count: for the log, never for who sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Longer than any token of ours.
    #[error("it is too long")]
    TooLong,
    /// Not a token of this key.
    #[error("{0}")]
    Unreadable(jsonwebtoken::errors::Error),
    /// It wants something to be understood that we do not know.
    #[error("its header names critical extensions")]
    Critical,
    /// It ended.
    #[error("it expired")]
    Expired,
    /// It has not begun.
    #[error("it is not valid yet")]
    Early,
    /// A claim that must be there is not, or says something else than it must.
    #[error("its claim `{0}` is missing or wrong")]
    Claim(&'static str),
}

/// `admin`, `analyst` or `promoter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees and does everything.
    Admin,
    /// Sees every row; contact data only with --pii.
    Analyst,
    /// Sees what is its own.
    Promoter,
}

impl Role {
    /// The role that a viewer has.
    #[must_use]
    pub fn of(viewer: Viewer) -> Self {
        match viewer {
            Viewer::Admin => Self::Admin,
            Viewer::Analyst { .. } => Self::Analyst,
            Viewer::Promoter { .. } => Self::Promoter,
        }
    }

    /// As tokens and tables write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Analyst => "analyst",
            Self::Promoter => "promoter",
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    #[serde(default)]
    sub: String,
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pii: bool,
}

/// JWT allows one audience or a list of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(name) => name == wanted,
            Self::Many(names) => names.iter().any(|name| name == wanted),
        }
    }
}

/// Makes a token.
///
/// # Errors
/// When the key cannot sign.
pub fn issue(rules: &Rules, grant: Grant) -> Result<String, jsonwebtoken::errors::Error> {
    let (promoter, pii) = match grant.viewer {
        Viewer::Admin => (None, false),
        Viewer::Analyst { pii } => (None, pii),
        Viewer::Promoter { id } => (Some(id), false),
    };
    rules.key.sign(&Claims {
        sub: grant.subject,
        exp: Some(grant.expires_at),
        nbf: None,
        iat: Some(grant.issued_at),
        jti: Some(grant.id),
        iss: rules.issuer.clone(),
        aud: rules.audience.clone().map(Audience::One),
        role: Some(Role::of(grant.viewer)),
        promoter,
        pii,
    })
}

/// What a token allows at this time. Whether it was revoked is another question.
///
/// # Errors
/// With the reason, when it does not count.
pub fn check(rules: &Rules, token: &str, now_ms: i64) -> Result<Session, Refused> {
    if token.len() > LONGEST {
        return Err(Refused::TooLong);
    }
    let (header, claims) = rules.key.open::<Claims>(token).map_err(Refused::Unreadable)?;
    if header.crit.is_some() {
        return Err(Refused::Critical);
    }
    let now = now_ms.div_euclid(1000);
    let expires_at = claims.exp.ok_or(Refused::Claim("exp"))?;
    if expires_at <= now {
        return Err(Refused::Expired);
    }
    if claims.nbf.is_some_and(|begin| begin > now.saturating_add(CLOCK_DIFFERENCE)) {
        return Err(Refused::Early);
    }
    if claims.iat.is_some_and(|issued| issued > now.saturating_add(CLOCK_DIFFERENCE)) {
        return Err(Refused::Claim("iat"));
    }
    let is_ours = claims.jti.as_deref().is_some_and(issued::is_ours);
    if rules.issuer.is_some() && claims.iss != rules.issuer && !is_ours {
        return Err(Refused::Claim("iss"));
    }
    if let Some(wanted) = &rules.audience
        && !is_ours
        && !claims.aud.as_ref().is_some_and(|audience| audience.has(wanted))
    {
        return Err(Refused::Claim("aud"));
    }
    if claims.sub.trim().is_empty() {
        return Err(Refused::Claim("sub"));
    }
    let viewer = viewer(&claims)?;
    let revocable = claims.jti.filter(|_| is_ours).map(|id| Arc::new(Revocable::Issued(id)));
    Ok(Session { viewer, subject: claims.sub, expires_at, revocable })
}

fn viewer(claims: &Claims) -> Result<Viewer, Refused> {
    match (claims.role.ok_or(Refused::Claim("role"))?, claims.promoter) {
        (Role::Admin, None) => Ok(Viewer::Admin),
        (Role::Analyst, None) => Ok(Viewer::Analyst { pii: claims.pii }),
        (Role::Promoter, Some(id)) if id > 0 => Ok(Viewer::Promoter { id }),
        _ => Err(Refused::Claim("promoter")),
    }
}

#[cfg(test)]
mod tests;
