//! Which webhook events updated a lead.

use sea_orm::entity::prelude::*;

/// One row of `lead_event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub lead_id: i64,
    /// The id in `webhook_event`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    #[sea_orm(belongs_to, from = "lead_id", to = "id", skip_fk)]
    pub lead: BelongsTo<super::lead::Entity>,
    #[sea_orm(belongs_to, from = "event_id", to = "id", skip_fk)]
    pub event: BelongsTo<super::webhook_event::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
