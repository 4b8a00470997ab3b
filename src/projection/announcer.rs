//! Tells of webhook events that were kept: this process, and on `PostgreSQL` the others.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnAcquireErr, ConnectionTrait as _, DbErr, SqlErr, Statement};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    changes::{Changes, Notice, notes},
    listener::CHANNEL,
};
use crate::database::{Component, Database};

/// The least time between two notices for other processes: a burst of webhooks shares one.
const PAUSE: Duration = Duration::from_millis(100);
/// Ids in one notice for other processes; beyond that they are told that they missed something.
const MOST: usize = 5_000;
/// How long writing one may take: a connection that was cut without a word never answers.
const LIMIT: Duration = Duration::from_secs(5);
/// How often a notice is written whose number another process took.
const TRIES: usize = 10;

/// Tells what the inbox kept until `shutdown`.
///
/// For other processes it is written down after the commit, not with it: that would have all commits
/// of the inbox wait for each other. So a process that dies may leave untold what it kept at last. What
/// it could not write in time is made up for by telling that something was missed.
pub async fn run(db: Database, mut kept: Receiver<Arc<[String]>>, changes: Changes, shutdown: CancellationToken) {
    let (mut unsent, mut missed, mut next) = (Vec::new(), false, Instant::now());
    loop {
        let told = tokio::select! {
            () = shutdown.cancelled() => return,
            told = kept.recv() => Some(told),
            () = sleep_until(next), if missed || !unsent.is_empty() => None,
        };
        match told {
            Some(Ok(ids)) => {
                changes.tell(Notice::Kept(Arc::clone(&ids)));
                unsent.extend_from_slice(&ids);
            }
            Some(Err(RecvError::Lagged(_))) => {
                changes.tell(Notice::Lost);
                missed = true;
            }
            Some(Err(RecvError::Closed)) => return,
            None => {
                missed |= unsent.len() > MOST;
                let notice = if missed { notes::ANYTHING.to_owned() } else { notes::write_kept(&unsent) };
                unsent.clear();
                let sent = tokio::select! {
                    () = shutdown.cancelled() => return,
                    sent = send(&db, &changes, &notice) => sent,
                };
                missed = sent.is_err();
                match sent {
                    Ok(()) => db.outages.works(Component::Announcer),
                    Err(error) => db.outages.failed(Component::Announcer, error),
                }
                next = Instant::now() + PAUSE;
            }
        }
        if db.is_sqlite() {
            // No other process receives any.
            (unsent, missed) = (Vec::new(), false);
        }
    }
}

/// Writes it down under the next number. Who takes a number waits for the commit of whoever took the
/// same, and then takes another: so they appear in their order. It need not be durable, so it does not
/// wait for the disk.
async fn send(db: &Database, changes: &Changes, notice: &str) -> Result<(), DbErr> {
    const SQL: &str = "with last as (select coalesce(max(number), 0) as number from kept_notice), \
        gone as (delete from kept_notice where number <= (select number from last) - 1000), \
        noted as (insert into kept_notice (number, origin, ids) select number + 1, $1, $2 from last returning number) \
        select set_config('synchronous_commit', 'off', true), pg_notify($3, '') from noted";
    let values = [changes.origin().into(), notice.into(), CHANNEL.into()];
    let statement = Statement::from_sql_and_values(db.backend, SQL, values);
    let attempts = async {
        let mut tried = 1;
        loop {
            match db.write.query_all_raw(statement.clone()).await {
                Err(error) if tried < TRIES && is_taken(&error) => tried += 1,
                sent => return sent.map(drop),
            }
        }
    };
    timeout(LIMIT, attempts).await.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
