//! When a promoter was deleted: tokens that were issued until then are invalid, even if the id is used again.

use sea_orm::entity::prelude::*;

/// One row of `promoter_token_cutoff`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promoter_token_cutoff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub promoter_id: i64,
    /// Milliseconds since 1970 UTC; it only ever grows.
    pub ended_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
