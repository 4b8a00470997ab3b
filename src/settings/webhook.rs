//! Webhook endpoints.

use anyhow::Context as _;
use clap::{ArgAction, Args};

use super::{DatabaseArgs, InvalidSetting};
use crate::{
    data_dir::DataDir,
    projection::parse::IdSpace,
    secret::Secret,
    webhook::{BODY_LIMIT, Endpoints, SigningSecrets},
};

/// The file of the generated token, in the data directory.
const GENERATED: &str = "webhook-token";

/// The webhook endpoints.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Webhooks")]
pub struct WebhookArgs {
    /// Tokens of the webhook endpoints: a comma-separated list of TOKEN or TOKEN:MODE. Signatures are `required`, checked
    /// `if-present` (the default mode) or `off` [default: generated in the data directory]
    #[arg(long, value_name = "TOKENS", env = "PROMOGRAPH_WEBHOOK_TOKENS", hide_env_values = true, value_parser = tokens)]
    pub webhook_tokens: Option<Secret>,

    /// Keys of webhook signatures: a comma-separated list, so that a key can be replaced without a gap
    #[arg(long, value_name = "SECRETS", env = "PROMOGRAPH_WEBHOOK_SECRETS", hide_env_values = true, value_parser = secrets)]
    pub webhook_secrets: Option<Secret>,

    /// Whether webhooks v1 and v2 use the same ids for the same objects. With `false`, events of v2 do not change tables
    /// that v1 fills: they are stored as ignored
    #[arg(long, value_name = "BOOL", env = "PROMOGRAPH_V1_V2_SAME_IDS", default_value_t = true, action = ArgAction::Set, value_parser = same_ids)]
    pub v1_v2_same_ids: bool,

    /// Maximum size of a webhook's body, in bytes
    #[arg(long, value_name = "N", env = "PROMOGRAPH_WEBHOOK_BODY_BYTES", default_value_t = BODY_LIMIT, value_parser = body_bytes)]
    pub webhook_body_bytes: usize,
}

/// What the webhook routes let in.
#[derive(Clone, Debug)]
pub struct WebhookAccess {
    /// Checks tokens.
    pub endpoints: Endpoints,
    /// Checks signatures.
    pub secrets: SigningSecrets,
    /// One of the tokens, for showing the owner a complete URL.
    pub token: Secret,
}

impl WebhookArgs {
    /// Whether the ids of webhooks v1 and v2 name the same objects.
    #[must_use]
    pub fn id_space(&self) -> IdSpace {
        if self.v1_v2_same_ids { IdSpace::Shared } else { IdSpace::Separate }
    }

    /// Makes sure that no endpoint waits for signatures that nothing can prove, and that a token that was generated
    /// can be used; makes nothing.
    ///
    /// # Errors
    /// When a signature is required and no secret is given, or the generated token cannot be read or is too short.
    pub fn check(&self, database: &DatabaseArgs) -> anyhow::Result<()> {
        let tokens = self.webhook_tokens.as_ref().map_or("", Secret::expose).trim();
        let has_secrets = self.webhook_secrets.as_ref().is_some_and(|secrets| !secrets.expose().trim().is_empty());
        if tokens.is_empty() {
            let generated = DataDir::at(&database.data_dir).existing_secret(GENERATED);
            generated.context("PROMOGRAPH_WEBHOOK_TOKENS is not set")?;
        }
        if !tokens.is_empty()
            && !has_secrets
            && Endpoints::parse(tokens).context("PROMOGRAPH_WEBHOOK_TOKENS")?.require_signature()
        {
            let expected =
                "the signing secret, since PROMOGRAPH_WEBHOOK_TOKENS has an endpoint that requires signatures";
            return Err(InvalidSetting { variable: "PROMOGRAPH_WEBHOOK_SECRETS", expected: expected.to_owned() }.into());
        }
        Ok(())
    }

    /// The endpoints: those given, or one with a token generated into the data directory.
    ///
    /// # Errors
    /// When a signature is required that no secret could prove, or the generated token can be
    /// neither read nor created.
    pub fn access(&self, database: &DatabaseArgs) -> anyhow::Result<WebhookAccess> {
        self.check(database)?;
        let list = match self.webhook_tokens.clone().filter(|list| !list.expose().trim().is_empty()) {
            Some(list) => list,
            None => database.open_data_dir()?.secret(GENERATED).context("PROMOGRAPH_WEBHOOK_TOKENS is not set")?,
        };
        let endpoints = Endpoints::parse(list.expose()).context("PROMOGRAPH_WEBHOOK_TOKENS")?;
        let secrets = self.webhook_secrets.as_ref().map_or("", Secret::expose);
        let secrets = SigningSecrets::parse(secrets).context("PROMOGRAPH_WEBHOOK_SECRETS")?;
        let token = list.expose().split([',', ':']).next().unwrap_or_default().trim();
        Ok(WebhookAccess { endpoints, secrets, token: Secret::new(token) })
    }
}

fn tokens(text: &str) -> Result<Secret, String> {
    Endpoints::parse(text).map(|_| Secret::new(text)).map_err(|error| error.to_string())
}

fn secrets(text: &str) -> Result<Secret, String> {
    SigningSecrets::parse(text).map(|_| Secret::new(text)).map_err(|error| error.to_string())
}

fn same_ids(text: &str) -> Result<bool, String> {
    text.trim().parse().map_err(|_| "expected true or false".to_owned())
}

fn body_bytes(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        // What FirstPromoter sends has some kilobytes; the queue in front of the database must hold several.
        Ok(bytes) if (65_536..=16_777_216).contains(&bytes) => Ok(bytes),
        _ => Err("expected a whole number from 65536 to 16777216".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn access(tokens: &str, secrets: &str, data_dir: &Path) -> anyhow::Result<WebhookAccess> {
        let args = WebhookArgs {
            webhook_body_bytes: BODY_LIMIT,
            webhook_tokens: Some(Secret::new(tokens)),
            webhook_secrets: Some(Secret::new(secrets)),
            v1_v2_same_ids: true,
        };
        args.access(&DatabaseArgs::in_folder(data_dir.to_owned()))
    }

    #[test]
    fn an_endpoint_never_waits_for_signatures_that_nothing_can_prove() {
        let error = access("0123456789abcdef:required", "", Path::new("unused")).unwrap_err();
        assert!(error.to_string().starts_with("PROMOGRAPH_WEBHOOK_SECRETS: expected"), "{error}");
        assert!(access("0123456789abcdef:required", "0123456789abcdef", Path::new("unused")).is_ok());
    }

    #[test]
    fn the_token_that_is_shown_is_the_first_one_without_its_mode() {
        let access = access("0123456789abcdef:off,fedcba9876543210", "", Path::new("unused")).unwrap();
        assert_eq!(access.token.expose(), "0123456789abcdef");
    }

    #[test]
    fn without_a_token_one_is_generated_once() {
        let folder = tempfile::tempdir().unwrap();
        let token = || access("", "", folder.path()).unwrap().token.expose().to_owned();
        assert_eq!(token().len(), 64);
        assert_eq!(token(), token());
    }
}
