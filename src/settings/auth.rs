//! How tokens are signed and checked.

use anyhow::Context as _;
use clap::Args;

use super::DatabaseArgs;
use crate::{
    auth::{SigningKey, TokenRules},
    data_dir::DataDir,
    secret::Secret,
    value_parser::not_empty,
};

/// The file of the generated key, in the data directory.
const GENERATED: &str = "jwt-key";

/// The tokens of the GraphQL API.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Tokens")]
pub struct AuthArgs {
    /// Key that signs tokens (HS256), at least 32 characters [default: generated in the data directory]
    #[arg(long, value_name = "SECRET", env = "PROMOGRAPH_JWT_SECRET", hide_env_values = true, value_parser = jwt_secret)]
    pub jwt_secret: Option<Secret>,

    /// Issuer (claim `iss`) that every token must have
    #[arg(long, value_name = "TEXT", env = "PROMOGRAPH_JWT_ISSUER", value_parser = not_empty)]
    pub jwt_issuer: Option<String>,

    /// Audience (claim `aud`) that every token must have
    #[arg(long, value_name = "TEXT", env = "PROMOGRAPH_JWT_AUDIENCE", value_parser = not_empty)]
    pub jwt_audience: Option<String>,
}

impl AuthArgs {
    /// The rules for tokens, with the given key or one generated in the data directory.
    ///
    /// # Errors
    /// When the generated key can be neither read nor created.
    pub fn rules(&self, database: &DatabaseArgs) -> anyhow::Result<TokenRules> {
        let secret = match &self.jwt_secret {
            Some(secret) => secret.clone(),
            None => database.open_data_dir()?.secret(GENERATED).context("PROMOGRAPH_JWT_SECRET is not set")?,
        };
        self.with(&secret)
    }

    /// Checks a generated key, before anything is created.
    ///
    /// # Errors
    /// When it cannot be read, or is too short.
    pub fn check(&self, database: &DatabaseArgs) -> anyhow::Result<()> {
        if self.jwt_secret.is_none() {
            let generated = DataDir::at(&database.data_dir).existing_secret(GENERATED);
            generated.context("PROMOGRAPH_JWT_SECRET is not set")?;
        }
        Ok(())
    }

    /// As [`Self::rules`], but generates no key: the server would not accept its tokens.
    ///
    /// # Errors
    /// When no key is given, and none was generated.
    pub fn existing_rules(&self, database: &DatabaseArgs) -> anyhow::Result<TokenRules> {
        let generated = || DataDir::at(&database.data_dir).existing_secret(GENERATED);
        let given = self.jwt_secret.clone().map_or_else(generated, |secret| Ok(Some(secret)));
        let secret = given.context("PROMOGRAPH_JWT_SECRET is not set")?;
        let secret = secret.with_context(|| {
            format!(
                "there is no key that signs tokens: looked for {GENERATED} in {}. `promograph serve` creates it at its \
                 first start; name the server's data directory with --data-dir or PROMOGRAPH_DATA_DIR, or set its \
                 key with PROMOGRAPH_JWT_SECRET",
                database.absolute_data_dir().display()
            )
        })?;
        self.with(&secret)
    }

    fn with(&self, secret: &Secret) -> anyhow::Result<TokenRules> {
        let key = SigningKey::hs256(secret).context("the key that signs tokens is empty")?;
        Ok(TokenRules { key, issuer: self.jwt_issuer.clone(), audience: self.jwt_audience.clone() })
    }
}

fn jwt_secret(text: &str) -> Result<Secret, String> {
    match text.trim() {
        text if text.len() >= 32 => Ok(Secret::new(text)),
        _ => Err("expected at least 32 characters, as `openssl rand -hex 32` prints them".to_owned()),
    }
}
