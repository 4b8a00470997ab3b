//! The projector's lease: one process per database holds it, in a row with a fencing token.
//!
//! The holder extends the lease with every batch, in the batch's own transaction. A process that finds it
//! lapsed takes over with a larger token, and the former holder's next batch is refused.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::database::{Database, Workload};

/// How long a lease holds after it was extended.
pub(super) const TERM_MS: i64 = 5_000;

/// A lease that was not extended for this long belongs to a dead process, whatever the clocks say.
const DEAD_HOLDER_TIMEOUT: Duration = Duration::from_secs(10);

/// Another process's lease, as it was observed. A live holder extends it; the clocks play no part in that, since a
/// process whose clock was ahead may have died with a lease that lapses next year.
#[derive(Clone, Copy, Debug)]
pub struct ObservedLease {
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
    /// How long ago the step's `now_ms` was taken: time passes while a batch is read.
    delay_ms: i64,
}

impl Lease {
    /// Takes the lease if it is free, lapsed, or this owner's already. `None` while another process holds it, and in a
    /// database whose text is folded by another rule than ours: searches would not find what we write.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(db: &Database, owner: &Arc<str>, now_ms: i64) -> Result<Option<Self>, DbErr> {
        Self::claim(db, owner, now_ms, now_ms).await
    }

    /// As [`Self::take`], but also takes a lease that `observed` shows unchanged for so long that its
    /// holder must be dead.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_or_observe(
        db: &Database,
        owner: &Arc<str>,
        now_ms: i64,
        observed: &mut Option<ObservedLease>,
    ) -> Result<Option<Self>, DbErr> {
        if let Some(lease) = Self::take(db, owner, now_ms).await? {
            *observed = None;
            return Ok(Some(lease));
        }
        let sql = "select fencing_token, expires_at, folding from lease where name = 'projector'";
        let row = db.internal(Workload::Projection).query_one_raw(Statement::from_string(db.backend, sql)).await?;
        let Some(row) = row else { return Ok(None) };
        let (token, expires_at, rule) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if rule != folding::VERSION && observed.is_none_or(|seen| seen.folding != rule) {
            let ours = folding::VERSION;
            tracing::warn!(
                "the database was migrated by another version of promograph (text is folded by rule {rule}, here by \
                 {ours}): this server answers, but applies no events and may miss rows that it searches; update it"
            );
        }
        match observed {
            Some(seen) if (seen.token, seen.expires_at, seen.folding) == (token, expires_at, rule) => {
                if seen.since.elapsed() < DEAD_HOLDER_TIMEOUT || rule != folding::VERSION {
                    return Ok(None);
                }
            }
            _ => {
                *observed = Some(ObservedLease { token, expires_at, folding: rule, since: Instant::now() });
                return Ok(None);
            }
        }
        tracing::warn!("the process that applies events has not extended its lease for long: this one takes over");
        expire(db, token, expires_at).await?;
        Self::take(db, owner, now_ms).await
    }

    /// Takes the lease from its holder: a batch at hand is committed, the next one is refused.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_over(db: &Database, owner: &Arc<str>, now_ms: i64) -> Result<Self, DbErr> {
        let taken = Self::claim(db, owner, now_ms, i64::MAX).await?;
        taken.ok_or_else(|| DbErr::RecordNotFound("the lease was not returned".to_owned()))
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
        let _lock = db.lock_writer().await;
        let row = db.write.query_one_raw(statement).await?;
        let token = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(token.map(|token| Self { owner: Arc::clone(owner), token, expires_at, delay_ms: 0 }))
    }

    /// Extends the lease if half of it has passed; `false` if another has taken over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn extend(&mut self, db: &Database, now_ms: i64) -> Result<bool, DbErr> {
        self.delay_ms = 0;
        if self.expires_at.saturating_sub(now_ms) > TERM_MS / 2 {
            return Ok(true);
        }
        let expires_at = self.extended(now_ms);
        let is_held = self.set_expiry(db, expires_at).await?;
        self.was_extended(expires_at);
        Ok(is_held)
    }

    /// Gives the lease back, so that another process need not wait for it to lapse.
    ///
    /// # Errors
    /// When the database does not answer; the lease lapses all the same.
    pub async fn release(self, db: &Database) -> Result<(), DbErr> {
        self.set_expiry(db, 0).await.map(drop)
    }

    async fn set_expiry(&self, db: &Database, expires_at: i64) -> Result<bool, DbErr> {
        let statement = Statement::from_sql_and_values(
            db.backend,
            "update lease set expires_at = $3 where name = 'projector' and owner = $1 and fencing_token = $2",
            [self.owner.to_string().into(), self.token.into(), expires_at.into()],
        );
        let _lock = db.lock_writer().await;
        Ok(db.write.execute_raw(statement).await?.rows_affected() == 1)
    }

    /// The process that holds it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Grows with every change of hands.
    #[must_use]
    pub fn token(&self) -> i64 {
        self.token
    }

    /// The step's `now_ms` is this old by now: extensions count from now, not from then.
    pub fn set_delay(&mut self, ms: i64) {
        self.delay_ms = ms;
    }

    /// When it would lapse if it were extended now.
    #[must_use]
    pub fn extended(&self, now_ms: i64) -> i64 {
        now_ms.saturating_add(self.delay_ms).saturating_add(TERM_MS).max(self.expires_at)
    }

    /// Records that it was extended.
    pub fn was_extended(&mut self, expires_at: i64) {
        self.expires_at = expires_at;
    }
}

/// Makes a lease lapse, if it is still this one.
async fn expire(db: &Database, token: i64, expires_at: i64) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(
        db.backend,
        "update lease set expires_at = 0 where name = 'projector' and fencing_token = $1 and expires_at = $2",
        [token.into(), expires_at.into()],
    );
    let _lock = db.lock_writer().await;
    db.write.execute_raw(statement).await.map(drop)
}
