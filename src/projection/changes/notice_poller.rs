//! Publishes the stored notices of all processes to the subscribers of this one.
//!
//! Notices of changes are rows of `change_notice`: each transaction that changes mirrored rows inserts one, with a
//! number larger than all before. It locks the lease's row until its commit, so notices become visible in the order
//! of their numbers, and a reader that remembers the last number misses none. They are deleted after half a minute.
//! Webhook events that other processes stored are in `kept_notice`, in the same way.
//!
//! The tables are polled several times a second while there are subscribers, and once a second otherwise. That needs
//! plain statements only, so it works through every connection pooler, where `LISTEN` seems to work but stays silent;
//! a pooler cannot be detected reliably. `LISTEN` past the pooler ([`pg_listener`](super::pg_listener)) only says when
//! to poll. So the notices are the same either way, and a broken connection loses none of them.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Changes, Notice, notice_codec, pg_listener::ListenerStatus};
use crate::database::{Component, Database, Workload, retry_read};

/// Poll interval with subscribers and without a listener.
const POLL_INTERVAL: Duration = Duration::from_millis(150);
/// Poll interval without subscribers, or with a listener.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Reads stored notices and publishes them.
#[derive(Debug)]
pub struct NoticePoller {
    db: Database,
    changes: Changes,
    listener: ListenerStatus,
    /// The last notices that were published; `None` before the first poll.
    last: Option<LastNumbers>,
}

/// The largest number in each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LastNumbers {
    change: i64,
    new_events: i64,
}

/// A stored notice, with its number.
type NumberedNotice = (i64, String);

impl NoticePoller {
    /// From now on all changes, this process's own too, are published by it: so it has to [`run`](Self::run).
    #[must_use]
    pub fn new(db: Database, changes: Changes) -> Self {
        changes.set_polled();
        Self { listener: ListenerStatus::of(&db), db, changes, last: None }
    }

    /// The status of the listener that wakes it, which that has to set.
    #[must_use]
    pub fn listener_status(&self) -> ListenerStatus {
        self.listener.clone()
    }

    /// Runs until `shutdown`.
    pub async fn run(mut self, shutdown: CancellationToken) {
        loop {
            let polled = tokio::select! {
                () = shutdown.cancelled() => return,
                polled = self.poll() => polled,
            };
            // What is missed now is published when the database answers again.
            match &polled {
                Ok(()) => self.db.outages.works(Component::NoticePoller),
                Err(error) => self.db.outages.failed(Component::NoticePoller, error),
            }
            let is_busy = polled.is_ok() && self.changes.has_subscribers() && !self.listener.is_on();
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.changes.woken() => {}
                () = sleep(if is_busy { POLL_INTERVAL } else { IDLE_POLL_INTERVAL }) => {}
            }
        }
    }

    /// Publishes what is new.
    async fn poll(&mut self) -> Result<(), DbErr> {
        let Some(last) = self.last else { return self.start_over().await };
        if !self.changes.has_subscribers() {
            let newest = self.newest().await?;
            // A subscriber that came meanwhile must get what was committed since.
            if !self.changes.has_subscribers() {
                self.last = Some(newest);
                return Ok(());
            }
        }
        let [new_events, changed] = self.since(last).await?;
        let (Some(new_events), Some(changed)) = (after(last.new_events, &new_events), after(last.change, &changed))
        else {
            // The last one is gone: it is too old, or the database is another.
            return self.start_over().await;
        };
        for (number, ids) in new_events {
            self.publish(notice_codec::decode_new_events(ids));
            self.last = self.last.map(|last| LastNumbers { new_events: *number, ..last });
        }
        for (version, changed) in changed {
            self.publish(notice_codec::decode(changed));
            self.last = self.last.map(|last| LastNumbers { change: *version, ..last });
        }
        Ok(())
    }

    fn publish(&self, notice: Option<Notice>) {
        if let Some(notice) = notice {
            self.changes.publish(notice);
        }
    }

    /// Continues from the newest notices: those before are lost.
    async fn start_over(&mut self) -> Result<(), DbErr> {
        self.last = Some(self.newest().await?);
        self.changes.publish(Notice::Lost);
        Ok(())
    }

    async fn newest(&self) -> Result<LastNumbers, DbErr> {
        let sql = "select (select coalesce(max(number), 0) from kept_notice), \
            (select coalesce(max(version), 0) from change_notice)";
        let rows = self.query(Statement::from_string(self.db.backend, sql)).await?;
        let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("the newest notices".to_owned()))?;
        Ok(LastNumbers { new_events: row.try_get_by_index(0)?, change: row.try_get_by_index(1)? })
    }

    /// Of both tables the last notice, if it is still there, and those after it, in order. Events that this process
    /// stored itself were published then.
    async fn since(&self, last: LastNumbers) -> Result<[Vec<NumberedNotice>; 2], DbErr> {
        let sql = "select 0, number, case when number = $1 or origin = $2 then '' else ids end \
                from kept_notice where number >= $1 \
            union all select 1, version, case when version = $3 then '' else changed end \
                from change_notice where version >= $3 \
            order by 1, 2";
        let values = [last.new_events.into(), self.changes.origin().into(), last.change.into()];
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

/// The notices after the last one that was published; `None` if that is gone, and perhaps others with it.
fn after(last: i64, notices: &[NumberedNotice]) -> Option<&[NumberedNotice]> {
    match notices.split_first() {
        Some(((number, _), later)) if *number == last => Some(later),
        // The number in an empty table is 0.
        None if last == 0 => Some(&[]),
        _ => None,
    }
}
