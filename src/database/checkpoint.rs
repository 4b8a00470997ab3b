//! Checkpoints of `SQLite`'s write-ahead log beside the writer, which would stand still for them.
//!
//! A passive checkpoint copies what no reader still needs in the log, and blocks nobody. Under continuous writing it
//! never catches up with the last commit, so the log does not restart: the writer's own checkpoint
//! (`wal_autocheckpoint`) does the little that is left once the log is long.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Time between two checkpoints.
const INTERVAL: Duration = Duration::from_millis(250);

/// The background task; ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    stop: CancellationToken,
    stopped: CancellationToken,
    _guard: Arc<DropGuard>,
}

impl Checkpoints {
    /// Starts it on a connection of its own.
    pub fn start(connection: DatabaseConnection) -> Self {
        let (stop, stopped) = (CancellationToken::new(), CancellationToken::new());
        let (stopping, guard) = (stop.clone(), stopped.clone().drop_guard());
        tokio::spawn(async move {
            while stopping.run_until_cancelled(sleep(INTERVAL)).await.is_some() {
                if let Err(error) = connection.execute_unprepared("pragma wal_checkpoint(passive)").await {
                    // A full disk, say. The writer meets it too, and reports it.
                    tracing::debug!(%error, "a checkpoint failed");
                }
            }
            let _ = connection.close_by_ref().await;
            drop(guard);
        });
        Self { _guard: Arc::new(stop.clone().drop_guard()), stop, stopped }
    }

    /// Ends it, and waits for that.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.stopped.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement};
    use tokio::{task::yield_now, time::timeout};

    use super::*;
    use crate::database::{Database, sqlite_url};

    async fn database(folder: &tempfile::TempDir) -> Database {
        let db = Database::connect(&sqlite_url(&folder.path().join("log.db"))).await.unwrap();
        db.write.execute_unprepared("create table t (x)").await.unwrap();
        db
    }

    /// Pages in the log, and those of them that are in the file.
    async fn log(db: &Database) -> (i32, i32) {
        let look = Statement::from_string(DbBackend::Sqlite, "pragma wal_checkpoint(noop)");
        let row = db.write.query_one_raw(look).await.unwrap().unwrap();
        (row.try_get_by_index(1).unwrap(), row.try_get_by_index(2).unwrap())
    }

    #[tokio::test]
    async fn what_is_written_comes_into_the_file_without_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        db.write.execute_unprepared("pragma wal_autocheckpoint = 0").await.unwrap();
        db.write.execute_unprepared(&"insert into t values (zeroblob(4000));".repeat(500)).await.unwrap();
        let copied = async {
            while !matches!(log(&db).await, (pages, copied) if pages > 0 && copied == pages) {
                yield_now().await;
            }
        };
        timeout(Duration::from_secs(60), copied).await.unwrap();
        db.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_log_that_never_rests_starts_from_its_beginning_again() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let commits = format!("pragma synchronous = off; {}", "insert into t values (zeroblob(4000));".repeat(200));
        let mut last = 0;
        loop {
            db.write.execute_unprepared(&commits).await.unwrap();
            let (pages, _) = log(&db).await;
            if pages < last {
                break;
            }
            last = pages;
            assert!(last < 100_000, "{last}");
        }
        db.close().await.unwrap();
    }
}
