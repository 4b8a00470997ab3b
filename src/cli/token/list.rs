//! `promograph token list`.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::Context as _;
use entity::api_token::Model;
use sea_orm::ActiveEnum as _;
use serde_json::json;

use crate::{
    auth::{identity, issued},
    cli::output,
    database::Database,
    time::{format_ms, now_ms},
};

/// Lists the tokens that were issued here, and what was revoked of an identity provider's.
pub(super) async fn list(db: &Database, as_json: bool) -> anyhow::Result<ExitCode> {
    let tokens = issued::list(db).await.context("cannot read the tokens")?;
    let revoked = identity::revocations(db).await.context("cannot read what was revoked")?;
    db.close().await?;
    let revoked: Vec<_> = revoked.into_iter().map(|entry| (format_ms(entry.revoked_at), entry.id)).collect();
    let out = if as_json { lines(&tokens, &revoked)? } else { table(&tokens, &revoked).into_bytes() };
    output::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn state(token: &Model) -> &'static str {
    match token.revoked_at {
        Some(_) => "revoked",
        None if token.expires_at <= now_ms() => "expired",
        None => "active",
    }
}

fn lines(tokens: &[Model], revoked: &[(String, String)]) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    for token in tokens {
        let line = json!({
            "id": token.id, "state": state(token), "name": token.name, "role": token.role.to_value(),
            "promoter": token.promoter_id, "pii": token.pii, "issuedAt": format_ms(token.issued_at),
            "expiresAt": format_ms(token.expires_at), "revokedAt": token.revoked_at.map(format_ms),
        });
        output::line(&mut out, &line)?;
    }
    for (at, id) in revoked {
        output::line(&mut out, &json!({ "ofProvider": id, "state": "revoked", "revokedAt": at }))?;
    }
    Ok(out)
}

// Writing to a string cannot fail.
fn table(tokens: &[Model], revoked: &[(String, String)]) -> String {
    let titles = ("ID", "STATE", "ISSUED", "EXPIRES", "ROLE");
    let mut out =
        format!("{:<36}  {:<8}  {:<24}  {:<24}  {:<30}  NAME\n", titles.0, titles.1, titles.2, titles.3, titles.4);
    for token in tokens {
        let role = match token.promoter_id {
            Some(id) => format!("{} {id}", token.role.to_value()),
            None if token.pii => format!("{} with pii", token.role.to_value()),
            None => token.role.to_value(),
        };
        let (issued, expires) = (format_ms(token.issued_at), format_ms(token.expires_at));
        let (id, state, name) = (&token.id, state(token), token.name.as_deref().unwrap_or_default());
        let _ = writeln!(out, "{id:<36}  {state:<8}  {issued:<24}  {expires:<24}  {role:<30}  {name}");
    }
    if !revoked.is_empty() {
        let _ = writeln!(out, "\n{:<24}  OF THE IDENTITY PROVIDER (claim, issuer, value)", "REVOKED");
        for (at, id) in revoked {
            let _ = writeln!(out, "{at:<24}  {id}");
        }
    }
    out
}
