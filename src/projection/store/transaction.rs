//! One write transaction on either database.

use futures_util::TryStreamExt as _;
use sea_orm::sqlx::{self, Executor as _, Postgres, Row as _, SqlSafeStr as _, Sqlite};

use super::{
    begin::{BY_KEY, BY_KEY_LIGHTLY},
    grid::Values,
    sql::{Input, Sql},
    steps::{self, Done, Step, Stored, cell},
};
use crate::{
    database::{Database, Turn},
    projection::{
        changes::{Commit, notes},
        lease::TERM_MS,
        listener::CHANNEL,
        merge::Cell,
        tables::{Kind, Spec},
    },
};

/// How long a notice of changes is kept: those who ask for it do so every second, or more often.
const NOTICES_KEPT_MS: i64 = 30_000;

/// A transaction; rolled back when dropped.
pub struct Transaction {
    inner: Inner,
    /// Held until the end, so dropped after the transaction.
    _turn: Option<Turn>,
}

enum Inner {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
}

impl Transaction {
    /// Begins to write; on `SQLite` after the inbox, and with the write lock from the start.
    pub async fn begin(db: &Database) -> Result<Self, sqlx::Error> {
        if db.is_sqlite() {
            let turn = Some(db.turns.after_inbox().await);
            let begun = db.write.get_sqlite_connection_pool().begin_with("begin immediate").await?;
            return Ok(Self { inner: Inner::Sqlite(begun), _turn: turn });
        }
        let begun = db.write.get_postgres_connection_pool().begin_with(BY_KEY).await?;
        Ok(Self { inner: Inner::Postgres(begun), _turn: None })
    }

    /// As [`Self::begin`], but the commit does not wait for the disk: for what is derived from kept
    /// events. A power cut may undo it, together with the marks on its events, which are then applied
    /// again; it never undoes what others commit durably, before it or after.
    pub async fn begin_lightly(db: &Database) -> Result<Self, sqlx::Error> {
        if db.is_sqlite() {
            let turn = Some(db.turns.after_inbox().await);
            let mut connection = db.write.get_sqlite_connection_pool().acquire().await?;
            // For as long as the connection is ours: the pool sets it back.
            connection.execute("pragma synchronous = normal").await?;
            let begun = sqlx::Transaction::begin(connection, Some("begin immediate".into_sql_str())).await?;
            return Ok(Self { inner: Inner::Sqlite(begun), _turn: turn });
        }
        let begun = db.write.get_postgres_connection_pool().begin_with(BY_KEY_LIGHTLY).await?;
        Ok(Self { inner: Inner::Postgres(begun), _turn: None })
    }

    /// Begins to write what is nobody else's: tables that only this connection sees.
    pub async fn aside(db: &Database) -> Result<Self, sqlx::Error> {
        let inner = if db.is_sqlite() {
            Inner::Sqlite(db.write.get_sqlite_connection_pool().begin().await?)
        } else {
            Inner::Postgres(db.write.get_postgres_connection_pool().begin().await?)
        };
        Ok(Self { inner, _turn: None })
    }

    /// Begins to read: one state of the database, whatever is written meanwhile.
    pub async fn reading(db: &Database) -> Result<Self, sqlx::Error> {
        let inner = if db.is_sqlite() {
            Inner::Sqlite(db.read.apart().get_sqlite_connection_pool().begin().await?)
        } else {
            // Not on a connection of the API: what is read here may take longer than its callers wait.
            let mut begun = db.write.get_postgres_connection_pool().begin().await?;
            sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *begun).await?;
            Inner::Postgres(begun)
        };
        Ok(Self { inner, _turn: None })
    }

    /// Hands over the rows of a statement without parameters, one after the other.
    pub async fn each(
        &mut self,
        sql: &'static str,
        columns: &[Input],
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

    /// Runs the statements one after the other; gives what each came to.
    pub async fn run(&mut self, steps: Vec<Step>) -> Result<Vec<Done>, sqlx::Error> {
        match &mut self.inner {
            Inner::Postgres(inner) => steps::on_postgres(inner, steps).await,
            Inner::Sqlite(inner) => steps::on_sqlite(inner, steps).await,
        }
    }

    /// Runs a statement over these rows; gives how many it changed.
    pub async fn write(&mut self, sql: &'static Sql, columns: Vec<Values>) -> Result<u64, sqlx::Error> {
        Ok(self.run(vec![(sql, columns)]).await?.iter().map(|done| done.changed).sum())
    }

    /// Runs a statement over these rows that gives keys.
    pub async fn keys(&mut self, sql: &'static Sql, columns: Vec<Values>) -> Result<Vec<i64>, sqlx::Error> {
        self.run(vec![(sql, columns)]).await?.first().map_or_else(|| Ok(Vec::new()), Done::keys)
    }

    /// Reads the rows with these keys.
    pub async fn read(&mut self, sql: &'static Sql, spec: &Spec, keys: Values) -> Result<Vec<Stored>, sqlx::Error> {
        let done = self.run(vec![(sql, vec![keys])]).await?;
        done.first().map_or_else(|| Ok(Vec::new()), |done| done.stored(spec))
    }

    /// Extends the lease; `false` if it is no longer ours. The row stays locked until the commit, so
    /// nobody takes over in between. From a process that hangs meanwhile, or whose machine is cut off,
    /// `PostgreSQL` takes the lock when the lease would have lapsed.
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

    /// Gives this transaction its version among those that change the mirror, and leaves a notice for
    /// every process. Only after [`Self::fence`]: one at a time, so the notices appear in this order.
    ///
    /// A version is about a time, so that it also grows after a backup was restored. Notices go when they
    /// are so old that a later one is older than they are kept: whoever has looked since then has seen
    /// one that is still there, and knows by it that nothing is missing.
    pub async fn note(&mut self, commit: &Commit) -> Result<(), sqlx::Error> {
        let (at, changed) = (commit.at, notes::write(commit));
        match &mut self.inner {
            Inner::Postgres(inner) => {
                const SQL: &str = "with last as (select coalesce(max(version), 0) as version from change_notice), \
                    gone as (delete from change_notice where version < (select max(older.version) \
                        from change_notice older where older.version <= (select version from last) - $3)), \
                    noted as (insert into change_notice (version, changed) \
                        select greatest(version + 1, $1), $2 from last returning version) \
                    select pg_notify($4, '') from noted";
                let query = sqlx::query(SQL).bind(at).bind(changed).bind(NOTICES_KEPT_MS).bind(CHANNEL);
                query.execute(&mut **inner).await?;
            }
            Inner::Sqlite(inner) => {
                const FORGET: &str = "delete from change_notice where version < (select max(older.version) \
                    from change_notice older where older.version <= (select max(version) from change_notice) - $1)";
                const ADD: &str = "insert into change_notice (version, changed) \
                    select max(coalesce(max(version), 0) + 1, $1), $2 from change_notice";
                sqlx::query(FORGET).bind(NOTICES_KEPT_MS).execute(&mut **inner).await?;
                sqlx::query(ADD).bind(at).bind(changed).execute(&mut **inner).await?;
            }
        }
        Ok(())
    }

    /// Makes it durable.
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
    async fn whoever_writes_after_a_light_transaction_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::connect(&sqlite_url(&folder.path().join("light.db"))).await.unwrap();
        assert_eq!(synchronous(&db.write, db.backend).await, FULL);
        let mut light = Transaction::begin_lightly(&db).await.unwrap();
        assert_eq!(within(&mut light).await, NORMAL, "it does not wait itself");
        light.commit().await.unwrap();
        assert_eq!(synchronous(&db.write, db.backend).await, FULL, "after a commit");
        drop(Transaction::begin_lightly(&db).await.unwrap());
        assert_eq!(synchronous(&db.write, db.backend).await, FULL, "after one that was given up");
        Transaction::begin_lightly(&db).await.unwrap().commit().await.unwrap();
        assert_eq!(within(&mut Transaction::begin(&db).await.unwrap()).await, FULL, "within a transaction");
    }
}
