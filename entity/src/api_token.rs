//! A token issued by `promograph token issue`: enough to list and revoke it, never the token itself.

use sea_orm::entity::prelude::*;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// Reads and does everything.
    #[sea_orm(string_value = "admin")]
    Admin,
    /// Reads every row; contact data only with `pii`.
    #[sea_orm(string_value = "analyst")]
    Analyst,
    /// Reads one promoter's own rows.
    #[sea_orm(string_value = "promoter")]
    Promoter,
}

/// One row of `api_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// The token's `jti`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: Option<String>,
    pub role: Role,
    pub promoter_id: Option<i64>,
    pub pii: bool,
    pub issued_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
