//! What a token says, and whether that counts. No database, no clock.
//!
//! | Claim | Must | Meaning |
//! |---|---|---|
//! | `sub` | yes | whom the token was given to: a text that is not blank, or a whole number |
//! | `exp` | yes | seconds since 1970 when it ends, whole or not |
//! | `role` | yes | `admin`, `analyst` or `promoter` |
//! | `promoter` | with role `promoter`, else refused | FirstPromoter's promoter id, as a number or its digits |
//! | `pii` | | `true` shows contact data to an analyst |
//! | `jti` | | the token's id |
//! | `nbf`, `iat` | | neither lies in the future; 60 s of difference between clocks are forgiven |
//! | `iss`, `aud` | when the settings name one, except in tokens of ours | |
//!
//! A promoter's token ends when the promoter is deleted; one that is issued later (by `iat`) begins with whoever
//! has the id then.
//!
//! Tokens of ours (`jti` begins with `tok_`) only count while the database has them, which says more
//! than `iss` and `aud`: they stay valid when these settings change.
//!
//! A token that says it has critical extensions (`crit`) is refused: we know none.

use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use serde::Serialize;
use serde_json::Value;

use super::{
    Key, Revocable, Session, SoughtBy, Viewer,
    claims::{self, Claims, Leeway},
    issued,
};
use crate::strict::Strict;

/// Longer tokens are not looked at. Ours have about 300 bytes.
pub(super) const LONGEST: usize = 8 * 1024;
/// The clock of who made the token may be ahead of ours. It ends by ours.
const LEEWAY: Leeway = Leeway { end: 0, begin: 60 };

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
    #[error("{}", unreadable(.0))]
    Unreadable(jsonwebtoken::errors::Error),
    /// It wants something to be understood that we do not know.
    #[error("its header names critical extensions")]
    Critical,
    /// What it says is no JSON object.
    #[error("its claims are no object")]
    NoClaims,
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

/// Not in the error's own words, which may repeat what the token says.
fn unreadable(error: &jsonwebtoken::errors::Error) -> &'static str {
    match error.kind() {
        ErrorKind::InvalidSignature => "its signature is not of the key that it should be of",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
            "it is signed by an algorithm that is not the key's"
        }
        _ => "it is malformed",
    }
}

/// `admin`, `analyst` or `promoter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
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

/// The claims of a new token.
#[derive(Serialize)]
struct Written {
    sub: String,
    exp: i64,
    iat: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pii: bool,
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
    rules.key.sign(&Written {
        sub: grant.subject,
        exp: grant.expires_at,
        iat: grant.issued_at,
        jti: grant.id,
        iss: rules.issuer.clone(),
        aud: rules.audience.clone(),
        role: Role::of(grant.viewer),
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
    let (header, Strict(claims)) = rules.key.open::<Strict>(token).map_err(Refused::Unreadable)?;
    if header.crit.is_some() {
        return Err(Refused::Critical);
    }
    let Value::Object(claims) = claims else { return Err(Refused::NoClaims) };
    let times = claims::times(&claims, now_ms.div_euclid(1000), LEEWAY)?;
    let id = claims::text(&claims, "jti")?;
    let is_ours = id.is_some_and(issued::is_ours);
    let issuer = claims::text(&claims, "iss")?;
    if rules.issuer.is_some() && issuer != rules.issuer.as_deref() && !is_ours {
        return Err(Refused::Claim("iss"));
    }
    let audiences = claims::texts(claims.get("aud")).ok_or(Refused::Claim("aud"))?;
    if let Some(wanted) = &rules.audience
        && !is_ours
        && !audiences.contains(&wanted.as_str())
    {
        return Err(Refused::Claim("aud"));
    }
    let (subject, viewer) = (claims::subject(&claims)?, viewer(&claims)?);
    let revocable = match (id.filter(|_| is_ours), viewer) {
        (Some(id), _) => Some(Revocable::Issued(id.to_owned())),
        (None, Viewer::Promoter { id }) => {
            Some(Revocable::Minted { promoter: SoughtBy::Id(id), id, issued_at: times.issued_at })
        }
        (None, _) => None,
    };
    Ok(Session { viewer, subject, expires_at: times.ends_at, revocable: revocable.map(Arc::new) })
}

fn viewer(claims: &Claims) -> Result<Viewer, Refused> {
    let pii = match claims::there(claims, "pii") {
        None => false,
        Some(Value::Bool(pii)) => *pii,
        Some(_) => return Err(Refused::Claim("pii")),
    };
    match (claims::text(claims, "role")?.ok_or(Refused::Claim("role"))?, claims::there(claims, "promoter")) {
        ("admin", None) => Ok(Viewer::Admin),
        ("analyst", None) => Ok(Viewer::Analyst { pii }),
        ("promoter", Some(id)) => {
            claims::promoter_id(id).map(|id| Viewer::Promoter { id }).ok_or(Refused::Claim("promoter"))
        }
        ("admin" | "analyst" | "promoter", _) => Err(Refused::Claim("promoter")),
        _ => Err(Refused::Claim("role")),
    }
}

#[cfg(test)]
mod tests;
