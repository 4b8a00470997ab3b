//! Whether tokens that can be revoked count still: the tables `api_token` and `revocation`.
//!
//! And whether the promoter whom a token was taken for is still the one that it means.
//!
//! The keys of tokens never meet: the one's begin with `tok_`, the other's are JSON lists. So one statement
//! answers for any number of tokens, whoever made them.

use std::{collections::HashMap, iter, sync::Arc, time::Instant};

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::{
    memory::Memory,
    promoters::{Promoters, SoughtBy},
};
use crate::database::{Database, Purpose, lists, patiently};

/// A token that can be revoked, by its keys in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revocable {
    /// Made by `promograph token issue`, with this id: it counts while it is listed and not revoked.
    Issued(String),
    /// Of the identity provider: it counts until it is revoked.
    Provided {
        /// The key of all that was issued to its subject.
        subject: String,
        /// The key of this token alone, if it has a `jti`.
        token: Option<String>,
        /// Its `iat`, seconds since 1970 UTC.
        issued_at: Option<i64>,
        /// The id of the promoter whom it means, and what the promoter was found by: it counts while that
        /// finds the same one. None where the token itself has the id, or means nobody.
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
        let (first, second) = match self {
            Self::Issued(id) => (id, None),
            Self::Provided { subject, token, .. } => (subject, token.as_ref()),
        };
        iter::once(first).chain(second).map(String::as_str)
    }

    fn found(&self) -> Option<&(SoughtBy, i64)> {
        match self {
            Self::Issued(_) => None,
            Self::Provided { found, .. } => found.as_ref(),
        }
    }

    /// Whether it was not revoked, by the entries of its keys in their order.
    fn in_force(&self, entries: &[Entry]) -> bool {
        match (self, entries) {
            (Self::Issued(_), [entry]) => *entry == Entry::InForce,
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
            && match token.found() {
                Some((sought, id)) => self.promoters.find(sought).await? == Some(*id),
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
        if token.found().is_some() {
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
        let sought = tokens.iter().filter_map(|token| token.found()).map(|(sought, _)| sought);
        let promoters = self.promoters.look(sought).await?;
        tokens.retain(|token| {
            let entries: Vec<_> = token.keys().map(|key| entry(&found, key)).collect();
            let is_same = token.found().is_none_or(|(sought, id)| promoters.get(sought) == Some(id));
            !(is_same && token.in_force(&entries))
        });
        Ok(tokens)
    }

    async fn look(&self, keys: impl Iterator<Item = &str>) -> Result<HashMap<String, Entry>, DbErr> {
        let list = lists::parameter(self.db.backend, keys.map(str::to_owned).collect());
        let among = lists::among(self.db.backend, 1);
        let sql = format!(
            "select id, revoked_at from api_token where id {among} \
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
