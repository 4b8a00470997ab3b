//! Which promoter somebody is whom a token names in another way than by the promoter's id.

use std::{collections::HashMap, time::Instant};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::memory::Memory;
use crate::database::{Database, Purpose, lists, patiently};

/// What the one promoter is found by who is not deleted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SoughtBy {
    /// The e-mail address, up to ASCII's case.
    Email(String),
    /// The `cust_id`: the id in the company's own application.
    CustId(String),
}

/// Looks promoters up, with a short memory. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Promoters {
    db: Database,
    seen: Memory<Option<i64>>,
}

impl SoughtBy {
    /// By an address in whatever case.
    pub(super) fn email(address: &str) -> Self {
        Self::Email(address.to_ascii_lowercase())
    }

    fn question(&self) -> String {
        match self {
            Self::Email(address) => format!("email {address}"),
            Self::CustId(id) => format!("cust_id {id}"),
        }
    }
}

impl Promoters {
    pub fn new(db: Database) -> Self {
        Self { db, seen: Memory::new() }
    }

    /// The one promoter, not deleted, who is found by this.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn find(&self, sought: &SoughtBy) -> Result<Option<i64>, DbErr> {
        let (at, question) = (Instant::now(), sought.question());
        if let Some(known) = self.seen.get(&question, at) {
            return Ok(known);
        }
        let found = self.look([sought].into_iter()).await?.get(sought).copied();
        self.seen.put(question, at, found);
        Ok(found)
    }

    /// Those who are found: one statement for all of them, past the memory.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn look(&self, sought: impl Iterator<Item = &SoughtBy>) -> Result<HashMap<SoughtBy, i64>, DbErr> {
        let (mut addresses, mut cust_ids) = (Vec::new(), Vec::new());
        for sought in sought {
            match sought {
                // PostgreSQL's texts have no such character, so no promoter has one.
                SoughtBy::Email(text) | SoughtBy::CustId(text) if text.contains('\0') => {}
                SoughtBy::Email(address) => addresses.push(address.to_lowercase()),
                SoughtBy::CustId(id) => cust_ids.push(id.clone()),
            }
        }
        if addresses.is_empty() && cust_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let backend = self.db.backend;
        let values = [addresses, cust_ids].map(|texts| lists::parameter(backend, texts));
        // Many rows may have one `cust_id`: the database counts them.
        let sql = format!(
            "select email, null, min(id), count(*) from promoter \
                 where email_folded {} and deleted_at is null group by email \
             union all select null, cust_id, min(id), count(*) from promoter \
                 where cust_id {} and deleted_at is null group by cust_id",
            lists::among(backend, 1),
            lists::among(backend, 2),
        );
        let statement = || Statement::from_sql_and_values(backend, &sql, values.clone());
        let db = self.db.for_ourselves(Purpose::Tokens);
        let rows = patiently(|| db.query_all_raw(statement())).await?;
        let mut found = HashMap::<_, (i64, i64)>::new();
        for row in rows {
            let (email, cust_id): (Option<String>, Option<String>) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let (id, count): (i64, i64) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            // The index folds letters as Unicode does, where other letters than `k` fold to `k` too: whose
            // address has such a letter is somebody else. So the address itself has to be the same.
            let by = email.map(|address| SoughtBy::email(&address)).or(cust_id.map(SoughtBy::CustId));
            if let Some(by) = by {
                let (_, all) = found.entry(by).or_insert((id, 0));
                *all += count;
            }
        }
        Ok(found.into_iter().filter(|(_, (_, count))| *count == 1).map(|(by, (id, _))| (by, id)).collect())
    }
}
