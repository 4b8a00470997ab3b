//! Brings `SQLite`'s write-ahead log into its file beside the writer, who would stand still for it.
//!
//! Some passes copy what is in the log while the writer goes on; a last one, in a turn of its own,
//! copies the little that came meanwhile, so that the log starts from its beginning again. If all
//! this does not get through, the writer does it itself once the log is large.
//!
//! `SQLite` itself asks for the file to be on disk in a pass that ends with nothing left to copy, which mostly is the
//! last one: the writer would stand still until all that the others copied is there. So we ask before.

use std::{
    fs::{File, OpenOptions},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::{sync::OnceCell, task::spawn_blocking, time::sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::WriteTurns;

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// And how soon again after it was not short: the less is brought at once, the less the inbox waits for the disk
/// meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// A shorter log, in pages of 4 kB, is left alone.
const SHORT: i64 = 3_000;
/// So many passes come before the last one at most,
const PASSES: usize = 5;
/// and none after one that took no longer, the file's way to the disk included: little has come meanwhile.
const BRIEF: Duration = Duration::from_millis(8);

/// What is brought into its file.
pub(super) struct Log {
    /// A connection for this alone.
    pub db: DatabaseConnection,
    pub file: PathBuf,
}

/// The task; ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    stop: CancellationToken,
    stopped: CancellationToken,
    _guard: Arc<DropGuard>,
}

impl Checkpoints {
    /// Starts on a connection of its own.
    pub fn start(log: Log, turns: WriteTurns) -> Self {
        let (stop, stopped) = (CancellationToken::new(), CancellationToken::new());
        let (stopping, guard) = (stop.clone(), stopped.clone().drop_guard());
        tokio::spawn(async move {
            let Log { db, file } = log;
            let file = Disk::new(file);
            let mut pause = LOOK;
            while stopping.run_until_cancelled(sleep(pause)).await.is_some() {
                let was_short = shorten(&db, &file, &turns).await.unwrap_or_else(|error| {
                    // A full disk, say. The writer meets it too, and tells whom it concerns.
                    tracing::debug!(%error, "the write-ahead log was not brought into the file");
                    true
                });
                pause = if was_short { LOOK } else { LOOK_AGAIN };
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

/// Gives whether the log was short already.
async fn shorten(db: &DatabaseConnection, file: &Disk, turns: &WriteTurns) -> anyhow::Result<bool> {
    let (pages, copied) = pass(db, "noop").await?;
    if pages - copied < SHORT {
        return Ok(true);
    }
    // Each is shorter than the one before, and so is what comes meanwhile.
    for _ in 0..PASSES {
        let began = Instant::now();
        pass(db, "passive").await?;
        if let Err(error) = file.sync().await {
            // `SQLite` asks for it too.
            tracing::debug!(%error, "the database file could not be asked to be on disk");
        }
        if began.elapsed() < BRIEF {
            break;
        }
    }
    let _turn = turns.after_inbox().await;
    pass(db, "passive").await?;
    Ok(false)
}

/// The file, to ask for what was written to it to be on disk.
struct Disk {
    path: PathBuf,
    /// Never closed: a process that closes a file loses all its locks on it (POSIX), also those of other handles,
    /// which `SQLite` relies on.
    open: OnceCell<&'static File>,
}

impl Disk {
    fn new(path: PathBuf) -> Self {
        Self { path, open: OnceCell::new() }
    }

    async fn sync(&self) -> anyhow::Result<()> {
        let open = async || {
            let path = self.path.clone();
            let open = move || OpenOptions::new().write(true).open(path).map(|file| &*Box::leak(Box::new(file)));
            anyhow::Ok(spawn_blocking(open).await??)
        };
        let file = *self.open.get_or_try_init(open).await?;
        Ok(spawn_blocking(|| file.sync_data()).await??)
    }
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
