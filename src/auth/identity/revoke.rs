//! Tokens of an identity provider that we do not take any more, before they end by themselves: the
//! table `revocation`.

use entity::revocation::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait as _, QueryOrder as _, sea_query::OnConflict};
use serde_json::json;

use crate::database::Database;

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The token with this `jti`.
    Token(String),
    /// All tokens of this `sub` that were issued until now.
    Subject(String),
}

impl Revocation {
    /// The key in the table. Other issuers may have the same ids.
    pub(super) fn key(&self, issuer: &str) -> String {
        let (claim, value) = match self {
            Self::Token(id) => ("jti", id),
            Self::Subject(subject) => ("sub", subject),
        };
        json!([claim, issuer, value]).to_string()
    }
}

/// Revokes. A subject's tokens that are issued later count again; a token never does.
///
/// Servers notice within [`crate::auth::CACHE_TTL`].
///
/// # Errors
/// When the database does not take it.
pub async fn revoke(db: &Database, issuer: &str, what: &Revocation, now_ms: i64) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(what.key(issuer)), revoked_at: Set(now_ms) };
    let again = OnConflict::column(Column::Id).update_column(Column::RevokedAt).to_owned();
    let _lock = db.lock_writer().await;
    Entity::insert(row).on_conflict(again).exec_without_returning(&db.write).await?;
    Ok(())
}

/// What was revoked, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn revocations(db: &Database) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::RevokedAt).order_by_desc(Column::Id).all(&db.read).await
}
