//! A promoter (affiliate): a person or company that refers customers.

use sea_orm::entity::prelude::*;

/// One row of `promoter`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promoter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub status: Option<String>,
    pub email: Option<String>,
    pub email_folded: String,
    pub cust_id: Option<String>,
    pub pref: Option<String>,
    pub default_ref_id: Option<String>,
    pub note: Option<String>,
    pub w8_form_url: Option<String>,
    pub w9_form_url: Option<String>,
    pub joined_at: Option<i64>,
    pub parent_promoter_id: Option<i64>,
    pub default_promotion_id: Option<i64>,
    pub earned_balance: Option<String>,
    pub current_balance: Option<String>,
    pub paid_balance: Option<String>,
    pub pending_balance: Option<String>,
    pub name: Option<String>,
    pub archived_at: Option<i64>,
    pub last_login_at: Option<i64>,
    pub custom_fields: Option<String>,
    pub is_stub: bool,
    pub field_clocks: String,
    pub value_times: Option<String>,
    pub deleted_at: Option<i64>,
    pub first_seen_at: i64,
    pub updated_at: i64,
    #[sea_orm(
        self_ref,
        relation_enum = "ParentPromoter",
        relation_reverse = "Children",
        from = "parent_promoter_id",
        to = "id"
    )]
    pub parent_promoter: BelongsTo<Option<Entity>>,
    #[sea_orm(self_ref, relation_enum = "Children", relation_reverse = "ParentPromoter")]
    pub children: HasMany<Entity>,
    #[sea_orm(belongs_to, relation_enum = "DefaultPromotion", from = "default_promotion_id", to = "id")]
    pub default_promotion: BelongsTo<Option<super::promotion::Entity>>,
    #[sea_orm(has_one)]
    pub profile: HasOne<super::profile::Entity>,
    #[sea_orm(has_many, relation_enum = "Promotions", via_rel = "Promoter")]
    pub promotions: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many, relation_enum = "Leads", via_rel = "Promoter")]
    pub leads: HasMany<super::lead::Entity>,
    #[sea_orm(has_many, relation_enum = "Commissions", via_rel = "Promoter")]
    pub commissions: HasMany<super::commission::Entity>,
    #[sea_orm(has_many, relation_enum = "Payouts", via_rel = "Promoter")]
    pub payouts: HasMany<super::payout::Entity>,
    #[sea_orm(has_many, relation_enum = "Balances", via_rel = "Promoter")]
    pub balances: HasMany<super::balance::Entity>,
    #[sea_orm(has_many, relation_enum = "PayoutMethods", via_rel = "Promoter")]
    pub payout_methods: HasMany<super::payout_method::Entity>,
    #[sea_orm(has_many, relation_enum = "ContractDocuments", via_rel = "Promoter")]
    pub contract_documents: HasMany<super::contract_document::Entity>,
    #[sea_orm(has_many, via = "promoter_event")]
    pub events: HasMany<super::webhook_event::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
