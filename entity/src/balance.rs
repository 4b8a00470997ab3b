//! One unit of one of a promoter's balances, derived from the balance columns of `promoter`.

use sea_orm::entity::prelude::*;

/// One row of `balance`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "balance")]
pub struct Model {
    /// `promoter:kind:unit`, so that the same balance has the same id everywhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub promoter_id: i64,
    /// `earned`, `current`, `paid` or `pending`.
    pub kind: String,
    pub unit: String,
    /// Minor units for money, plain counts otherwise.
    pub amount: i64,
    #[sea_orm(belongs_to, relation_enum = "Promoter", from = "promoter_id", to = "id")]
    pub promoter: BelongsTo<super::promoter::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
