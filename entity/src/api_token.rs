//! A token issued by `promograph token issue`: enough to list and revoke it, never the token itself.

use sea_orm::entity::prelude::*;

/// One row of `api_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// The token's `jti`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: Option<String>,
    /// `admin`, `analyst` or `promoter`.
    pub role: String,
    pub promoter_id: Option<i64>,
    pub pii: bool,
    pub issued_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
