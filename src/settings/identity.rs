//! Tokens of an identity provider.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use url::Url;

use super::{AuthArgs, InvalidSetting};
use crate::{
    auth::identity::{ClaimPath, GrantedRole, KeySource, Mapping, PromoterBy, ProviderRules, is_this_machine},
    http::OidcClient,
    value_parser::not_empty,
};

/// Tokens of an identity provider.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Tokens of an identity provider")]
pub struct IdentityArgs {
    /// Public keys of the provider (JSON Web Key Set): an https URL or a file. Requires --jwt-issuer and --jwt-audience
    #[arg(long, value_name = "SOURCE", env = "PROMOGRAPH_JWKS", value_parser = not_empty)]
    pub jwks: Option<String>,

    /// Maximum difference between the clocks of the provider and this server, in seconds
    #[arg(long, value_name = "SECONDS", env = "PROMOGRAPH_JWT_LEEWAY", default_value = "60", value_parser = leeway)]
    pub jwt_leeway: i64,

    /// Claim with the audience
    #[arg(long, value_name = "CLAIM", env = "PROMOGRAPH_JWT_AUDIENCE_CLAIM", default_value = "aud", value_parser = claim)]
    pub jwt_audience_claim: ClaimPath,

    /// Claim with the role or a list of roles, like role, `realm_access.roles` or `https://example.com/role`
    #[arg(long, value_name = "CLAIM", env = "PROMOGRAPH_JWT_ROLE_CLAIM", default_value = "role", value_parser = claim)]
    pub jwt_role_claim: ClaimPath,

    /// Maps roles of the provider to promoter, analyst, analyst+pii or admin: a comma-separated list of ROLE=ROLE. The
    /// first entry whose role a token has applies [default: promoter=promoter,analyst=analyst,admin=admin]
    #[arg(long, value_name = "MAP", env = "PROMOGRAPH_JWT_ROLE_MAP", value_delimiter = ',', value_parser = mapped_role)]
    pub jwt_role_map: Vec<(String, GrantedRole)>,

    /// Role of tokens without a mapped role: promoter or analyst [default: none; they are refused]
    #[arg(long, value_name = "ROLE", env = "PROMOGRAPH_JWT_DEFAULT_ROLE", value_parser = default_role)]
    pub jwt_default_role: Option<GrantedRole>,

    /// How the promoter of a token is found: by FirstPromoter's id, by verified e-mail address, or by `cust_id`
    #[arg(long, value_name = "HOW", env = "PROMOGRAPH_JWT_PROMOTER_BY", default_value = "id", value_parser = promoter_by)]
    pub jwt_promoter_by: PromoterKind,

    /// Claim with that id or address [default: promoter, email or `cust_id`]
    #[arg(long, value_name = "CLAIM", env = "PROMOGRAPH_JWT_PROMOTER_CLAIM", value_parser = claim)]
    pub jwt_promoter_claim: Option<ClaimPath>,

    /// Claim that must be true for an e-mail address to be accepted
    #[arg(long, value_name = "CLAIM", env = "PROMOGRAPH_JWT_EMAIL_VERIFIED_CLAIM", default_value = "email_verified", value_parser = claim)]
    pub jwt_email_verified_claim: ClaimPath,

    /// Client id of the dashboard at the provider: lets people sign in there. Requires --jwks
    #[arg(long, value_name = "ID", env = "PROMOGRAPH_OIDC_CLIENT_ID", value_parser = not_empty)]
    pub oidc_client_id: Option<String>,

    /// Scopes that the dashboard asks for, separated by spaces; `openid` must be one of them
    #[arg(long, value_name = "SCOPES", env = "PROMOGRAPH_OIDC_SCOPE", default_value = "openid", value_parser = scope)]
    pub oidc_scope: String,
}

/// How a promoter is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PromoterKind {
    /// By FirstPromoter's promoter id.
    Id,
    /// By e-mail address.
    Email,
    /// By the id in the company's own application.
    CustId,
}

impl IdentityArgs {
    /// The provider's keys and what its tokens are measured by; nothing if there is none.
    ///
    /// # Errors
    /// When the keys are not available, or issuer and audience are missing.
    pub fn provider(&self, auth: &AuthArgs) -> anyhow::Result<Option<(KeySource, ProviderRules)>> {
        let Some(place) = &self.jwks else { return Ok(None) };
        let needed = |variable, value: &Option<String>| {
            let expected = "the one that the provider's tokens have: without it tokens for other applications of the \
                            same provider would count";
            value.clone().ok_or_else(|| InvalidSetting { variable, expected: expected.to_owned() })
        };
        let issuer = needed("PROMOGRAPH_JWT_ISSUER", &auth.jwt_issuer)?;
        let audience = needed("PROMOGRAPH_JWT_AUDIENCE", &auth.jwt_audience)?;
        let keys = KeySource::open(place).map_err(anyhow::Error::msg).context("PROMOGRAPH_JWKS")?;
        let expected = ProviderRules { issuer, audience, leeway: self.jwt_leeway, mapping: self.mapping()? };
        Ok(Some((keys, expected)))
    }

    /// The client that the pages are at the provider, if people may sign in there.
    ///
    /// # Errors
    /// When there is no provider, or its issuer is not a URL that a page may ask.
    pub fn client(&self, provider: Option<&ProviderRules>) -> Result<Option<OidcClient>, InvalidSetting> {
        let Some(client_id) = &self.oidc_client_id else { return Ok(None) };
        let invalid = |variable, expected: &str| InvalidSetting { variable, expected: expected.to_owned() };
        let provider = provider.ok_or_else(|| {
            invalid(
                "PROMOGRAPH_JWKS",
                "the keys of the provider of PROMOGRAPH_OIDC_CLIENT_ID, to check its tokens with",
            )
        })?;
        let issuer = Url::parse(&provider.issuer).ok().filter(is_issuer).ok_or_else(|| {
            invalid(
                "PROMOGRAPH_JWT_ISSUER",
                "an https URL without user, query and fragment, as people sign in there (PROMOGRAPH_OIDC_CLIENT_ID)",
            )
        })?;
        Ok(Some(OidcClient {
            issuer,
            client_id: client_id.clone(),
            audience: provider.audience.clone(),
            scope: self.oidc_scope.clone(),
        }))
    }

    fn mapping(&self) -> anyhow::Result<Mapping> {
        let default = |name: &str| name.parse::<ClaimPath>().map_err(anyhow::Error::msg);
        let given = |name| self.jwt_promoter_claim.clone().map_or_else(|| default(name), Ok);
        let promoter = match self.jwt_promoter_by {
            PromoterKind::Id => PromoterBy::Id(given("promoter")?),
            PromoterKind::CustId => PromoterBy::CustId(given("cust_id")?),
            PromoterKind::Email => {
                PromoterBy::Email { claim: given("email")?, verified: self.jwt_email_verified_claim.clone() }
            }
        };
        let own = [
            ("promoter", GrantedRole::Promoter),
            ("analyst", GrantedRole::Analyst { pii: false }),
            ("admin", GrantedRole::Admin),
        ];
        let roles = match self.jwt_role_map.as_slice() {
            [] => own.map(|(name, grants)| (name.to_owned(), grants)).to_vec(),
            map => map.to_vec(),
        };
        Ok(Mapping {
            audience: self.jwt_audience_claim.clone(),
            role: self.jwt_role_claim.clone(),
            roles,
            default_role: self.jwt_default_role,
            promoter,
        })
    }
}

/// Whether a page may be sent there. The URL stands in the page, and its origin in the content security policy.
fn is_issuer(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let trusted = url.scheme() == "https" || url.scheme() == "http" && is_this_machine(host);
    plain && trusted && !host.contains('*')
}

fn scope(text: &str) -> Result<String, String> {
    let scopes: Vec<_> = text.split_whitespace().collect();
    if scopes.contains(&"openid") {
        Ok(scopes.join(" "))
    } else {
        Err("expected scopes separated by spaces, openid among them".to_owned())
    }
}

fn claim(text: &str) -> Result<ClaimPath, String> {
    text.parse()
}

fn leeway(text: &str) -> Result<i64, String> {
    match text.trim().parse() {
        Ok(seconds) if (0..=300).contains(&seconds) => Ok(seconds),
        _ => Err("expected a whole number of seconds from 0 to 300".to_owned()),
    }
}

fn mapped_role(text: &str) -> Result<(String, GrantedRole), String> {
    const EXPECTED: &str = "expected a comma-separated list like affiliate=promoter,staff=analyst, with one of promoter, \
                            analyst, analyst+pii and admin behind each =";
    let (name, grants) = text.rsplit_once('=').ok_or(EXPECTED)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(EXPECTED.to_owned());
    }
    Ok((name.to_owned(), grants.parse().map_err(|_| EXPECTED)?))
}

fn default_role(text: &str) -> Result<GrantedRole, String> {
    match text.parse() {
        // Otherwise everybody who can sign up at the provider would be an admin.
        Ok(grants @ (GrantedRole::Promoter | GrantedRole::Analyst { pii: false })) => Ok(grants),
        _ => Err("expected promoter or analyst".to_owned()),
    }
}

fn promoter_by(text: &str) -> Result<PromoterKind, String> {
    PromoterKind::from_str(text.trim(), false).map_err(|_| "expected id, email or cust-id".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_holds_nothing_that_a_page_must_not_show_and_names_one_host() {
        let is_issuer = |text: &str| Url::parse(text).is_ok_and(|url| is_issuer(&url));
        for right in ["https://id.example.com", "https://id.example.com:8443/realms/one/", "http://127.0.0.1:8080"] {
            assert!(is_issuer(right), "{right}");
        }
        for wrong in [
            "http://id.example.com",
            "https://*/",
            "https://*.example.com/",
            "https://user:password@id.example.com/",
            "https://id.example.com/?q=1",
            "https://id.example.com/#f",
            "ftp://127.0.0.1/",
        ] {
            assert!(!is_issuer(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_scopes_of_a_sign_in_hold_openid() {
        assert_eq!(scope(" openid  api://promograph/read "), Ok("openid api://promograph/read".to_owned()));
        for wrong in ["", "profile", "openid2"] {
            assert!(scope(wrong).is_err(), "{wrong}");
        }
    }
}
