//! Webhook events that a process kept. Only the latest are here.

use sea_orm::entity::prelude::*;

/// One row of `kept_notice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_notice")]
pub struct Model {
    /// One more than the notice before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Names the process.
    pub origin: String,
    /// Our own ids of the events; `*` when there were more.
    pub ids: String,
}

impl ActiveModelBehavior for ActiveModel {}
