//! What the claims of an identity provider mean to us: which role, which promoter.

use std::str::FromStr;

use serde_json::Value;

use super::ClaimPath;
use crate::auth::{
    PromoterLookup, Viewer,
    claims::{Claims, promoter_id, texts, whole_or_text},
    error::TokenError,
};

/// What a value of the role claim gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantedRole {
    /// Everything.
    Admin,
    /// Every row.
    Analyst {
        /// With contact data.
        pii: bool,
    },
    /// What is the promoter's own.
    Promoter,
}

/// How the promoter of a token is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromoterBy {
    /// This claim is FirstPromoter's promoter id.
    Id(ClaimPath),
    /// This claim is the promoter's e-mail address, and counts only if the provider verified it.
    Email {
        /// The address.
        claim: ClaimPath,
        /// Has to be `true`, not `"true"`.
        verified: ClaimPath,
    },
    /// This claim is the promoter's `cust_id`: the id in the company's own application.
    CustId(ClaimPath),
}

/// What claims mean.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Holds one audience or a list of them.
    pub audience: ClaimPath,
    /// Holds one role or a list of them.
    pub role: ClaimPath,
    /// What the provider's roles are to us. When a token has several, the first one here counts.
    pub roles: Vec<(String, GrantedRole)>,
    /// For tokens with none of these roles.
    pub default_role: Option<GrantedRole>,
    /// How a promoter is found.
    pub promoter: PromoterBy,
}

/// Whom a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    Viewer(Viewer),
    /// The promoter who is found by this.
    Promoter(PromoterLookup),
}

impl Mapping {
    /// The audiences of a token.
    pub(super) fn audiences<'a>(&self, claims: &'a Claims) -> impl Iterator<Item = &'a str> {
        texts(self.audience.find(claims)).unwrap_or_default().into_iter()
    }

    /// Whom the claims are about.
    pub(super) fn who(&self, claims: &Claims) -> Result<Identity, TokenError> {
        match self.grants(claims).ok_or(TokenError::Claim("role"))? {
            GrantedRole::Admin => Ok(Identity::Viewer(Viewer::Admin)),
            GrantedRole::Analyst { pii } => Ok(Identity::Viewer(Viewer::Analyst { pii })),
            GrantedRole::Promoter => self.promoter(claims).ok_or(TokenError::Claim("promoter")),
        }
    }

    fn grants(&self, claims: &Claims) -> Option<GrantedRole> {
        let has = texts(self.role.find(claims))?;
        let known = self.roles.iter().find(|(role, _)| has.contains(&role.as_str()));
        known.map(|(_, grants)| *grants).or(self.default_role)
    }

    fn promoter(&self, claims: &Claims) -> Option<Identity> {
        match &self.promoter {
            PromoterBy::Id(claim) => Some(Identity::Viewer(Viewer::Promoter { id: promoter_id(claim.find(claims)?)? })),
            PromoterBy::Email { claim, verified } => {
                let is_verified = verified.find(claims) == Some(&Value::Bool(true));
                let email = claim.find(claims)?.as_str()?.trim();
                (is_verified && !email.is_empty()).then(|| Identity::Promoter(PromoterLookup::email(email)))
            }
            PromoterBy::CustId(claim) => {
                let id = whole_or_text(claim.find(claims)?).filter(|id| !id.trim().is_empty())?;
                Some(Identity::Promoter(PromoterLookup::CustId(id)))
            }
        }
    }
}

impl FromStr for GrantedRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "admin" => Ok(Self::Admin),
            "analyst" => Ok(Self::Analyst { pii: false }),
            "analyst+pii" => Ok(Self::Analyst { pii: true }),
            "promoter" => Ok(Self::Promoter),
            _ => Err("expected admin, analyst, analyst+pii or promoter".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
