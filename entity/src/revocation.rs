//! A revoked token of the identity provider, or a subject of which all tokens are revoked.

use sea_orm::entity::prelude::*;

/// One row of `revocation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revocation")]
pub struct Model {
    /// A JSON list: `jti` or `sub`, the issuer, and the claim's value.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub revoked_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
