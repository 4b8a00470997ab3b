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
    memory::Memory,
    promoters::{Found, Promoters, SoughtBy},
};
use crate::database::{Database, Purpose, lists, patiently};

/// A token that can be revoked, by its keys in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revocable {
    /// Made by `promograph token issue`, with this id: it counts while it is listed and not revoked, and until the
    /// promoter is deleted whom it was issued for.
    Issued(String),
    /// Made by somebody else who has our key, for a promoter: it counts until that promoter is deleted.
    Minted {
        /// The promoter, always by the id.
        promoter: SoughtBy,
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
        found: Option<(SoughtBy, i64)>,
    },
}

/// What the database has under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
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
    fn sought(&self) -> Option<&SoughtBy> {
        match self {
            Self::Issued(_) => None,
            Self::Minted { promoter, .. } => Some(promoter),
            Self::Provided { found, .. } => found.as_ref().map(|(sought, _)| sought),
        }
    }

    /// Whether it stands for the promoter who is found now.
    fn stands_for(&self, found: Found) -> bool {
        match self {
            Self::Minted { id, issued_at, .. } | Self::Provided { issued_at, found: Some((_, id)), .. } => {
                found.is(*id, *issued_at)
            }
            Self::Issued(_) | Self::Provided { .. } => true,
        }
    }

    /// Whether it was not revoked, by the entries of its keys in their order.
    fn in_force(&self, entries: &[Entry]) -> bool {
        match (self, entries) {
            (Self::Issued(_), [entry]) => *entry == Entry::InForce,
            (Self::Minted { .. }, _) => true,
            (Self::Provided { issued_at, .. }, [subject, token @ ..]) => {
                let spared = match *subject {
                    // Without `iat` nobody knows that it is a later one.
                    Entry::Revoked(at) => issued_at.is_some_and(|issued| issued > at.div_euclid(1000)),
                    Entry::Absent | Entry::InForce => true,
                };
                spared && token.iter().all(|entry| *entry == Entry::Absent)
            }
            (Self::Issued(_), _) | (Self::Provided { .. }, []) => false,
        }
    }
}

/// Looks tokens up, with a short memory. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    db: Database,
    seen: Memory<Entry>,
    promoters: Promoters,
}

impl Standing {
    pub fn new(db: Database) -> Self {
        Self { db: db.clone(), seen: Memory::new(), promoters: Promoters::new(db) }
    }

    /// Looks promoters up.
    pub fn promoters(&self) -> &Promoters {
        &self.promoters
    }

    /// Whether a token counts.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn counts(&self, token: &Revocable) -> Result<bool, DbErr> {
        Ok(self.in_force(token).await?
            && match token.sought() {
                Some(sought) => token.stands_for(self.promoters.find(sought).await?),
                None => true,
            })
    }

    async fn in_force(&self, token: &Revocable) -> Result<bool, DbErr> {
        let at = Instant::now();
        let known: Option<Vec<_>> = token.keys().map(|key| self.seen.get(key, at)).collect();
        if let Some(known) = known {
            return Ok(token.in_force(&known));
        }
        let found = self.look(token.keys()).await?;
        let entries: Vec<_> = token.keys().map(|key| entry(&found, key)).collect();
        for (key, entry) in token.keys().zip(&entries) {
            self.seen.put(key.to_owned(), at, *entry);
        }
        Ok(token.in_force(&entries))
    }

    /// Whether a token counted when the database was asked last; not known if it was not, or if the token means a
    /// promoter who was looked up.
    pub fn counted_last(&self, token: &Revocable) -> Option<bool> {
        if token.sought().is_some() {
            return None;
        }
        let entries: Option<Vec<_>> = token.keys().map(|key| self.seen.last(key)).collect();
        entries.map(|entries| token.in_force(&entries))
    }

    /// Which of these do not count: asked for all of them together, past the memory.
    ///
    /// # Errors
    /// When the database does not answer: then it is not known.
    pub async fn not_counting(&self, mut tokens: Vec<Arc<Revocable>>) -> Result<Vec<Arc<Revocable>>, DbErr> {
        let found = self.look(tokens.iter().flat_map(|token| token.keys())).await?;
        let promoters = self.promoters.look(tokens.iter().filter_map(|token| token.sought())).await?;
        tokens.retain(|token| {
            let entries: Vec<_> = token.keys().map(|key| entry(&found, key)).collect();
            let found = token.sought().map(|sought| promoters.get(sought).copied().unwrap_or_default());
            !(found.is_none_or(|found| token.stands_for(found)) && token.in_force(&entries))
        });
        Ok(tokens)
    }

    /// Since when those of these keys are revoked that are: milliseconds since 1970.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoked(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, i64>, DbErr> {
        let since = |(key, entry)| if let Entry::Revoked(at) = entry { Some((key, at)) } else { None };
        Ok(self.look(keys).await?.into_iter().filter_map(since).collect())
    }

    async fn look(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, Entry>, DbErr> {
        // No key of ours holds a NUL, and PostgreSQL takes none.
        let keys = keys.filter(|key| !key.contains('\0')).map(str::to_owned);
        let list = lists::parameter(self.db.backend, keys.collect());
        let among = lists::among(self.db.backend, 1);
        let sql = format!(
            "select t.id, case when p.deleted_at is not null or c.ended_at >= t.issued_at \
                 then coalesce(t.revoked_at, c.ended_at, p.deleted_at) else t.revoked_at end \
                 from api_token t left join promoter p on p.id = t.promoter_id \
                 left join promoter_token_cutoff c on c.promoter_id = t.promoter_id where t.id {among} \
             union all select id, revoked_at from revocation where id {among}"
        );
        let statement = || Statement::from_sql_and_values(self.db.backend, &sql, [list.clone()]);
        let db = self.db.for_ourselves(Purpose::Tokens);
        let rows = patiently(|| db.query_all_raw(statement())).await?;
        let found = rows.iter().map(|row| {
            let revoked_at: Option<i64> = row.try_get_by_index(1)?;
            Ok((row.try_get_by_index(0)?, revoked_at.map_or(Entry::InForce, Entry::Revoked)))
        });
        found.collect()
    }
}

fn entry(found: &HashMap<String, Entry>, key: &str) -> Entry {
    found.get(key).copied().unwrap_or(Entry::Absent)
}
