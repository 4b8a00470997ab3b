//! A commit that changed mirrored rows: its number, and which rows. Only the latest are kept.

use sea_orm::entity::prelude::*;

/// One row of `change_notice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_notice")]
pub struct Model {
    /// Larger than that of every earlier commit, and about when it was: milliseconds since 1970 UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// When and by which event, and words `table:key,key,...`; `*` for more rows than are worth naming.
    pub changed: String,
}

impl ActiveModelBehavior for ActiveModel {}
