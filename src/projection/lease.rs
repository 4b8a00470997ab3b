//! Who projects: one process per database, named by a lease row with a fencing token.
//!
//! The owner extends its lease with every batch, in the batch's own transaction; whoever finds it
//! lapsed takes over with a larger token, and the former owner's next batch is refused.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::database::{Database, Purpose};

/// How long a process that says nothing is believed to be alive.
pub(super) const TERM_MS: i64 = 5_000;

/// How long a lease may stay as it is before its owner is believed to be dead, whatever the clocks say.
const SILENCE: Duration = Duration::from_secs(10);

/// Another's lease, as it was seen: whoever lives extends it. Clocks have no part in that: a process
/// whose clock was ahead may have died with a lease that lapses next year.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    token: i64,
    expires_at: i64,
    folding: i64,
    since: Instant,
}

/// The right to project, until it lapses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    owner: Arc<str>,
    token: i64,
    expires_at: i64,
    /// How long ago the time was that steps are given: it runs on while a batch is read.
    late_ms: i64,
}

impl Lease {
    /// Takes the lease if it is free, lapsed, or this owner's already; `None` while another holds it, and in a
    /// database whose text is folded by another rule than ours: what we wrote would not be found.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(db: &Database, owner: &Arc<str>, now_ms: i64) -> Result<Option<Self>, DbErr> {
        Self::claim(db, owner, now_ms, now_ms).await
    }

    /// As [`Self::take`], but also takes a lease that `sighting` has seen unchanged for so long that its
    /// owner must be dead.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_or_watch(
        db: &Database,
        owner: &Arc<str>,
        now_ms: i64,
        sighting: &mut Option<Sighting>,
    ) -> Result<Option<Self>, DbErr> {
        if let Some(lease) = Self::take(db, owner, now_ms).await? {
            *sighting = None;
            return Ok(Some(lease));
        }
        let sql = "select fencing_token, expires_at, folding from lease where name = 'projector'";
        let row = db.for_ourselves(Purpose::Projection).query_one_raw(Statement::from_string(db.backend, sql)).await?;
        let Some(row) = row else { return Ok(None) };
        let (token, expires_at, rule) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if rule != folding::VERSION && sighting.is_none_or(|seen| seen.folding != rule) {
            let ours = folding::VERSION;
            tracing::warn!(
                "the database was migrated by another version of promograph (text is folded by rule {rule}, here by \
                 {ours}): this server answers, but applies no events and may miss rows that it searches; update it"
            );
        }
        match sighting {
            Some(seen) if (seen.token, seen.expires_at, seen.folding) == (token, expires_at, rule) => {
                if seen.since.elapsed() < SILENCE || rule != folding::VERSION {
                    return Ok(None);
                }
            }
            _ => {
                *sighting = Some(Sighting { token, expires_at, folding: rule, since: Instant::now() });
                return Ok(None);
            }
        }
        tracing::warn!("whoever applies events has not been heard of for long: another takes over");
        let_lapse(db, token, expires_at).await?;
        Self::take(db, owner, now_ms).await
    }

    /// Takes the lease from whoever holds it: a batch at hand is let through, the next one is refused.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seize(db: &Database, owner: &Arc<str>, now_ms: i64) -> Result<Self, DbErr> {
        let seized = Self::claim(db, owner, now_ms, i64::MAX).await?;
        seized.ok_or_else(|| DbErr::RecordNotFound("the lease was not returned".to_owned()))
    }

    /// Takes the lease if it is this owner's already, or ends by `ended_ms`.
    async fn claim(db: &Database, owner: &Arc<str>, now_ms: i64, ended_ms: i64) -> Result<Option<Self>, DbErr> {
        let expires_at = now_ms.saturating_add(TERM_MS);
        let statement = Statement::from_sql_and_values(
            db.backend,
            "insert into lease (name, owner, fencing_token, expires_at, folding) values ('projector', $1, 1, $2, $4) \
                on conflict (name) do update set owner = excluded.owner, \
                fencing_token = lease.fencing_token + 1, expires_at = excluded.expires_at \
                where (lease.expires_at <= $3 or lease.owner = excluded.owner) and lease.folding = excluded.folding \
                returning fencing_token",
            [owner.to_string().into(), expires_at.into(), ended_ms.into(), folding::VERSION.into()],
        );
        let _turn = if db.is_sqlite() { Some(db.turns.after_inbox().await) } else { None };
        let row = db.write.query_one_raw(statement).await?;
        let token = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(token.map(|token| Self { owner: Arc::clone(owner), token, expires_at, late_ms: 0 }))
    }

    /// Extends the lease if half of it has passed; `false` if another has taken over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep(&mut self, db: &Database, now_ms: i64) -> Result<bool, DbErr> {
        self.late_ms = 0;
        if self.expires_at.saturating_sub(now_ms) > TERM_MS / 2 {
            return Ok(true);
        }
        let expires_at = self.extended(now_ms);
        let kept = self.set(db, expires_at).await?;
        self.was_extended(expires_at);
        Ok(kept)
    }

    /// Gives the lease back, so that another need not wait.
    ///
    /// # Errors
    /// When the database does not answer; the lease lapses all the same.
    pub async fn release(self, db: &Database) -> Result<(), DbErr> {
        self.set(db, 0).await.map(drop)
    }

    async fn set(&self, db: &Database, expires_at: i64) -> Result<bool, DbErr> {
        let statement = Statement::from_sql_and_values(
            db.backend,
            "update lease set expires_at = $3 where name = 'projector' and owner = $1 and fencing_token = $2",
            [self.owner.to_string().into(), self.token.into(), expires_at.into()],
        );
        let _turn = if db.is_sqlite() { Some(db.turns.after_inbox().await) } else { None };
        Ok(db.write.execute_raw(statement).await?.rows_affected() == 1)
    }

    /// Who holds it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Grows with every change of hands.
    #[must_use]
    pub fn token(&self) -> i64 {
        self.token
    }

    /// The step began so long ago: from now on it is extended from now, not from then.
    pub fn is_late_by(&mut self, ms: i64) {
        self.late_ms = ms;
    }

    /// Until when it would hold if it were extended now.
    #[must_use]
    pub fn extended(&self, now_ms: i64) -> i64 {
        now_ms.saturating_add(self.late_ms).saturating_add(TERM_MS).max(self.expires_at)
    }

    /// It was extended until then.
    pub fn was_extended(&mut self, expires_at: i64) {
        self.expires_at = expires_at;
    }
}

/// Lets a lease lapse, if it is still this one.
async fn let_lapse(db: &Database, token: i64, expires_at: i64) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(
        db.backend,
        "update lease set expires_at = 0 where name = 'projector' and fencing_token = $1 and expires_at = $2",
        [token.into(), expires_at.into()],
    );
    let _turn = if db.is_sqlite() { Some(db.turns.after_inbox().await) } else { None };
    db.write.execute_raw(statement).await.map(drop)
}
