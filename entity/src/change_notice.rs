//! The notice of a commit that changed mirrored rows: its version, and the rows. Only the latest are kept.

use sea_orm::entity::prelude::*;

/// One row of `change_notice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_notice")]
pub struct Model {
    /// Larger than that of every earlier commit; about its time in milliseconds since 1970 UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Time and event, then words `table:key,key,...`; `*` for too many rows to list.
    pub changed: String,
}

impl ActiveModelBehavior for ActiveModel {}
