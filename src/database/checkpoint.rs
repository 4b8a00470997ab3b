//! Brings `SQLite`'s write-ahead log into its file beside the writer, who would stand still for it.
//!
//! Two passes copy what is in the log while the writer goes on; a third one, in a turn of its own,
//! copies the little that came meanwhile, so that the log starts from its beginning again. If all
//! this does not get through, the writer does it itself once the log is large.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::WriteTurns;

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// A shorter log, in pages of 4 kB, is left alone.
const SHORT: i64 = 4_000;

/// The task; ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    stop: CancellationToken,
    stopped: CancellationToken,
    _guard: Arc<DropGuard>,
}

impl Checkpoints {
    /// Starts on a connection of its own.
    pub fn start(db: DatabaseConnection, turns: WriteTurns) -> Self {
        let (stop, stopped) = (CancellationToken::new(), CancellationToken::new());
        let (stopping, guard) = (stop.clone(), stopped.clone().drop_guard());
        tokio::spawn(async move {
            while stopping.run_until_cancelled(sleep(LOOK)).await.is_some() {
                if let Err(error) = shorten(&db, &turns).await {
                    // A full disk, say. The writer meets it too, and tells whom it concerns.
                    tracing::debug!(%error, "the write-ahead log was not brought into the file");
                }
            }
            let _ = db.close_by_ref().await;
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

async fn shorten(db: &DatabaseConnection, turns: &WriteTurns) -> Result<(), DbErr> {
    let (pages, copied) = pass(db, "noop").await?;
    if pages - copied < SHORT {
        return Ok(());
    }
    pass(db, "passive").await?;
    pass(db, "passive").await?;
    let _turn = turns.after_inbox().await;
    pass(db, "passive").await.map(drop)
}

/// Gives how many pages the log has, and how many of them are in the file.
async fn pass(db: &DatabaseConnection, mode: &str) -> Result<(i64, i64), DbErr> {
    let sql = format!("pragma wal_checkpoint({mode})");
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the state of the log".to_owned()))?;
    Ok((row.try_get_by_index::<i32>(1)?.into(), row.try_get_by_index::<i32>(2)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Database, sqlite_url};

    #[tokio::test]
    async fn what_is_written_comes_into_the_file_without_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::connect(&sqlite_url(&folder.path().join("log.db"))).await.unwrap();
        db.write.execute_unprepared("pragma wal_autocheckpoint = 0; create table t (x)").await.unwrap();
        let pages = "insert into t select zeroblob(4000) from json_each(json_array(0,1,2,3,4,5,6,7,8,9)), \
            json_each(json_array(0,1,2,3,4,5,6,7,8,9)), json_each(json_array(0,1,2,3,4,5,6,7,8,9)), \
            json_each(json_array(0,1,2,3,4,5,6,7,8,9))";
        db.write.execute_unprepared(pages).await.unwrap();
        let brought = async {
            loop {
                let (pages, copied) = pass(&db.write, "noop").await.unwrap();
                if pages > 9_000 && pages == copied {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), brought).await.unwrap();
        db.close().await.unwrap();
    }
}
