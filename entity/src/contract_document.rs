//! A contract document: what a promoter signed or is to sign.

use sea_orm::entity::prelude::*;

/// One row of `contract_document`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contract_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub promoter_id: Option<i64>,
    pub status: Option<String>,
    pub contract_id: Option<i64>,
    pub contract_name: Option<String>,
    pub contract_version: Option<String>,
    pub signed_at: Option<i64>,
    pub created_at: Option<i64>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
