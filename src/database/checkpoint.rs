//! Brings `SQLite`'s write-ahead log into its file beside the writer, who would stand still for it.
//!
//! While much is written it copies a little at a time, and asks for that to be on disk at once: what is copied and
//! put on disk all together keeps the writer from the disk meanwhile. Once the log is long, a last pass, in a turn
//! of its own, copies the little that came since the one before, so that the log starts from its beginning again. If
//! all this does not get through, the writer does it itself once the log is very long.
//!
//! `SQLite` itself asks for the file to be on disk only in a pass that ends with nothing left to copy. If that were the
//! last one, the writer would stand still until all that the others copied is there. So we ask after each.

use std::{
    fs::{File, OpenOptions},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::{
    sync::OnceCell,
    task::spawn_blocking,
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::WriteTurns;

/// How soon after the end of somebody's turn to write the log is looked at, if that comes
const SOON: Duration = Duration::from_millis(20);
/// within this time. It is also the pause while nothing can be copied.
const LOOK: Duration = Duration::from_millis(200);
/// Fewer pages, of 4 kB, are not worth a pass.
const LITTLE: i64 = 800;
/// A log that has so many more pages than when that was tried last should start from its beginning again.
const LONG: i64 = 8_000;
/// Before the last pass come so many others at most,
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
            let mut copier = Copier { db: log.db, disk: Disk::new(log.file), turns, tried: 0 };
            let mut pause = SOON;
            while stopping.run_until_cancelled(copier.wait(pause)).await.is_some() {
                pause = copier.copy().await.unwrap_or_else(|error| {
                    // A full disk, say. The writer meets it too, and tells whom it concerns.
                    tracing::debug!(%error, "the write-ahead log was not brought into the file");
                    LOOK
                });
            }
            let _ = copier.db.close_by_ref().await;
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

/// Copies what is in the log to the file.
struct Copier {
    db: DatabaseConnection,
    disk: Disk,
    turns: WriteTurns,
    /// How long the log was when it should have started from its beginning again.
    tried: i64,
}

impl Copier {
    /// So long, and until somebody may have written.
    async fn wait(&self, pause: Duration) {
        let _ = timeout(LOOK, self.turns.one_has_ended()).await;
        sleep(pause).await;
    }

    /// Gives how soon to look again.
    async fn copy(&mut self) -> anyhow::Result<Duration> {
        let log = pass(&self.db, "noop").await?;
        if log.pages < self.tried {
            self.tried = 0;
        }
        if log.left() < LITTLE {
            return Ok(SOON);
        }
        let is_long = log.pages - self.tried >= LONG;
        for _ in 0..if is_long { PASSES } else { 1 } {
            let began = Instant::now();
            let now = pass(&self.db, "passive").await?;
            if now.pages < 0 || now.left() >= LITTLE {
                // Another process copies, or somebody still reads what the file holds.
                return Ok(LOOK);
            }
            if let Err(error) = self.disk.sync().await {
                // `SQLite` asks for it too.
                tracing::debug!(%error, "the database file could not be asked to be on disk");
            }
            if began.elapsed() < BRIEF {
                break;
            }
        }
        if is_long {
            let _turn = self.turns.after_inbox().await;
            self.tried = pass(&self.db, "passive").await?.pages;
        }
        Ok(SOON)
    }
}

/// What was in the log when a pass began, and which of that is in the file at its end; -1 both where another process
/// copies.
struct Pages {
    pages: i64,
    copied: i64,
}

impl Pages {
    fn left(&self) -> i64 {
        self.pages - self.copied
    }
}

/// A checkpoint of this mode; `noop` copies nothing.
async fn pass(db: &DatabaseConnection, mode: &str) -> Result<Pages, DbErr> {
    let sql = format!("pragma wal_checkpoint({mode})");
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the state of the log".to_owned()))?;
    Ok(Pages { pages: row.try_get_by_index::<i32>(1)?.into(), copied: row.try_get_by_index::<i32>(2)?.into() })
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

#[cfg(test)]
mod tests {
    use sea_orm::TransactionTrait as _;

    use super::*;
    use crate::database::{Database, sqlite_url};

    async fn database(folder: &tempfile::TempDir) -> Database {
        let db = Database::connect(&sqlite_url(&folder.path().join("log.db"))).await.unwrap();
        db.write.execute_unprepared("pragma wal_autocheckpoint = 0; create table t (x)").await.unwrap();
        db
    }

    async fn write(db: &Database, pages: u32) {
        let sql = format!(
            "insert into t with recursive n(n) as (select 1 union all select n + 1 from n where n < {pages}) \
            select zeroblob(4000) from n"
        );
        db.write.execute_unprepared(&sql).await.unwrap();
    }

    /// Waits until the log is as it should be.
    async fn becomes(db: &Database, expected: impl Fn(Pages) -> bool) {
        let looks = async {
            while !expected(pass(&db.write, "noop").await.unwrap()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), looks).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_written_comes_into_the_file_without_the_writer_and_before_the_log_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        for pages in [1_000, 2_000, 9_000] {
            write(&db, pages).await;
            becomes(&db, |log| log.pages > pages.into() && log.left() == 0).await;
        }
        db.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_log_that_never_rests_starts_from_its_beginning_again() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        // One commit after the other, with no time in between for a pass to end with nothing left.
        let commits = "insert into t values (zeroblob(4000));".repeat(200);
        let commits = format!("pragma synchronous = off; {commits}");
        let mut last = 0;
        loop {
            let turn = db.turns.first().await;
            db.write.execute_unprepared(&commits).await.unwrap();
            drop(turn);
            let pages = pass(&db.write, "noop").await.unwrap().pages;
            if pages < last {
                break;
            }
            last = pages;
            assert!(last < 40 * LONG, "{last}");
            // It need not be faster than the disk.
            becomes(&db, |log| log.left() < 3 * LONG).await;
        }
        db.close().await.unwrap();
    }

    #[tokio::test]
    async fn nobody_is_kept_from_writing_for_what_cannot_be_copied() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let reader = db.read.apart().begin().await.unwrap();
        reader.query_all_raw(Statement::from_string(DbBackend::Sqlite, "select * from t")).await.unwrap();
        write(&db, 9_000).await;
        let turn = db.turns.first().await;
        let disk = Disk::new(folder.path().join("log.db"));
        let mut copier = Copier { db: db.write.clone(), disk, turns: db.turns.clone(), tried: 0 };
        let pause = tokio::time::timeout(Duration::from_secs(60), copier.copy()).await.expect("it takes no turn");
        assert_eq!(pause.unwrap(), LOOK);
        drop((reader, turn));
        db.close().await.unwrap();
    }
}
