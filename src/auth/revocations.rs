//! Whether tokens that can be revoked count still: the tables `api_token` and `revocation`.
//!
//! And whether the promoter whom a token was taken for is still the one that it means: a token ends when its
//! promoter is deleted, and does not come back to life when somebody has the id again.
//!
//! The keys of tokens never meet: the one's begin with `tok_`, the other's are JSON lists. So one statement
//! answers for any number of tokens, whoever made them.

use std::{collections::HashMap, sync::Arc, time::Instant};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::{
    promoters::{PromoterLookup, PromoterMatch, Promoters},
    ttl_cache::TtlCache,
};
use crate::database::{Database, Workload, array_param, in_array, retry_read};

/// A token that can be revoked, by its keys in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revocable {
    /// Made by `promograph token issue`, with this id: it counts while it is listed and not revoked, and until the
    /// promoter is deleted whom it was issued for.
    Issued(String),
    /// Made by somebody else who has our key, for a promoter: it counts until that promoter is deleted.
    Minted {
        /// The promoter, always by the id.
        promoter: PromoterLookup,
        /// The same id.
        id: i64,
        /// Its `iat`, seconds since 1970 UTC.
        issued_at: Option<i64>,
    },
    /// Of the identity provider: it counts until it is revoked.
    Provided {
        /// The key of all that was issued to its subject.
        subject: String,
        /// The key of this token alone, if it has a `jti`.
        token: Option<String>,
        /// Its `iat`, seconds since 1970 UTC.
        issued_at: Option<i64>,
        /// The id of the promoter whom it means, and what the promoter was found by: it counts while that
        /// finds the same one, and until that one is deleted. None where it means nobody.
        found: Option<(PromoterLookup, i64)>,
    },
}

/// What the database has under a key.
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

    /// What its promoter is found by, if that has to be looked up.
    fn promoter_lookup(&self) -> Option<&PromoterLookup> {
        match self {
            Self::Issued(_) => None,
            Self::Minted { promoter, .. } => Some(promoter),
            Self::Provided { found, .. } => found.as_ref().map(|(lookup, _)| lookup),
        }
    }

    /// Whether it stands for the promoter who is found now.
    fn stands_for(&self, found: PromoterMatch) -> bool {
        match self {
            Self::Minted { id, issued_at, .. } | Self::Provided { issued_at, found: Some((_, id)), .. } => {
                found.is(*id, *issued_at)
            }
            Self::Issued(_) | Self::Provided { .. } => true,
        }
    }

    /// Whether it was not revoked, by the entries of its keys in their order.
    fn in_force(&self, entries: &[RowState]) -> bool {
        match (self, entries) {
            (Self::Issued(_), [entry]) => *entry == RowState::InForce,
            (Self::Minted { .. }, _) => true,
            (Self::Provided { issued_at, .. }, [subject, token @ ..]) => {
                let spared = match *subject {
                    // Without `iat` nobody knows that it is a later one.
                    RowState::Revoked(at) => issued_at.is_some_and(|issued| issued > at.div_euclid(1000)),
                    RowState::Absent | RowState::InForce => true,
                };
                spared && token.iter().all(|entry| *entry == RowState::Absent)
            }
            (Self::Issued(_), _) | (Self::Provided { .. }, []) => false,
        }
    }
}

/// Looks tokens up, with a short-lived cache. Cheap to clone.
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

    /// Looks promoters up.
    pub fn promoters(&self) -> &Promoters {
        &self.promoters
    }

    /// Whether a token counts.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
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

    /// Whether a token counted when the database was asked last; not known if it was not, or if the token means a
    /// promoter who was looked up.
    pub fn was_valid(&self, token: &Revocable) -> Option<bool> {
        if token.promoter_lookup().is_some() {
            return None;
        }
        let entries: Option<Vec<_>> = token.keys().map(|key| self.cache.last(key)).collect();
        entries.map(|entries| token.in_force(&entries))
    }

    /// Which of these do not count: asked for all of them together, bypassing the cache.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
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

    /// Since when those of these keys are revoked that are: milliseconds since 1970.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoked_at(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, i64>, DbErr> {
        let since = |(key, entry)| if let RowState::Revoked(at) = entry { Some((key, at)) } else { None };
        Ok(self.states(keys).await?.into_iter().filter_map(since).collect())
    }

    async fn states(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, RowState>, DbErr> {
        // No key of ours holds a NUL, and PostgreSQL takes none.
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
