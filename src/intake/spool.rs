//! The spool: an inbox on a local `SQLite` file, from which events can be taken out.
//!
//! Its one table has the columns that the inbox writes, and one more. It is not migrated, so that a new version can
//! read an old spool.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::Context as _;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement, Value};
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::reserve::Reserve;
use crate::{
    data_dir::DataDir,
    database::{Database, failure::is_disk_full},
    inbox::{Delivery, Inbox, InsertError, NewEvent, Receipt},
};

/// The file in the data directory.
const FILE: &str = "spool.db";
/// The file of the [`Reserve`].
const RESERVE: &str = "spool.reserve";
const SCHEMA: &str = "create table if not exists webhook_event (\
    id text not null primary key, protocol text not null, event_type text not null, event_id text not null, \
    body_hash text not null, body blob not null, occurred_at integer, received_at integer not null, \
    status text not null, error text, deliveries integer not null, last_delivered_at integer not null, \
    not_before integer not null default 0, unique (protocol, event_type, event_id, body_hash))";
/// For counting the refused events without reading all bodies.
const REFUSED: &str = "create index if not exists refused on webhook_event (not_before) where not_before > 0";
/// Size of the bodies that are taken out at once, unless a single one is larger.
const MAX_BATCH_BYTES: i64 = 4 * 1024 * 1024;
/// Delay before an event that the database refused is tried again.
const REFUSED_DELAY_MS: i64 = 3_600_000;
/// The file of an empty spool with more free pages than this is shrunk.
const MAX_FREE_PAGES: i64 = 256;

/// Events on the local disk, to be moved into the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Spool {
    inbox: Inbox,
    db: Database,
    reserve: Arc<Reserve>,
}

/// The events in the spool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpoolBacklog {
    /// Their number.
    pub events: u64,
    /// The number of those that the database refused for their content; they are tried again each hour.
    pub refused: u64,
    /// When the oldest was received; milliseconds since 1970 UTC.
    pub oldest_received_at: Option<i64>,
}

impl Spool {
    /// Whether a server has used this data directory with a spool before.
    #[must_use]
    pub fn exists(data_dir: &DataDir) -> bool {
        data_dir.file(FILE).exists()
    }

    /// Opens the spool in the data directory, or makes one. When `shutdown` is cancelled it stores what is in the queue,
    /// and nothing more.
    ///
    /// # Errors
    /// When the file cannot be used, or is damaged: the operator has to save what is left of it.
    pub async fn open(data_dir: &DataDir, shutdown: CancellationToken) -> anyhow::Result<Self> {
        let reserve = Reserve::at(data_dir.file(RESERVE));
        let opened = match Self::open_file(data_dir, shutdown.clone(), reserve).await {
            // On a full disk a file may not even open.
            Err(_) if data_dir.file(RESERVE).exists() => {
                let reserve = Reserve::at(data_dir.file(RESERVE));
                reserve.spend()?;
                Self::open_file(data_dir, shutdown, reserve).await
            }
            opened => opened,
        };
        let spool = opened?;
        spool.restore_reserve(spool.backlog().await?.events == 0).await;
        Ok(spool)
    }

    async fn open_file(data_dir: &DataDir, shutdown: CancellationToken, reserve: Reserve) -> anyhow::Result<Self> {
        let path = data_dir.private_file(FILE)?;
        let db = Database::connect_small(&path).await.with_context(|| path.display().to_string())?;
        for sql in [SCHEMA, REFUSED] {
            db.write.execute_unprepared(sql).await.with_context(|| format!("cannot write {}", path.display()))?;
        }
        // A new file's directory entry must survive a power cut.
        let folder = path.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).context("PROMOGRAPH_DATA_DIR")?;
        let spool = Self { inbox: Inbox::start(db.clone(), shutdown), db, reserve: Arc::new(reserve) };
        spool.check().await.with_context(|| {
            format!(
                "{} is damaged. Move it away with the files beside it and keep them: they hold webhooks that were \
                    answered. `sqlite3 spool.db .recover` gets out what is left",
                path.display()
            )
        })?;
        Ok(spool)
    }

    /// Reads what is needed of it first. Not all of it: it may hold gigabytes, and webhooks wait.
    async fn check(&self) -> Result<(), DbErr> {
        self.backlog().await?;
        self.oldest(1, i64::MAX).await.map(drop)
    }

    pub(super) async fn insert(&self, event: NewEvent) -> Result<Receipt, InsertError> {
        if self.reserve.is_spent() {
            // The space that is left is for emptying it.
            return Err(InsertError::Unavailable);
        }
        self.inbox.import(event).await
    }

    /// The oldest events that are due, at most `limit`. One whose delay is longer than the longest was delayed by a clock
    /// that was ahead.
    pub(super) async fn oldest(&self, limit: u32, now_ms: i64) -> Result<Vec<NewEvent>, DbErr> {
        let latest = now_ms.saturating_add(REFUSED_DELAY_MS);
        let sql = "select id, length(body) from webhook_event where not_before not between ?1 + 1 and ?3 \
            order by id limit ?2";
        let values = [now_ms.into(), limit.into(), latest.into()];
        let sizes = self.db.read.query_all_raw(self.statement(sql, values)).await?;
        let (mut last, mut bytes) = (None, 0);
        for row in sizes {
            bytes += row.try_get_by_index::<i64>(1)?;
            if bytes > MAX_BATCH_BYTES && last.is_some() {
                break;
            }
            last = Some(row.try_get_by_index::<String>(0)?);
        }
        let Some(last) = last else { return Ok(Vec::new()) };
        let sql = "select id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, status, \
            error, deliveries, last_delivered_at \
            from webhook_event where not_before not between ?1 + 1 and ?3 and id <= ?2 order by id";
        let values = [now_ms.into(), last.into(), latest.into()];
        let rows = self.db.read.query_all_raw(self.statement(sql, values)).await?;
        rows.iter().map(read_event).collect()
    }

    /// Deletes events that are in the database now. One that was repeated meanwhile stays, so that its repeats are
    /// counted too.
    pub(super) async fn remove(&self, moved: &[NewEvent]) -> Result<(), DbErr> {
        let moved: Vec<_> = moved.iter().map(|event| json!([event.id, event.deliveries])).collect();
        let sql = "delete from webhook_event where (id, deliveries) in \
            (select value ->> 0, value ->> 1 from json_each(?1))";
        self.write(sql, [json!(moved).to_string().into()]).await
    }

    /// Delays events for an hour.
    pub(super) async fn delay(&self, refused: &[NewEvent], now_ms: i64) -> Result<(), DbErr> {
        let ids: Vec<_> = refused.iter().map(|event| &event.id).collect();
        let sql = "update webhook_event set not_before = ?2 where id in (select value from json_each(?1))";
        self.write(sql, [json!(ids).to_string().into(), now_ms.saturating_add(REFUSED_DELAY_MS).into()]).await
    }

    /// Gives back the disk space that an outage took.
    pub(super) async fn shrink(&self) -> Result<(), DbErr> {
        let _lock = self.db.lock_writer().await;
        let free = self.db.write.query_one_raw(self.statement("pragma freelist_count", [])).await?;
        if free.is_some_and(|row| row.try_get_by_index::<i64>(0).is_ok_and(|pages| pages > MAX_FREE_PAGES)) {
            self.db.write.execute_unprepared("vacuum").await?;
            self.db.write.execute_unprepared("pragma wal_checkpoint(truncate)").await?;
        }
        Ok(())
    }

    /// Reserves space for emptying it, if that is missing and the disk has enough. `is_empty`: there is nothing to take
    /// out now.
    pub(super) async fn restore_reserve(&self, is_empty: bool) {
        if !is_empty && !self.reserve.is_spent() && self.reserve.exists() {
            return;
        }
        let reserve = Arc::clone(&self.reserve);
        let restored = spawn_blocking(move || reserve.restore(is_empty)).await;
        if let Err(error) = restored.map_err(std::io::Error::other).flatten() {
            tracing::warn!(%error, "no space could be reserved on the disk of the spool");
        }
    }

    /// The events that it holds.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub async fn backlog(&self) -> Result<SpoolBacklog, DbErr> {
        let sql = "select (select count(*) from webhook_event), \
            (select count(*) from webhook_event where not_before > 0), \
            (select received_at from webhook_event order by id limit 1)";
        let row = self.db.read.query_one_raw(self.statement(sql, [])).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("a row of counts".to_owned()))?;
        let count = |index| Ok::<_, DbErr>(row.try_get_by_index::<i64>(index)?.unsigned_abs());
        Ok(SpoolBacklog { events: count(0)?, refused: count(1)?, oldest_received_at: row.try_get_by_index(2)? })
    }

    /// Waits until its inbox has stopped, then closes the file.
    ///
    /// # Errors
    /// When the file cannot be closed properly; its events are safe all the same.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.inbox.stopped().await;
        self.db.close().await
    }

    async fn write<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<(), DbErr> {
        let lock = self.db.lock_writer().await;
        let statement = self.statement(sql, values);
        let mut written = self.db.write.execute_raw(statement.clone()).await;
        if written.as_ref().is_err_and(is_disk_full) {
            tracing::warn!("the disk of the spool is full: it is emptied with the reserved space");
            self.reserve.spend().map_err(|error| DbErr::Custom(error.to_string()))?;
            // The log starts again from its beginning, and does not grow.
            self.db.write.execute_unprepared("pragma wal_checkpoint(truncate)").await?;
            written = self.db.write.execute_raw(statement).await;
        }
        written?;
        drop(lock);
        self.restore_reserve(false).await;
        Ok(())
    }

    fn statement<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        Statement::from_sql_and_values(self.db.backend, sql, values)
    }
}

fn read_event(row: &QueryResult) -> Result<NewEvent, DbErr> {
    let delivery = Delivery {
        protocol: row.try_get_by_index(1)?,
        event_type: row.try_get_by_index(2)?,
        event_id: row.try_get_by_index(3)?,
        body_hash: row.try_get_by_index(4)?,
        body: row.try_get_by_index::<Vec<u8>>(5)?.into(),
        occurred_at: row.try_get_by_index(6)?,
        received_at: row.try_get_by_index(7)?,
        status: row.try_get_by_index(8)?,
        error: row.try_get_by_index(9)?,
    };
    Ok(NewEvent {
        id: row.try_get_by_index(0)?,
        delivery,
        deliveries: row.try_get_by_index(10)?,
        last_delivered_at: row.try_get_by_index(11)?,
    })
}
