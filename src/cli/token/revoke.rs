//! `promograph token revoke`.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::{
    auth::{
        CACHE_TTL,
        identity::{self, Revocation},
        issued,
    },
    cli::{command_context::CommandContext, output},
    settings::AuthArgs,
    time::now_ms,
};

/// Names the tokens.
#[derive(Args, Debug)]
pub(super) struct Revoke {
    /// Id of an issued token, as `token list` shows it
    #[arg(required_unless_present_any = ["jti", "subject"])]
    id: Option<String>,
    /// Claim `jti` of a token of the identity provider
    #[arg(long, conflicts_with = "id", value_parser = crate::value_parser::not_empty)]
    jti: Option<String>,
    /// Claim `sub`: all tokens of the identity provider with it that were issued until now. Later tokens are valid, so
    /// block the user at the provider first
    #[arg(long, conflicts_with_all = ["id", "jti"], value_parser = crate::value_parser::not_empty)]
    subject: Option<String>,
    #[command(flatten)]
    context: CommandContext,
    #[command(flatten)]
    auth: AuthArgs,
}

impl Revoke {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let of_provider = match (self.jti, self.subject) {
            (Some(id), _) => Some(Revocation::Token(id)),
            (_, Some(subject)) => Some(Revocation::Subject(subject)),
            _ => None,
        };
        let issuer = match (&of_provider, &self.auth.jwt_issuer) {
            (Some(_), None) => {
                anyhow::bail!("PROMOGRAPH_JWT_ISSUER: expected the issuer, since others may use the same ids")
            }
            (_, issuer) => issuer.clone().unwrap_or_default(),
        };
        let db = self.context.open().await?;
        let said = match (of_provider, self.id) {
            (Some(what), _) => {
                identity::revoke(&db, &issuer, &what, now_ms()).await.context("cannot revoke")?;
                match what {
                    Revocation::Token(id) => format!("revoked the token {id} of {issuer}"),
                    Revocation::Subject(subject) => format!("revoked what {issuer} issued to {subject} until now"),
                }
            }
            (None, id) => {
                let id = id.unwrap_or_default();
                let found = issued::revoke(&db, &id, now_ms()).await.context("cannot revoke the token")?;
                anyhow::ensure!(
                    found,
                    "there is no token {id}; `promograph token list` shows those that were issued here. Tokens of an \
                     identity provider: `token revoke --jti ID` or `--subject SUB`. Tokens that others sign with \
                     PROMOGRAPH_JWT_SECRET end by themselves, or all at once with a new secret"
                );
                format!("revoked {id}")
            }
        };
        db.close().await?;
        // Until no server relies on an earlier look any more.
        tokio::time::sleep(CACHE_TTL).await;
        output::print(format!("{said}\n").as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
