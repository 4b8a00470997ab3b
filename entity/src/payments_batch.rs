//! A payments batch: payouts that were paid in one go.

use sea_orm::entity::prelude::*;

/// One row of `payments_batch`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub status: Option<String>,
    pub ext_reference: Option<String>,
    pub ext_id: Option<String>,
    pub scheduled_at: Option<i64>,
    pub processing_started_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub created_at: Option<i64>,
    pub total: Option<i64>,
    pub promoters_count: Option<i64>,
    pub is_payable: Option<bool>,
    pub is_retriable: Option<bool>,
    pub error: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(has_many, relation_enum = "Payouts", via_rel = "PaymentsBatch")]
    pub payouts: HasMany<super::payout::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
