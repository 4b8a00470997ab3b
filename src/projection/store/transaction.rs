//! A transaction on either database.

use futures_util::TryStreamExt as _;
use sea_orm::sqlx::{self, Executor as _, Postgres, Row as _, SqlSafeStr as _, Sqlite};

use super::{
    column_batch::ColumnBatch,
    sql::{DialectSql, SqlColumn},
    statements::{self, BoundStatement, StatementResult, StoredRow, cell},
};
use crate::{
    database::{Database, PriorityGuard},
    projection::{
        changes::{Commit, notice_codec, pg_listener::CHANNEL},
        lease::TERM_MS,
        merge::Cell,
        mirror::{SqlType, TableSpec},
    },
};

/// How long change notices are kept: every process polls for them at least once a second.
const NOTICE_RETENTION_MS: i64 = 30_000;

/// How a transaction begins on `PostgreSQL`. Every row is found by its key, one after the other. A plan that was
/// made while a table was empty would scan it sequentially, and is cached until the table is analyzed: by then it
/// may have a hundred thousand rows.
macro_rules! begin {
    () => {
        "begin; set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; \
            set local enable_material = off"
    };
}
const BEGIN: &str = begin!();
/// The same, and the commit does not wait for the disk.
const BEGIN_RELAXED: &str = concat!(begin!(), "; set local synchronous_commit = off");

/// A transaction; rolled back when dropped.
pub struct Transaction {
    inner: Inner,
    /// Released after the transaction: fields are dropped in order.
    _lock: Option<PriorityGuard>,
}

enum Inner {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
}

impl Transaction {
    /// Begins a write transaction; on `SQLite` after waiting writes of the inbox, and with the write lock.
    pub async fn begin(db: &Database) -> Result<Self, sqlx::Error> {
        if db.is_sqlite() {
            let lock = db.lock_writer().await;
            let begun = db.write.get_sqlite_connection_pool().begin_with("begin immediate").await?;
            return Ok(Self { inner: Inner::Sqlite(begun), _lock: lock });
        }
        let begun = db.write.get_postgres_connection_pool().begin_with(BEGIN).await?;
        Ok(Self { inner: Inner::Postgres(begun), _lock: None })
    }

    /// As [`Self::begin`], but the commit does not wait for the disk: for data derived from stored events. A power
    /// failure may undo it, together with the status of its events, which are then applied again; it never undoes
    /// durable commits, before it or after.
    pub async fn begin_relaxed(db: &Database) -> Result<Self, sqlx::Error> {
        if db.is_sqlite() {
            let lock = db.lock_writer().await;
            let mut connection = db.write.get_sqlite_connection_pool().acquire().await?;
            // Until the connection is returned: the pool resets it.
            connection.execute("pragma synchronous = normal").await?;
            let begun = sqlx::Transaction::begin(connection, Some("begin immediate".into_sql_str())).await?;
            return Ok(Self { inner: Inner::Sqlite(begun), _lock: lock });
        }
        let begun = db.write.get_postgres_connection_pool().begin_with(BEGIN_RELAXED).await?;
        Ok(Self { inner: Inner::Postgres(begun), _lock: None })
    }

    /// Begins to write tables that only this connection sees: no lock is needed.
    pub async fn begin_temporary(db: &Database) -> Result<Self, sqlx::Error> {
        let inner = if db.is_sqlite() {
            Inner::Sqlite(db.write.get_sqlite_connection_pool().begin().await?)
        } else {
            Inner::Postgres(db.write.get_postgres_connection_pool().begin().await?)
        };
        Ok(Self { inner, _lock: None })
    }

    /// Begins to read one snapshot of the database, whatever is written meanwhile.
    pub async fn begin_snapshot(db: &Database) -> Result<Self, sqlx::Error> {
        let inner = if db.is_sqlite() {
            Inner::Sqlite(db.read.dedicated().get_sqlite_connection_pool().begin().await?)
        } else {
            // Not on a connection of the API: these reads may take longer than its callers wait.
            let mut begun = db.write.get_postgres_connection_pool().begin().await?;
            sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *begun).await?;
            Inner::Postgres(begun)
        };
        Ok(Self { inner, _lock: None })
    }

    /// Calls `row` with every row of a statement without parameters.
    pub async fn for_each_row(
        &mut self,
        sql: &'static str,
        columns: &[SqlColumn],
        mut row: impl FnMut(&[Cell]),
    ) -> Result<(), sqlx::Error> {
        let mut cells = Vec::with_capacity(columns.len());
        macro_rules! hand_over {
            ($inner:expr) => {{
                let mut rows = sqlx::query(sql).fetch(&mut **$inner);
                while let Some(read) = rows.try_next().await? {
                    cells.clear();
                    for (at, (_, kind)) in columns.iter().enumerate() {
                        cells.push(cell!(read, at, kind));
                    }
                    row(&cells);
                }
            }};
        }
        match &mut self.inner {
            Inner::Postgres(inner) => hand_over!(inner),
            Inner::Sqlite(inner) => hand_over!(inner),
        }
        Ok(())
    }

    /// Runs the statements one after the other; returns the result of each.
    pub async fn run(&mut self, statements: Vec<BoundStatement>) -> Result<Vec<StatementResult>, sqlx::Error> {
        match &mut self.inner {
            Inner::Postgres(inner) => statements::on_postgres(inner, statements).await,
            Inner::Sqlite(inner) => statements::on_sqlite(inner, statements).await,
        }
    }

    /// Runs a statement over these rows; returns the number of rows changed.
    pub async fn write(&mut self, sql: &'static DialectSql, columns: Vec<ColumnBatch>) -> Result<u64, sqlx::Error> {
        Ok(self.run(vec![(sql, columns)]).await?.iter().map(|done| done.changed).sum())
    }

    /// Runs a statement that returns keys over these rows.
    pub async fn write_returning_keys(
        &mut self,
        sql: &'static DialectSql,
        columns: Vec<ColumnBatch>,
    ) -> Result<Vec<i64>, sqlx::Error> {
        self.run(vec![(sql, columns)]).await?.first().map_or_else(|| Ok(Vec::new()), StatementResult::keys)
    }

    /// Reads the rows with these keys.
    pub async fn read(
        &mut self,
        sql: &'static DialectSql,
        spec: &TableSpec,
        keys: ColumnBatch,
    ) -> Result<Vec<StoredRow>, sqlx::Error> {
        let done = self.run(vec![(sql, vec![keys])]).await?;
        done.first().map_or_else(|| Ok(Vec::new()), |done| done.stored_rows(spec))
    }

    /// Extends the lease; `false` if another process has taken it over. The row stays locked until the commit, so
    /// no other process takes over in between. If this process hangs meanwhile, or its machine is cut off,
    /// `PostgreSQL` releases the lock when the lease would have lapsed.
    pub async fn fence(&mut self, owner: &str, token: i64, expires_at: i64) -> Result<bool, sqlx::Error> {
        const SQL: &str =
            "update lease set expires_at = $3 where name = 'projector' and owner = $1 and fencing_token = $2";
        const POSTGRES: &str = "with limited as materialized \
                (select set_config('idle_in_transaction_session_timeout', $4, true)) \
            update lease set expires_at = $3 from limited \
                where name = 'projector' and owner = $1 and fencing_token = $2";
        let changed = match &mut self.inner {
            Inner::Postgres(inner) => {
                let query = sqlx::query(POSTGRES).bind(owner).bind(token).bind(expires_at).bind(TERM_MS.to_string());
                query.execute(&mut **inner).await?.rows_affected()
            }
            Inner::Sqlite(inner) => {
                let query = sqlx::query(SQL).bind(owner).bind(token).bind(expires_at);
                query.execute(&mut **inner).await?.rows_affected()
            }
        };
        Ok(changed == 1)
    }

    /// Gives this transaction its mirror version, and inserts a change notice for every process. Only after
    /// [`Self::fence`]: one at a time, so notices appear in the order of their versions.
    ///
    /// A version is about a time, so that it also grows after a backup was restored. A notice is deleted when a
    /// later one is past the retention too: a process that has polled since then has seen one that is still there,
    /// and knows by it that it missed nothing.
    pub async fn insert_notice(&mut self, commit: &Commit) -> Result<(), sqlx::Error> {
        let (at, changed) = (commit.at, notice_codec::encode(commit));
        match &mut self.inner {
            Inner::Postgres(inner) => {
                const SQL: &str = "with last as (select coalesce(max(version), 0) as version from change_notice), \
                    gone as (delete from change_notice where version < (select max(older.version) \
                        from change_notice older where older.version <= (select version from last) - $3)), \
                    noted as (insert into change_notice (version, changed) \
                        select greatest(version + 1, $1), $2 from last returning version) \
                    select pg_notify($4, '') from noted";
                let query = sqlx::query(SQL).bind(at).bind(changed).bind(NOTICE_RETENTION_MS).bind(CHANNEL);
                query.execute(&mut **inner).await?;
            }
            Inner::Sqlite(inner) => {
                const DELETE: &str = "delete from change_notice where version < (select max(older.version) \
                    from change_notice older where older.version <= (select max(version) from change_notice) - $1)";
                const INSERT: &str = "insert into change_notice (version, changed) \
                    select max(coalesce(max(version), 0) + 1, $1), $2 from change_notice";
                sqlx::query(DELETE).bind(NOTICE_RETENTION_MS).execute(&mut **inner).await?;
                sqlx::query(INSERT).bind(at).bind(changed).execute(&mut **inner).await?;
            }
        }
        Ok(())
    }

    /// Commits.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self.inner {
            Inner::Postgres(inner) => inner.commit().await,
            Inner::Sqlite(inner) => inner.commit().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};

    use super::*;
    use crate::database::sqlite_url;

    const NORMAL: i32 = 1;
    const FULL: i32 = 2;

    async fn synchronous(connection: &DatabaseConnection, backend: sea_orm::DbBackend) -> i32 {
        let pragma = Statement::from_string(backend, "pragma synchronous");
        connection.query_one_raw(pragma).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    async fn within(transaction: &mut Transaction) -> i32 {
        let Inner::Sqlite(inner) = &mut transaction.inner else { panic!("a file is SQLite") };
        sqlx::query("pragma synchronous").fetch_one(&mut **inner).await.unwrap().get(0)
    }

    #[tokio::test]
    async fn a_transaction_after_a_relaxed_one_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::connect(&sqlite_url(&folder.path().join("relaxed.db"))).await.unwrap();
        assert_eq!(synchronous(&db.write, db.backend).await, FULL);
        let mut relaxed = Transaction::begin_relaxed(&db).await.unwrap();
        assert_eq!(within(&mut relaxed).await, NORMAL, "the relaxed one itself does not");
        relaxed.commit().await.unwrap();
        assert_eq!(synchronous(&db.write, db.backend).await, FULL, "after a commit");
        drop(Transaction::begin_relaxed(&db).await.unwrap());
        assert_eq!(synchronous(&db.write, db.backend).await, FULL, "after a rollback");
        Transaction::begin_relaxed(&db).await.unwrap().commit().await.unwrap();
        assert_eq!(within(&mut Transaction::begin(&db).await.unwrap()).await, FULL, "within a transaction");
    }
}
