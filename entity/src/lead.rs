//! A lead: a referred person, as lead and as customer.

use sea_orm::entity::prelude::*;

/// One row of `lead`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub promoter_id: Option<i64>,
    pub promotion_id: Option<i64>,
    pub state: Option<String>,
    pub email: Option<String>,
    pub email_folded: String,
    pub uid: Option<String>,
    pub username: Option<String>,
    pub website: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub customer_since: Option<i64>,
    pub cancelled_at: Option<i64>,
    pub plan_name: Option<String>,
    pub suspicion: Option<String>,
    pub created_at: Option<i64>,
    pub split_promotion_id: Option<i64>,
    pub split_percentage_value: Option<i64>,
    pub custom_fields: Option<String>,
    pub visitor_sub_id: Option<String>,
    pub entry_source: Option<String>,
    pub comment: Option<String>,
    pub metadata: Option<String>,
    pub is_expired: Option<bool>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<Option<super::promoter::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Promotion", from = "promotion_id", to = "id")]
    pub promotion: BelongsTo<Option<super::promotion::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "SplitPromotion", from = "split_promotion_id", to = "id")]
    pub split_promotion: BelongsTo<Option<super::promotion::Entity>>,
    #[sea_orm(has_many, relation_enum = "Commissions", via_rel = "Lead")]
    pub commissions: HasMany<super::commission::Entity>,
    #[sea_orm(has_many, via = "lead_event")]
    pub events: HasMany<super::webhook_event::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
