//! `promograph token`: the tokens of the GraphQL API. Needs a database that a server or `migrate` has created.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{
    Args, Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use entity::promoter;
use sea_orm::{ActiveEnum as _, EntityTrait as _};

mod list;
mod revoke;

use revoke::Revoke;

use super::{command_context::CommandContext, output};
use crate::{
    auth::{
        Role, Viewer, issued,
        token::{self, NewToken},
    },
    database::Database,
    settings::AuthArgs,
    time::now_ms,
    value_parser::long_duration,
};

/// `promograph token`.
#[derive(Args, Debug)]
pub struct TokenCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Issue a token and print it on standard output
    Issue(Box<Issue>),
    /// List issued tokens by id; the tokens themselves are not stored
    List {
        /// Print JSON, one object per line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        context: CommandContext,
    },
    /// Revoke an issued token by its id, or tokens of the identity provider
    Revoke(Box<Revoke>),
}

#[derive(Args, Debug)]
struct Issue {
    /// What the bearer may see
    #[arg(long, value_parser = role())]
    role: Role,
    /// FirstPromoter's promoter id, with --role promoter
    #[arg(long, value_name = "ID", required_if_eq("role", "promoter"), value_parser = clap::value_parser!(i64).range(1..))]
    promoter: Option<i64>,
    /// Show contact data (e-mail, names, addresses), with --role analyst
    #[arg(long)]
    pii: bool,
    /// Name of the token, for example its user
    #[arg(long, value_name = "TEXT", value_parser = name)]
    name: Option<String>,
    /// Lifetime, like 90s, 15m, 12h or 30d
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = long_duration)]
    ttl: i64,
    #[command(flatten)]
    context: CommandContext,
    #[command(flatten)]
    auth: AuthArgs,
}

impl TokenCommand {
    /// Runs it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Issue(issue) => issue.run().await,
            Action::List { json, context } => list::list(&context.open().await?, json).await,
            Action::Revoke(revoke) => revoke.run().await,
        }
    }
}

impl Issue {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let viewer = viewer(self.role, self.promoter, self.pii)?;
        let db = self.context.open().await?;
        let rules = self.auth.existing_rules(&self.context.database)?;
        let (now, id) = (now_ms(), token::new_id());
        let expires_at = now / 1000 + self.ttl;
        issued::record(&db, &id, self.name.as_deref(), viewer, now, expires_at * 1000)
            .await
            .context("cannot write the token down")?;
        let subject = self.name.unwrap_or_else(|| id.clone());
        let new = NewToken { viewer, id, subject, issued_at: now / 1000, expires_at };
        let token = token::issue(&rules, new).context("cannot sign the token")?;
        if let Viewer::Promoter { id } = viewer {
            warn_of_nobody(&db, id).await?;
        }
        db.close().await?;
        output::print(format!("{token}\n").as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The viewer that these arguments name.
///
/// # Errors
/// When they do not go together.
pub(super) fn viewer(role: Role, promoter: Option<i64>, pii: bool) -> anyhow::Result<Viewer> {
    anyhow::ensure!(promoter.is_none() || role == Role::Promoter, "--promoter goes with --role promoter");
    anyhow::ensure!(!pii || role == Role::Analyst, "--pii goes with --role analyst");
    match (role, promoter) {
        (Role::Admin, _) => Ok(Viewer::Admin),
        (Role::Analyst, _) => Ok(Viewer::Analyst { pii }),
        (Role::Promoter, Some(id)) => Ok(Viewer::Promoter { id }),
        (Role::Promoter, None) => anyhow::bail!("--role promoter needs --promoter ID"),
    }
}

/// The promoter may come later, so that is no error; but it may be a mistake.
async fn warn_of_nobody(db: &Database, id: i64) -> anyhow::Result<()> {
    let promoter = promoter::Entity::find_by_id(id).one(&db.read).await.context("cannot look the promoter up")?;
    match promoter {
        None => eprintln!(
            "warning: no promoter {id} is known yet; the token shows nothing until FirstPromoter tells of one \
             (`firstPromoterId` of `promoters` in the API lists those that are known)"
        ),
        Some(promoter) if promoter.is_stub => eprintln!(
            "warning: of promoter {id} nothing is known yet but the id; the token shows nothing until FirstPromoter \
             tells more"
        ),
        Some(promoter) if promoter.deleted_at.is_some() => {
            eprintln!(
                "warning: promoter {id} was deleted in FirstPromoter; the token counts only if the id is used again"
            );
        }
        Some(_) => {}
    }
    Ok(())
}

/// Parses a role.
pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    let value = |(name, help)| PossibleValue::new(name).help(help);
    let values = [
        ("admin", "Sees and does everything"),
        ("analyst", "Sees every row; contact data only with --pii"),
        ("promoter", "Sees the promoter's own rows"),
    ];
    PossibleValuesParser::new(values.map(value)).try_map(|name| Role::try_from_value(&name))
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("expected 1 to 200 characters on one line".to_owned()) }
}
