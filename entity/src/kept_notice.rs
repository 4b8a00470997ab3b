//! The notice of webhook events that a process stored. Only the latest are kept.

use sea_orm::entity::prelude::*;

/// One row of `kept_notice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_notice")]
pub struct Model {
    /// One more than that of the previous notice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// The process.
    pub origin: String,
    /// The ids of the events; `*` for too many to list.
    pub ids: String,
}

impl ActiveModelBehavior for ActiveModel {}
