//! Tells the subscribers of this process what any process has changed.
//!
//! The notices lie in the table `change_notice`: each transaction that changes mirrored rows adds one,
//! with a number that is larger than all before. Only who holds the lease's row adds any, until its
//! commit, so they become visible in the order of their numbers, and whoever remembers the last one it
//! saw misses none. They are kept for half a minute. Webhook events that other processes kept are in
//! `kept_notice`, in the same manner.
//!
//! The tables are asked several times a second while somebody subscribes, and else once a second to keep
//! up. That needs nothing but statements, so it works through every connection pooler, where `LISTEN`
//! seems to work and is silent; whether there is a pooler cannot be found out reliably. `LISTEN` past
//! the pooler ([`listener`](super::listener)) only says when to look. So the notices are the same either
//! way, and a connection that breaks costs no notice: what was committed meanwhile is told afterwards.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    changes::{Changes, Notice, notes},
    listener::Listening,
};
use crate::database::{Component, Database, Workload, retry_read};

/// How often to look while somebody subscribes and nobody says when.
const POLL: Duration = Duration::from_millis(150);
/// How often to look while nobody subscribes, or the database says when.
const SELDOM: Duration = Duration::from_secs(1);

/// Reads change notices and tells them.
#[derive(Debug)]
pub struct Follower {
    db: Database,
    changes: Changes,
    listening: Listening,
    /// The last notices that were told; none before the first look.
    last: Option<Numbers>,
}

/// The largest number in each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Numbers {
    change: i64,
    kept: i64,
}

/// A notice as it was written down, with its number.
type Numbered = (i64, String);

impl Follower {
    /// From now on it tells all changes, this process's own too: so it has to [`run`](Self::run).
    #[must_use]
    pub fn new(db: Database, changes: Changes) -> Self {
        changes.follow();
        Self { listening: Listening::to(&db), db, changes, last: None }
    }

    /// Whether the database says when to look; for who listens to it.
    #[must_use]
    pub fn listening(&self) -> Listening {
        self.listening.clone()
    }

    /// Runs until `shutdown`.
    pub async fn run(mut self, shutdown: CancellationToken) {
        loop {
            let step = tokio::select! {
                () = shutdown.cancelled() => return,
                step = self.step() => step,
            };
            // What is not heard of now is told when the database answers again.
            match &step {
                Ok(()) => self.db.outages.works(Component::Follower),
                Err(error) => self.db.outages.failed(Component::Follower, error),
            }
            let often = step.is_ok() && self.changes.is_heard() && !self.listening.is_on();
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.changes.woken() => {}
                () = sleep(if often { POLL } else { SELDOM }) => {}
            }
        }
    }

    /// Tells what is new.
    async fn step(&mut self) -> Result<(), DbErr> {
        let Some(last) = self.last else { return self.start_over().await };
        if !self.changes.is_heard() {
            let newest = self.newest().await?;
            // Who subscribed meanwhile must hear what was committed since.
            if !self.changes.is_heard() {
                self.last = Some(newest);
                return Ok(());
            }
        }
        let [kept, changed] = self.since(last).await?;
        let (Some(kept), Some(changed)) = (after(last.kept, &kept), after(last.change, &changed)) else {
            // The last one is no longer there: it is too long ago, or the database is another.
            return self.start_over().await;
        };
        for (number, ids) in kept {
            self.tell(notes::read_kept(ids));
            self.last = self.last.map(|last| Numbers { kept: *number, ..last });
        }
        for (version, changed) in changed {
            self.tell(notes::read(changed));
            self.last = self.last.map(|last| Numbers { change: *version, ..last });
        }
        Ok(())
    }

    fn tell(&self, notice: Option<Notice>) {
        if let Some(notice) = notice {
            self.changes.tell(notice);
        }
    }

    /// Goes on from here: what was told before was missed.
    async fn start_over(&mut self) -> Result<(), DbErr> {
        self.last = Some(self.newest().await?);
        self.changes.tell(Notice::Lost);
        Ok(())
    }

    async fn newest(&self) -> Result<Numbers, DbErr> {
        let sql = "select (select coalesce(max(number), 0) from kept_notice), \
            (select coalesce(max(version), 0) from change_notice)";
        let rows = self.query(Statement::from_string(self.db.backend, sql)).await?;
        let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("the newest notices".to_owned()))?;
        Ok(Numbers { kept: row.try_get_by_index(0)?, change: row.try_get_by_index(1)? })
    }

    /// Of both tables the last notice, if it is still there, and those after it, in order. What this
    /// process kept itself was told when it was kept.
    async fn since(&self, last: Numbers) -> Result<[Vec<Numbered>; 2], DbErr> {
        let sql = "select 0, number, case when number = $1 or origin = $2 then '' else ids end \
                from kept_notice where number >= $1 \
            union all select 1, version, case when version = $3 then '' else changed end \
                from change_notice where version >= $3 \
            order by 1, 2";
        let values = [last.kept.into(), self.changes.origin().into(), last.change.into()];
        let mut notices = [Vec::new(), Vec::new()];
        for row in self.query(Statement::from_sql_and_values(self.db.backend, sql, values)).await? {
            let table = usize::from(row.try_get_by_index::<i32>(0)? == 1);
            notices[table].push((row.try_get_by_index(1)?, row.try_get_by_index(2)?));
        }
        Ok(notices)
    }

    async fn query(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let db = self.db.internal(Workload::Changes);
        retry_read(|| db.query_all_raw(statement.clone())).await
    }
}

/// The notices after the last one that was told; none if that is gone, and perhaps others with it.
fn after(last: i64, notices: &[Numbered]) -> Option<&[Numbered]> {
    match notices.split_first() {
        Some(((number, _), later)) if *number == last => Some(later),
        // An empty table is at 0.
        None if last == 0 => Some(&[]),
        _ => None,
    }
}
