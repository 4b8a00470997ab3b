//! Tells of webhook events that were kept: this process, and on `PostgreSQL` the others.

use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DbErr, Statement};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::changes::{CHANNEL, Changes, Notice};
use crate::database::Database;

/// Tells what the inbox kept until `shutdown`.
///
/// Other processes hear it by a `NOTIFY` after the commit, not with it: that would have all commits
/// of the inbox wait for each other. What it could not tell in time is made up for by telling that
/// something was missed.
pub async fn run(db: Database, mut kept: Receiver<Arc<[String]>>, changes: Changes, shutdown: CancellationToken) {
    let mut missed = false;
    loop {
        let told = tokio::select! {
            () = shutdown.cancelled() => return,
            told = kept.recv() => told,
        };
        let mut ids = Vec::new();
        let mut lost = false;
        match told {
            Ok(told) => ids.extend_from_slice(&told),
            Err(RecvError::Lagged(_)) => lost = true,
            Err(RecvError::Closed) => return,
        }
        while let Ok(told) = kept.try_recv() {
            ids.extend_from_slice(&told);
        }
        let payloads = if lost || missed { vec![changes.lost_payload()] } else { changes.kept_payloads(&ids) };
        changes.tell(if lost { Notice::Lost } else { Notice::Kept(ids.into()) });
        if !db.is_sqlite() {
            let sent = send(&db, payloads).await;
            missed = sent.is_err();
            if let Err(error) = sent {
                tracing::warn!(%error, "other processes were not told of webhook events");
            }
        }
    }
}

/// It need not be durable, so it does not wait for the disk.
async fn send(db: &Database, payloads: Vec<String>) -> Result<(), DbErr> {
    const SQL: &str = "select set_config('synchronous_commit', 'off', true), pg_notify($1, payload) \
        from unnest($2::text[]) as payload";
    let statement = Statement::from_sql_and_values(db.backend, SQL, [CHANNEL.into(), payloads.into()]);
    db.write.query_all_raw(statement).await.map(drop)
}
