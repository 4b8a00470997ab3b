//! A lease: the one process that may do a job.

use sea_orm::entity::prelude::*;

/// One row of `lease`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lease")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub owner: String,
    /// Grows with every change of owner; a writer with an older token is refused.
    pub fencing_token: i64,
    pub expires_at: i64,
    /// The version of the rule by which the `..._folded` columns were folded: a server with another version gets no lease.
    pub folding: i64,
}

impl ActiveModelBehavior for ActiveModel {}
