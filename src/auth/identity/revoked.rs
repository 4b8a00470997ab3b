//! Tokens of an identity provider that we do not take any more, before they end by themselves: the
//! table `revocation`.

use std::time::Instant;

use entity::revocation::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::OnConflict,
};
use serde_json::json;

use super::Vouched;
use crate::{
    auth::memory::Memory,
    database::{Database, patiently},
};

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
    fn key(&self, issuer: &str) -> String {
        let (claim, value) = match self {
            Self::Token(id) => ("jti", id),
            Self::Subject(subject) => ("sub", subject),
        };
        json!([claim, issuer, value]).to_string()
    }
}

/// Looks revocations up, with a short memory.
#[derive(Clone, Debug)]
pub(super) struct Revoked {
    db: Database,
    /// By the key, when it was revoked; milliseconds.
    seen: Memory<Option<i64>>,
}

impl Revoked {
    pub fn new(db: Database) -> Self {
        Self { db, seen: Memory::new() }
    }

    pub async fn is_revoked(&self, issuer: &str, vouched: &Vouched) -> Result<bool, DbErr> {
        let subject = Revocation::Subject(vouched.subject.clone()).key(issuer);
        let token = vouched.id.clone().map(|id| Revocation::Token(id).key(issuer));
        let at = Instant::now();
        let known = |key: &str| self.seen.get(key, at);
        let (subject_at, token_at) = match (known(&subject), token.as_deref().map_or(Some(None), known)) {
            (Some(subject), Some(token)) => (subject, token),
            _ => self.look(at, &subject, token.as_deref()).await?,
        };
        // Without `iat` nobody knows that it is a later one.
        let later = |revoked_ms: i64| vouched.issued_at.is_some_and(|issued| issued > revoked_ms.div_euclid(1000));
        Ok(token_at.is_some() || subject_at.is_some_and(|at| !later(at)))
    }

    async fn look(&self, at: Instant, subject: &str, token: Option<&str>) -> Result<(Option<i64>, Option<i64>), DbErr> {
        let keys = [Some(subject), token].into_iter().flatten();
        let query = Entity::find().filter(Column::Id.is_in(keys));
        let rows = patiently(|| query.clone().all(self.db.for_ourselves())).await?;
        let found = |key: &str| {
            let revoked_at = rows.iter().find(|row| row.id == key).map(|row| row.revoked_at);
            self.seen.put(key.to_owned(), at, revoked_at);
            revoked_at
        };
        Ok((found(subject), token.and_then(found)))
    }
}

/// Revokes. A subject's tokens that are issued later count again; a token never does.
///
/// Servers notice within [`super::super::issued::RELIED_ON`].
///
/// # Errors
/// When the database does not take it.
pub async fn revoke(db: &Database, issuer: &str, what: &Revocation, now_ms: i64) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(what.key(issuer)), revoked_at: Set(now_ms) };
    let again = OnConflict::column(Column::Id).update_column(Column::RevokedAt).to_owned();
    let _turn = db.turns.after_inbox().await;
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
