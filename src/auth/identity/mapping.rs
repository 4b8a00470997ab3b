//! Maps the claims of an identity provider to a role and a promoter.

use std::str::FromStr;

use serde_json::Value;

use super::ClaimPath;
use crate::auth::{
    PromoterLookup, Viewer,
    claims::{Claims, promoter_id, texts, whole_or_text},
    error::TokenError,
};

/// The rights that a value of the role claim grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantedRole {
    /// Everything.
    Admin,
    /// Every row.
    Analyst {
        /// With contact data.
        pii: bool,
    },
    /// The promoter's own rows.
    Promoter,
}

/// How the promoter of a token is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromoterBy {
    /// By this claim with FirstPromoter's promoter id.
    Id(ClaimPath),
    /// By this claim with the promoter's e-mail address, if the provider has verified it.
    Email {
        /// The address.
        claim: ClaimPath,
        /// Must be `true`, not `"true"`.
        verified: ClaimPath,
    },
    /// By this claim with the promoter's `cust_id`: the id in the company's own application.
    CustId(ClaimPath),
}

/// How claims are mapped.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The claim with the audience or a list of audiences.
    pub audience: ClaimPath,
    /// The claim with the role or a list of roles.
    pub role: ClaimPath,
    /// The rights of the provider's roles. If a token has several of them, the first entry applies.
    pub roles: Vec<(String, GrantedRole)>,
    /// The rights of tokens with none of these roles.
    pub default_role: Option<GrantedRole>,
    /// How a promoter is found.
    pub promoter: PromoterBy,
}

/// The identity in a token's claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    Viewer(Viewer),
    /// The promoter that this lookup finds.
    Promoter(PromoterLookup),
}

impl Mapping {
    /// The audiences of a token.
    pub(super) fn audiences<'a>(&self, claims: &'a Claims) -> impl Iterator<Item = &'a str> {
        texts(self.audience.find(claims)).unwrap_or_default().into_iter()
    }

    /// The identity in the claims.
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
