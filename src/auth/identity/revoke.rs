//! Revoked tokens of an identity provider: the table `revocation`.

use entity::revocation::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait as _, QueryOrder as _, sea_query::OnConflict};
use serde_json::json;

use crate::database::Database;

/// The revoked tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The token with this `jti`.
    Token(String),
    /// All tokens with this `sub` that were issued up to the revocation.
    Subject(String),
}

impl Revocation {
    /// The key in the table. It contains the issuer, because another issuer may use the same ids.
    pub(super) fn key(&self, issuer: &str) -> String {
        let (claim, value) = match self {
            Self::Token(id) => ("jti", id),
            Self::Subject(subject) => ("sub", subject),
        };
        json!([claim, issuer, value]).to_string()
    }
}

/// Revokes tokens. Tokens of a subject that are issued later are valid again; a single token never is.
///
/// Servers notice within [`crate::auth::CACHE_TTL`].
///
/// # Errors
/// If the database fails.
pub async fn revoke(db: &Database, issuer: &str, what: &Revocation, now_ms: i64) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(what.key(issuer)), revoked_at: Set(now_ms) };
    let again = OnConflict::column(Column::Id).update_column(Column::RevokedAt).to_owned();
    let _lock = db.lock_writer().await;
    Entity::insert(row).on_conflict(again).exec_without_returning(&db.write).await?;
    Ok(())
}

/// All revocations, newest first.
///
/// # Errors
/// If the database fails.
pub async fn revocations(db: &Database) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::RevokedAt).order_by_desc(Column::Id).all(&db.read).await
}
