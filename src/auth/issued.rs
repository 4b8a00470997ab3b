//! The tokens that `promograph token issue` made: the table `api_token`.
//!
//! The id of such a token begins with `tok_`, and the token counts only while its row is there and
//! not revoked. So a token that was revoked does not come back to life when the database is set up
//! anew: then all of ours are refused. Tokens that others mint with the same key have ids of their
//! own or none, are not in the table, and end by themselves.

use entity::api_token::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

pub use super::memory::RELIED_ON;
use super::{Viewer, standing::Standing, token::Role};
use crate::database::Database;

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

/// All tokens, the newest first. One whose promoter was deleted is revoked since then.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Database) -> Result<Vec<Model>, DbErr> {
    let mut tokens = Entity::find().order_by_desc(Column::IssuedAt).order_by_desc(Column::Id).all(&db.read).await?;
    let mut revoked = Standing::new(db.clone()).revoked(tokens.iter().map(|token| token.id.as_str())).await?;
    for token in &mut tokens {
        token.revoked_at = revoked.remove(&token.id).or(token.revoked_at);
    }
    Ok(tokens)
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
