//! Publishes new webhook events: to this process, and through a stored notice on `PostgreSQL` to the others.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnAcquireErr, ConnectionTrait as _, DbErr, SqlErr, Statement};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Changes, Notice, notice_codec, pg_listener::CHANNEL};
use crate::database::{Component, Database};

/// The least time between two stored notices: a burst of webhooks shares one.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
/// Ids in one stored notice. Beyond that it only says that something was missed.
const MAX_IDS: usize = 5_000;
/// Time limit for storing one: a connection that was cut silently never answers.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// Attempts to store a notice whose number another process took.
const MAX_ATTEMPTS: usize = 10;

/// Publishes the events that the inbox stored, until `shutdown`.
///
/// For other processes a notice is stored after the commit, not in it: that would make all commits of the inbox wait
/// for each other. So a process that dies may leave its last events unannounced. After a notice that could not be
/// stored, the next one says that something was missed.
pub async fn run(db: Database, mut stored: Receiver<Arc<[String]>>, changes: Changes, shutdown: CancellationToken) {
    let (mut unsent, mut missed, mut next_write) = (Vec::new(), false, Instant::now());
    loop {
        let received = tokio::select! {
            () = shutdown.cancelled() => return,
            received = stored.recv() => Some(received),
            () = sleep_until(next_write), if missed || !unsent.is_empty() => None,
        };
        match received {
            Some(Ok(ids)) => {
                changes.publish(Notice::NewEvents(Arc::clone(&ids)));
                unsent.extend_from_slice(&ids);
            }
            Some(Err(RecvError::Lagged(_))) => {
                changes.publish(Notice::Lost);
                missed = true;
            }
            Some(Err(RecvError::Closed)) => return,
            None => {
                missed |= unsent.len() > MAX_IDS;
                let notice =
                    if missed { notice_codec::ANYTHING.to_owned() } else { notice_codec::encode_new_events(&unsent) };
                unsent.clear();
                let written = tokio::select! {
                    () = shutdown.cancelled() => return,
                    written = write(&db, &changes, &notice) => written,
                };
                missed = written.is_err();
                match written {
                    Ok(()) => db.outages.works(Component::NoticeWriter),
                    Err(error) => db.outages.failed(Component::NoticeWriter, error),
                }
                next_write = Instant::now() + MIN_INTERVAL;
            }
        }
        if db.is_sqlite() {
            // No other process receives webhooks into it.
            (unsent, missed) = (Vec::new(), false);
        }
    }
}

/// Stores a notice under the next number. A transaction that takes a number waits for another's commit that took the
/// same, and then takes the next: so they become visible in order. It need not be durable, so it does not wait for the
/// disk.
async fn write(db: &Database, changes: &Changes, notice: &str) -> Result<(), DbErr> {
    const SQL: &str = "with last as (select coalesce(max(number), 0) as number from kept_notice), \
        gone as (delete from kept_notice where number <= (select number from last) - 1000), \
        noted as (insert into kept_notice (number, origin, ids) select number + 1, $1, $2 from last returning number) \
        select set_config('synchronous_commit', 'off', true), pg_notify($3, '') from noted";
    let values = [changes.origin().into(), notice.into(), CHANNEL.into()];
    let statement = Statement::from_sql_and_values(db.backend, SQL, values);
    let attempts = async {
        let mut attempt = 1;
        loop {
            match db.write.query_all_raw(statement.clone()).await {
                Err(error) if attempt < MAX_ATTEMPTS && is_taken(&error) => attempt += 1,
                written => return written.map(drop),
            }
        }
    };
    timeout(WRITE_TIMEOUT, attempts).await.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
