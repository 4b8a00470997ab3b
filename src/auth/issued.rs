//! The tokens that `promograph token issue` made: the table `api_token`.
//!
//! The id of such a token begins with `tok_`, and the token counts only while its row is there and
//! not revoked. So a token that was revoked does not come back to life when the database is set up
//! anew: then all of ours are refused. Tokens that others mint with the same key have ids of their
//! own or none, are not in the table, and end by themselves.

use std::{collections::HashSet, time::Instant};

use entity::api_token::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait as _, DbErr, EntityTrait as _, QueryOrder as _, Statement, Value, sea_query::Expr,
};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

pub use super::memory::RELIED_ON;
use super::{Viewer, memory::Memory, token::Role};
use crate::database::{Database, patiently};

const PREFIX: &str = "tok_";

/// A new id for a token.
#[must_use]
pub fn new_id() -> String {
    format!("{PREFIX}{}", uuid::Uuid::now_v7().simple())
}

/// Whether a token of this id must be in the table.
#[must_use]
pub fn is_ours(id: &str) -> bool {
    id.starts_with(PREFIX)
}

/// Which tokens are in force, with a short memory.
#[derive(Clone, Debug)]
pub struct Issued {
    db: Database,
    seen: Memory<bool>,
}

impl Issued {
    /// Reads the table of this database.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self { db, seen: Memory::new() }
    }

    /// Whether the token with this id exists and is not revoked.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn in_force(&self, id: &str) -> Result<bool, DbErr> {
        let at = Instant::now();
        if let Some(in_force) = self.seen.get(id, at) {
            return Ok(in_force);
        }
        let row = patiently(|| Entity::find_by_id(id).one(self.db.for_ourselves())).await?;
        let in_force = row.is_some_and(|row| row.revoked_at.is_none());
        self.seen.put(id.to_owned(), at, in_force);
        Ok(in_force)
    }

    /// Which of these are not in force: one statement for all of them, past the memory.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn not_in_force(&self, mut ids: Vec<String>) -> Result<Vec<String>, DbErr> {
        let (condition, list): (_, Value) = if self.db.is_sqlite() {
            ("in (select value from json_each($1))", serde_json::Value::from(ids.as_slice()).to_string().into())
        } else {
            ("= any($1)", ids.clone().into())
        };
        let sql = format!("select id from api_token where id {condition} and revoked_at is null");
        let statement = || Statement::from_sql_and_values(self.db.backend, &sql, [list.clone()]);
        let rows = patiently(|| self.db.for_ourselves().query_all_raw(statement())).await?;
        let in_force = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<HashSet<String>, _>>()?;
        ids.retain(|id| !in_force.contains(id));
        Ok(ids)
    }
}

/// Writes down a token that is about to be given out. Times are in milliseconds.
///
/// # Errors
/// When the database does not take it.
pub async fn record(
    db: &Database,
    id: &str,
    name: Option<&str>,
    viewer: Viewer,
    issued_at: i64,
    expires_at: i64,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        name: Set(name.map(str::to_owned)),
        role: Set(Role::of(viewer).as_str().to_owned()),
        promoter_id: Set(if let Viewer::Promoter { id } = viewer { Some(id) } else { None }),
        pii: Set(viewer == Viewer::Analyst { pii: true }),
        issued_at: Set(issued_at),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    };
    let _turn = db.turns.after_inbox().await;
    Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(())
}

/// All tokens, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Database) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::IssuedAt).order_by_desc(Column::Id).all(&db.read).await
}

/// Revokes a token; `false` when there is none of this id. Doing it again changes nothing.
///
/// Servers notice within [`RELIED_ON`].
///
/// # Errors
/// When the database does not take it.
pub async fn revoke(db: &Database, id: &str, now_ms: i64) -> Result<bool, DbErr> {
    let _turn = db.turns.after_inbox().await;
    let now = Expr::val(now_ms);
    Entity::update_many()
        .col_expr(Column::RevokedAt, now)
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(&db.write)
        .await?;
    Ok(Entity::find_by_id(id).one(&db.write).await?.is_some())
}
