//! Which promoter a claim means.

use std::time::Instant;

use entity::promoter::{Column, Entity};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::{
    auth::memory::Memory,
    database::{Database, Purpose, patiently},
};

/// More rows than this with one folded e-mail address are as good as several.
const LOOKED_AT: u64 = 20;

/// Looks promoters up, with a short memory.
#[derive(Clone, Debug)]
pub(super) struct Promoters {
    db: Database,
    seen: Memory<Option<i64>>,
}

impl Promoters {
    pub fn new(db: Database) -> Self {
        Self { db, seen: Memory::new() }
    }

    /// The one promoter, not deleted, with this e-mail address.
    ///
    /// The index folds letters as Unicode does, where other letters than `k` fold to `k` too: whose
    /// address has such a letter is somebody else. So the address itself has to be the same up to
    /// ASCII's case.
    pub async fn by_email(&self, email: &str) -> Result<Option<i64>, DbErr> {
        let folded = Column::EmailFolded.eq(email.to_lowercase());
        self.one(format!("email {email}"), folded, |row| row.is_some_and(|stored| stored.eq_ignore_ascii_case(email)))
            .await
    }

    /// The one promoter, not deleted, with this `cust_id`.
    pub async fn by_cust_id(&self, cust_id: &str) -> Result<Option<i64>, DbErr> {
        self.one(format!("cust_id {cust_id}"), Column::CustId.eq(cust_id), |_| true).await
    }

    async fn one(
        &self,
        question: String,
        condition: sea_orm::sea_query::SimpleExpr,
        is_meant: impl Fn(Option<&str>) -> bool,
    ) -> Result<Option<i64>, DbErr> {
        // PostgreSQL's texts have none of these, so no promoter has one.
        if question.contains('\0') {
            return Ok(None);
        }
        let at = Instant::now();
        if let Some(known) = self.seen.get(&question, at) {
            return Ok(known);
        }
        let query = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Email])
            .filter(condition)
            .filter(Column::DeletedAt.is_null())
            .limit(LOOKED_AT);
        let db = self.db.for_ourselves(Purpose::Tokens);
        let rows: Vec<(i64, Option<String>)> = patiently(|| query.clone().into_tuple().all(&db)).await?;
        let mut meant = rows.iter().filter(|(_, email)| is_meant(email.as_deref())).map(|(id, _)| *id);
        let found = match (meant.next(), meant.next()) {
            (Some(id), None) if (rows.len() as u64) < LOOKED_AT => Some(id),
            _ => None,
        };
        self.seen.put(question, at, found);
        Ok(found)
    }
}
