//! When a promoter lost an e-mail address or `cust_id`: tokens that were issued for it until then are invalid, even if
//! another promoter has it now.

use sea_orm::entity::prelude::*;

/// One row of `address_token_cutoff`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "address_token_cutoff")]
pub struct Model {
    /// A digest; the address itself is not stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    /// Milliseconds since 1970 UTC; it only ever grows.
    pub ended_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
