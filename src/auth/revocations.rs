//! Whether tokens are still valid: the tables `api_token` and `revocation`.
//!
//! A token also ends when its promoter is deleted, and stays invalid when the promoter's id is used again.
//!
//! The keys of the two tables never collide: those of `api_token` begin with `tok_`, those of `revocation` are JSON lists.
//! So one statement looks up any number of tokens of both kinds.

use std::{collections::HashMap, sync::Arc, time::Instant};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::{
    promoters::{PromoterLookup, PromoterMatch, Promoters},
    ttl_cache::TtlCache,
};
use crate::database::{Database, Workload, array_param, in_array, retry_read};

/// A token that can be revoked, with its keys in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revocable {
    /// Made by `promograph token issue`, with this id. Valid while its row exists and is not revoked, and until its
    /// promoter is deleted.
    Issued(String),
    /// Minted by another program with our key, for a promoter. Valid until the promoter is deleted.
    Minted {
        /// The promoter, by id.
        promoter: PromoterLookup,
        /// The same id.
        id: i64,
        /// Its `iat`, seconds since 1970 UTC.
        issued_at: Option<i64>,
    },
    /// Of the identity provider. Valid until it is revoked.
    Provided {
        /// The key of all tokens of its subject.
        subject: String,
        /// The key of this token, if it has a `jti`.
        token: Option<String>,
        /// Its `iat`, seconds since 1970 UTC.
        issued_at: Option<i64>,
        /// The lookup of its promoter, and the id that it found. Valid while it finds the same promoter, and until that
        /// promoter is deleted. None for other roles.
        found: Option<(PromoterLookup, i64)>,
    },
}

/// The state of a key in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowState {
    Absent,
    InForce,
    /// Since this time, in milliseconds.
    Revoked(i64),
}

impl Revocable {
    fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = match self {
            Self::Issued(id) => [Some(id), None],
            Self::Minted { .. } => [None, None],
            Self::Provided { subject, token, .. } => [Some(subject), token.as_ref()],
        };
        keys.into_iter().flatten().map(String::as_str)
    }

    /// The lookup of its promoter, if there is one.
    fn promoter_lookup(&self) -> Option<&PromoterLookup> {
        match self {
            Self::Issued(_) => None,
            Self::Minted { promoter, .. } => Some(promoter),
            Self::Provided { found, .. } => found.as_ref().map(|(lookup, _)| lookup),
        }
    }

    /// Whether it belongs to the promoter that the lookup finds now.
    fn stands_for(&self, found: PromoterMatch) -> bool {
        match self {
            Self::Minted { id, issued_at, .. } | Self::Provided { issued_at, found: Some((_, id)), .. } => {
                found.is(*id, *issued_at)
            }
            Self::Issued(_) | Self::Provided { .. } => true,
        }
    }

    /// Whether it is not revoked, by the states of its keys in their order.
    fn in_force(&self, entries: &[RowState]) -> bool {
        match (self, entries) {
            (Self::Issued(_), [entry]) => *entry == RowState::InForce,
            (Self::Minted { .. }, _) => true,
            (Self::Provided { issued_at, .. }, [subject, token @ ..]) => {
                let spared = match *subject {
                    // Without `iat` it may be an older one.
                    RowState::Revoked(at) => issued_at.is_some_and(|issued| issued > at.div_euclid(1000)),
                    RowState::Absent | RowState::InForce => true,
                };
                spared && token.iter().all(|entry| *entry == RowState::Absent)
            }
            (Self::Issued(_), _) | (Self::Provided { .. }, []) => false,
        }
    }
}

/// Looks up revocations, with a short-lived cache. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Revocations {
    db: Database,
    cache: TtlCache<RowState>,
    promoters: Promoters,
}

impl Revocations {
    pub fn new(db: Database) -> Self {
        Self { db: db.clone(), cache: TtlCache::new(), promoters: Promoters::new(db) }
    }

    /// The lookup of promoters.
    pub fn promoters(&self) -> &Promoters {
        &self.promoters
    }

    /// Whether a token is valid.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn is_valid(&self, token: &Revocable) -> Result<bool, DbErr> {
        Ok(self.in_force(token).await?
            && match token.promoter_lookup() {
                Some(lookup) => token.stands_for(self.promoters.find(lookup).await?),
                None => true,
            })
    }

    async fn in_force(&self, token: &Revocable) -> Result<bool, DbErr> {
        let at = Instant::now();
        let known: Option<Vec<_>> = token.keys().map(|key| self.cache.get(key, at)).collect();
        if let Some(known) = known {
            return Ok(token.in_force(&known));
        }
        let found = self.states(token.keys()).await?;
        let entries: Vec<_> = token.keys().map(|key| entry(&found, key)).collect();
        for (key, entry) in token.keys().zip(&entries) {
            self.cache.put(key.to_owned(), at, *entry);
        }
        Ok(token.in_force(&entries))
    }

    /// Whether a token was valid by the last lookup; unknown if there was none, or if the token belongs to a promoter who
    /// was looked up.
    pub fn was_valid(&self, token: &Revocable) -> Option<bool> {
        if token.promoter_lookup().is_some() {
            return None;
        }
        let entries: Option<Vec<_>> = token.keys().map(|key| self.cache.last(key)).collect();
        entries.map(|entries| token.in_force(&entries))
    }

    /// The tokens that are not valid: one lookup for all of them, bypassing the cache.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn find_invalid(&self, mut tokens: Vec<Arc<Revocable>>) -> Result<Vec<Arc<Revocable>>, DbErr> {
        let found = self.states(tokens.iter().flat_map(|token| token.keys())).await?;
        let promoters = self.promoters.find_all(tokens.iter().filter_map(|token| token.promoter_lookup())).await?;
        tokens.retain(|token| {
            let entries: Vec<_> = token.keys().map(|key| entry(&found, key)).collect();
            let found = token.promoter_lookup().map(|lookup| promoters.get(lookup).copied().unwrap_or_default());
            !(found.is_none_or(|found| token.stands_for(found)) && token.in_force(&entries))
        });
        Ok(tokens)
    }

    /// When keys were revoked, in milliseconds since 1970; without those that were not.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revoked_at(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, i64>, DbErr> {
        let since = |(key, entry)| if let RowState::Revoked(at) = entry { Some((key, at)) } else { None };
        Ok(self.states(keys).await?.into_iter().filter_map(since).collect())
    }

    async fn states(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, RowState>, DbErr> {
        // No key contains NUL, and PostgreSQL refuses it.
        let keys = keys.filter(|key| !key.contains('\0')).map(str::to_owned);
        let list = array_param(self.db.backend, keys.collect());
        let among = in_array(self.db.backend, 1);
        let sql = format!(
            "select t.id, case when p.deleted_at is not null or c.ended_at >= t.issued_at \
                 then coalesce(t.revoked_at, c.ended_at, p.deleted_at) else t.revoked_at end \
                 from api_token t left join promoter p on p.id = t.promoter_id \
                 left join promoter_token_cutoff c on c.promoter_id = t.promoter_id where t.id {among} \
             union all select id, revoked_at from revocation where id {among}"
        );
        let statement = || Statement::from_sql_and_values(self.db.backend, &sql, [list.clone()]);
        let db = self.db.internal(Workload::Tokens);
        let rows = retry_read(|| db.query_all_raw(statement())).await?;
        let found = rows.iter().map(|row| {
            let revoked_at: Option<i64> = row.try_get_by_index(1)?;
            Ok((row.try_get_by_index(0)?, revoked_at.map_or(RowState::InForce, RowState::Revoked)))
        });
        found.collect()
    }
}

fn entry(found: &HashMap<String, RowState>, key: &str) -> RowState {
    found.get(key).copied().unwrap_or(RowState::Absent)
}
