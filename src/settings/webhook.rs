//! Who may post webhooks.

use anyhow::Context as _;
use clap::Args;

use super::{DataDir, Mistake, Secret};

/// The file of the generated token, in the data directory.
const GENERATED: &str = "webhook-token";
const EXPECTED: &str = "a comma list of TOKEN or TOKEN:MODE; a token has at least 16 characters of A-Z a-z 0-9 . _ ~ -, \
                        a mode is required, if-present or off";

/// The webhook endpoints.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Webhooks")]
pub struct WebhookArgs {
    /// One endpoint each: TOKEN or TOKEN:MODE, where MODE says whether signatures are `required`,
    /// checked `if-present` (the default) or `off` [default: one generated token]
    #[arg(long, value_name = "TOKENS", env = "PROMOGRAPH_WEBHOOK_TOKENS", hide_env_values = true, value_delimiter = ',', value_parser = webhook_token)]
    pub webhook_tokens: Vec<WebhookToken>,

    /// The keys of webhook signatures: several, so that changing one needs no gap
    #[arg(long, value_name = "SECRETS", env = "PROMOGRAPH_WEBHOOK_SECRETS", hide_env_values = true, value_delimiter = ',', value_parser = webhook_secret)]
    pub webhook_secrets: Vec<Secret>,
}

/// A webhook endpoint.
#[derive(Clone, Debug)]
pub struct WebhookToken {
    /// What a delivery has to show.
    pub token: Secret,
    /// What else it has to show.
    pub mode: SignatureMode,
}

/// What an endpoint makes of the `X-Webhook-Signature` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureMode {
    /// A valid signature must be there.
    Required,
    /// A signature that is there must be valid.
    #[default]
    IfPresent,
    /// Signatures are not looked at.
    Off,
}

impl WebhookArgs {
    /// The endpoints: those given, or one with a token generated into the data directory.
    ///
    /// # Errors
    /// When a token is named twice, or a signature is required that no secret could prove, or the
    /// generated token can be neither read nor created.
    pub fn endpoints(&self, data: &DataDir) -> anyhow::Result<Vec<WebhookToken>> {
        if self.webhook_tokens.is_empty() {
            let token = data.secret(GENERATED).context("PROMOGRAPH_WEBHOOK_TOKENS is not set")?;
            return Ok(vec![WebhookToken { token, mode: SignatureMode::default() }]);
        }
        let mut tokens: Vec<&str> = self.webhook_tokens.iter().map(|endpoint| endpoint.token.expose()).collect();
        tokens.sort_unstable();
        if tokens.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(mistake("PROMOGRAPH_WEBHOOK_TOKENS", "each token once").into());
        }
        let needs_secret = self.webhook_tokens.iter().any(|endpoint| endpoint.mode == SignatureMode::Required);
        if needs_secret && self.webhook_secrets.is_empty() {
            let expected = "the signing secret, since PROMOGRAPH_WEBHOOK_TOKENS asks for signatures";
            return Err(mistake("PROMOGRAPH_WEBHOOK_SECRETS", expected).into());
        }
        Ok(self.webhook_tokens.clone())
    }
}

fn mistake(variable: &'static str, expected: &str) -> Mistake {
    Mistake { variable, expected: expected.to_owned() }
}

fn webhook_token(text: &str) -> Result<WebhookToken, String> {
    let (token, mode) = match text.trim().split_once(':') {
        None => (text.trim(), SignatureMode::default()),
        Some((token, "required")) => (token, SignatureMode::Required),
        Some((token, "if-present")) => (token, SignatureMode::IfPresent),
        Some((token, "off")) => (token, SignatureMode::Off),
        Some(_) => return Err(EXPECTED.to_owned()),
    };
    let is_plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte));
    if token.len() < 16 || !is_plain {
        return Err(EXPECTED.to_owned());
    }
    Ok(WebhookToken { token: Secret::new(token), mode })
}

fn webhook_secret(text: &str) -> Result<Secret, String> {
    match text.trim() {
        text if text.len() >= 8 => Ok(Secret::new(text)),
        _ => Err("a comma list of signing secrets, each of at least 8 characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_says_what_it_makes_of_signatures() {
        let parse = |text| webhook_token(text).map(|endpoint| (endpoint.token.expose().to_owned(), endpoint.mode));
        let token = "0123456789abcdef".to_owned();
        assert_eq!(parse("0123456789abcdef").unwrap(), (token.clone(), SignatureMode::IfPresent));
        assert_eq!(parse("0123456789abcdef:required").unwrap(), (token.clone(), SignatureMode::Required));
        assert_eq!(parse(" 0123456789abcdef:off ").unwrap(), (token, SignatureMode::Off));
        for wrong in ["", "short", "0123456789abcdef:maybe", "0123456789/abcdef", ":off", "0123456789abcdef:"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_endpoint_never_waits_for_signatures_that_nothing_can_prove() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let tokens = vec![webhook_token("0123456789abcdef:required").unwrap()];
        let args = WebhookArgs { webhook_tokens: tokens, webhook_secrets: Vec::new() };
        assert!(args.endpoints(&data).unwrap_err().to_string().starts_with("PROMOGRAPH_WEBHOOK_SECRETS: expected"));
    }

    #[test]
    fn without_a_token_one_is_generated_once() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let args = WebhookArgs { webhook_tokens: Vec::new(), webhook_secrets: Vec::new() };
        let token = || args.endpoints(&data).unwrap()[0].token.expose().to_owned();
        assert!(webhook_token(&token()).is_ok());
        assert_eq!(token(), token());
    }
}
