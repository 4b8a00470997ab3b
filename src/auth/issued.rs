//! Tokens that `promograph token issue` made: the table `api_token`.
//!
//! The id of such a token begins with `tok_`. The token is valid only while its row exists and is not revoked: after
//! the database was created anew, all of them are refused, revoked ones included. Tokens that others mint with the
//! same key have other ids or none, are not in the table, and expire by themselves.

use entity::api_token::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use super::{Viewer, revocations::Revocations};
use crate::database::Database;

/// Stores a token before it is handed out. Times are in milliseconds.
///
/// # Errors
/// If the database fails.
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
        role: Set(viewer.role()),
        promoter_id: Set(if let Viewer::Promoter { id } = viewer { Some(id) } else { None }),
        pii: Set(viewer == Viewer::Analyst { pii: true }),
        issued_at: Set(issued_at),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    };
    let _lock = db.lock_writer().await;
    Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(())
}

/// All tokens, newest first. A token counts as revoked from the time when its promoter was deleted.
///
/// # Errors
/// If the database fails.
pub async fn list(db: &Database) -> Result<Vec<Model>, DbErr> {
    let mut tokens = Entity::find().order_by_desc(Column::IssuedAt).order_by_desc(Column::Id).all(&db.read).await?;
    let mut revoked = Revocations::new(db.clone()).revoked_at(tokens.iter().map(|token| token.id.as_str())).await?;
    for token in &mut tokens {
        token.revoked_at = revoked.remove(&token.id).or(token.revoked_at);
    }
    Ok(tokens)
}

/// Revokes a token; `false` if there is none with this id. Idempotent.
///
/// Servers notice within [`super::CACHE_TTL`].
///
/// # Errors
/// If the database fails.
pub async fn revoke(db: &Database, id: &str, now_ms: i64) -> Result<bool, DbErr> {
    let _lock = db.lock_writer().await;
    let now = Expr::val(now_ms);
    Entity::update_many()
        .col_expr(Column::RevokedAt, now)
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(&db.write)
        .await?;
    Ok(Entity::find_by_id(id).one(&db.write).await?.is_some())
}
