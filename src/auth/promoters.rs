//! Looks up the promoter of a token, and up to when the tokens of a promoter ended.

use std::{collections::HashMap, time::Instant};

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};

use super::ttl_cache::TtlCache;
use crate::{
    address_digest,
    database::{Database, Workload, array_param, in_array, retry_read},
};

/// How a promoter is identified by a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PromoterLookup {
    /// By FirstPromoter's promoter id. Also matches a promoter whom no webhook has mentioned so far.
    Id(i64),
    /// By e-mail address, ignoring the case of ASCII letters.
    Email(String),
    /// By `cust_id`: the id in the company's own application.
    CustId(String),
}

/// The result of a lookup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PromoterMatch {
    /// The only promoter that matches and is not deleted; none if there are none or several.
    pub id: Option<i64>,
    /// When a promoter that matches, or matched, was last deleted or got another address: milliseconds since 1970 UTC.
    pub ended_at: Option<i64>,
}

impl PromoterMatch {
    /// Whether a token with this `iat` (in seconds) still belongs to this promoter.
    pub fn is(&self, id: i64, issued_at: Option<i64>) -> bool {
        // Without `iat` it may be an older one.
        let is_later = |ended: i64| issued_at.is_some_and(|issued| issued > ended.div_euclid(1000));
        self.id == Some(id) && self.ended_at.is_none_or(is_later)
    }
}

/// Looks up promoters, with a short-lived cache. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Promoters {
    db: Database,
    cache: TtlCache<PromoterMatch>,
}

impl PromoterLookup {
    /// By an e-mail address.
    pub(super) fn email(address: &str) -> Self {
        Self::Email(address.to_ascii_lowercase())
    }

    /// The key of `address_token_cutoff`.
    fn digest(&self) -> Option<String> {
        match self {
            Self::Id(_) => None,
            Self::Email(address) => Some(address_digest::email(address)),
            Self::CustId(id) => Some(address_digest::cust_id(id)),
        }
    }

    fn cache_key(&self) -> String {
        match self {
            Self::Id(id) => format!("id {id}"),
            Self::Email(address) => format!("email {address}"),
            Self::CustId(id) => format!("cust_id {id}"),
        }
    }
}

impl Promoters {
    pub fn new(db: Database) -> Self {
        Self { db, cache: TtlCache::new() }
    }

    /// Looks up one promoter.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn find(&self, lookup: &PromoterLookup) -> Result<PromoterMatch, DbErr> {
        let (at, key) = (Instant::now(), lookup.cache_key());
        if let Some(known) = self.cache.get(&key, at) {
            return Ok(known);
        }
        let found = self.find_all([lookup].into_iter()).await?.get(lookup).copied().unwrap_or_default();
        self.cache.put(key, at, found);
        Ok(found)
    }

    /// Looks up several promoters with one statement, bypassing the cache.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn find_all(
        &self,
        lookup: impl Iterator<Item = &PromoterLookup>,
    ) -> Result<HashMap<PromoterLookup, PromoterMatch>, DbErr> {
        let (mut ids, mut addresses, mut cust_ids) = (Vec::new(), Vec::new(), Vec::new());
        let mut digests = HashMap::new();
        for lookup in lookup {
            digests.extend(lookup.digest().map(|digest| (digest, lookup)));
            match lookup {
                PromoterLookup::Id(id) => ids.push(id.to_string()),
                // PostgreSQL's text cannot contain NUL, so no promoter matches.
                PromoterLookup::Email(text) | PromoterLookup::CustId(text) if text.contains('\0') => {}
                PromoterLookup::Email(address) => addresses.push(folding::fold(address)),
                PromoterLookup::CustId(id) => cust_ids.push(id.clone()),
            }
        }
        if ids.is_empty() && addresses.is_empty() && cust_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut found: HashMap<_, PromoterCount> = ids
            .iter()
            .filter_map(|id| id.parse().ok())
            // The id may be unknown so far.
            .map(|id| (PromoterLookup::Id(id), PromoterCount { id: Some(id), count: 1, ended_at: None }))
            .collect();
        let backend = self.db.backend;
        let values =
            [ids, addresses, cust_ids, digests.keys().cloned().collect()].map(|texts| array_param(backend, texts));
        let statement = || Statement::from_sql_and_values(backend, query(backend), values.clone());
        let db = self.db.internal(Workload::Tokens);
        let rows = retry_read(|| db.query_all_raw(statement())).await?;
        for row in rows {
            let digest: Option<String> = row.try_get_by_index(6)?;
            let by: (Option<i64>, Option<String>, Option<String>) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            // The index uses Unicode case folding, which maps other letters to `k` too. An address with such a letter belongs
            // to somebody else, so the address itself is compared.
            let by = match by {
                (Some(id), ..) => PromoterLookup::Id(id),
                (_, Some(address), _) => PromoterLookup::email(&address),
                (_, _, Some(cust_id)) => PromoterLookup::CustId(cust_id),
                _ => match digest.and_then(|digest| digests.get(&digest)) {
                    Some(lookup) => (*lookup).clone(),
                    None => continue,
                },
            };
            let all = found.entry(by).or_default();
            all.id = all.id.or(row.try_get_by_index(3)?);
            all.count += row.try_get_by_index::<i64>(4)?;
            all.ended_at = all.ended_at.max(row.try_get_by_index(5)?);
        }
        let one = |PromoterCount { id, count, ended_at }| PromoterMatch { id: id.filter(|_| count == 1), ended_at };
        Ok(found.into_iter().map(|(by, count)| (by, one(count))).collect())
    }
}

/// The number of matching promoters, one of them, and when one was last deleted.
#[derive(Default)]
struct PromoterCount {
    id: Option<i64>,
    count: i64,
    ended_at: Option<i64>,
}

/// Rows of id, address or `cust_id`, then a [`PromoterCount`] to be added up, then the digest of an address that is not
/// stored any more.
fn query(backend: DbBackend) -> String {
    let ids = match backend {
        DbBackend::Sqlite => "in (select cast(value as integer) from json_each($1))",
        _ => "= any($1::text[]::bigint[])",
    };
    // Many rows may have the same `cust_id`, so the database counts them.
    let counted = "min(p.id) filter (where p.deleted_at is null), count(*) filter (where p.deleted_at is null), \
        max(c.ended_at), null from promoter p left join promoter_token_cutoff c on c.promoter_id = p.id";
    format!(
        "select cast(null as bigint), p.email, null, {counted} where p.email_folded {} group by p.email \
         union all select null, null, p.cust_id, {counted} where p.cust_id {} group by p.cust_id \
         union all select id, null, null, null, -1, null, null from promoter where id {ids} and deleted_at is not null \
         union all select promoter_id, null, null, null, 0, ended_at, null from promoter_token_cutoff where promoter_id {ids} \
         union all select null, null, null, null, 0, ended_at, address from address_token_cutoff where address {}",
        in_array(backend, 2),
        in_array(backend, 3),
        in_array(backend, 4),
    )
}
