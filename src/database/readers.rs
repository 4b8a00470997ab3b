//! The read connections, and the cancellation of reads whose futures are dropped.
//!
//! A read's future may be dropped at any time: the client disconnected, or the request's deadline has passed. Its
//! statement is then cancelled in the database at once. (`sqlx`'s pool would wait until the statement ends by itself,
//! and for ever when the database's host has vanished.) Its permit is held until then, so there are never more
//! statements in the database than slots. A [`FairSemaphore`] shares the slots among callers; a connection is made when
//! there is a slot and no idle connection.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, Values, metric::Info, prelude::async_trait::async_trait, sqlx,
};
use tokio::time::{Instant, timeout};

mod connection;
mod guard;
mod postgres;
mod query;
mod sqlite;

pub(super) use connection::{Connector, ConnectorOptions};
pub use query::ReadStatement;

use super::fair_semaphore::{FairSemaphore, Permit, ShareKey, SlotLimits, SlotUsage};
use connection::ReadConnection;
use guard::ConnectionGuard;
use query::RowPredicate;

/// How long to wait for a slot, unless statements may take longer: longer than a request's deadline, so that a
/// request that waits behind others does not report the database as unavailable.
const MIN_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take to find a connection that works, or to make one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// How long closing waits for running statements.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(8);

/// Connections, and since when each is idle.
type Idle = Vec<(ReadConnection, Instant)>;

type Callback = Arc<dyn Fn(&Info<'_>) + Send + Sync>;

/// The read connections, used on behalf of one [`ShareKey`]; cheap to clone.
#[derive(Clone)]
pub struct Readers {
    connections: Connections,
    share_key: ShareKey,
    metric_callback: Option<Callback>,
}

#[derive(Clone)]
enum Connections {
    Pool(Arc<ReaderPool>),
    /// The single connection of a caller that needs one snapshot or temporary tables.
    Single(DatabaseConnection),
}

struct ReaderPool {
    connector: Connector,
    semaphore: FairSemaphore,
    /// None once the pool is closed.
    idle: Mutex<Option<Idle>>,
    counters: ReadCounters,
}

/// Counters since the start.
#[derive(Debug, Default)]
pub struct ReadCounters {
    /// Statements that were sent.
    pub statements: AtomicU64,
    /// Statements that were cancelled because their future was dropped.
    pub cancelled: AtomicU64,
    /// Connections that were made.
    pub connected: AtomicU64,
}

impl Readers {
    /// A pool that connects when a connection is needed.
    pub(super) fn pool(connector: Connector, limits: SlotLimits) -> Self {
        let semaphore = FairSemaphore::new(limits);
        let counters = ReadCounters::default();
        let pool = ReaderPool { connector, semaphore, idle: Mutex::new(Some(Idle::new())), counters };
        Self { connections: Connections::Pool(Arc::new(pool)), share_key: ShareKey::default(), metric_callback: None }
    }

    pub(super) fn single(connection: DatabaseConnection) -> Self {
        Self { connections: Connections::Single(connection), share_key: ShareKey::default(), metric_callback: None }
    }

    /// The same connections, on behalf of this caller.
    #[must_use]
    pub fn with_share(&self, share_key: ShareKey) -> Self {
        let (connections, metric_callback) = (self.connections.clone(), self.metric_callback.clone());
        Self { connections, share_key, metric_callback }
    }

    /// Makes one connection, so that a wrong URL shows now.
    pub(super) async fn check(&self) -> Result<(), DbErr> {
        match &self.connections {
            Connections::Pool(pool) => pool.acquire(self.share_key).await.map(|guard| guard.release(false)),
            Connections::Single(_) => Ok(()),
        }
    }

    /// Sets `PostgreSQL`'s `statement_timeout` on connections that are made from now on: it ends statements when this
    /// process or the network is gone, so that none can be cancelled.
    pub fn set_statement_timeout(&self, time: Duration) {
        if let Connections::Pool(pool) = &self.connections {
            pool.connector.set_statement_timeout(time);
        }
    }

    /// A connection outside of the pool, for a transaction that may take long.
    #[must_use]
    pub fn dedicated(&self) -> DatabaseConnection {
        match &self.connections {
            Connections::Pool(pool) => pool.connector.single_connection(),
            Connections::Single(connection) => connection.clone(),
        }
    }

    /// Calls this after every statement of this handle and its clones.
    pub fn set_metric_callback(&mut self, callback: impl Fn(&Info<'_>) + Send + Sync + 'static) {
        self.metric_callback = Some(Arc::new(callback));
    }

    /// How the slots are used, and how many there are.
    #[must_use]
    pub fn usage(&self) -> (SlotUsage, usize) {
        match &self.connections {
            Connections::Pool(pool) => (pool.semaphore.usage(), pool.semaphore.limits().total()),
            Connections::Single(_) => (SlotUsage::default(), 1),
        }
    }

    /// Counters since the start; none of a single connection.
    #[must_use]
    pub fn counters(&self) -> Option<&ReadCounters> {
        match &self.connections {
            Connections::Pool(pool) => Some(&pool.counters),
            Connections::Single(_) => None,
        }
    }

    /// Closes all connections once their statements have ended. Nothing can be read after that.
    ///
    /// # Errors
    /// When a single connection reports an error while closing.
    pub async fn close(&self) -> Result<(), DbErr> {
        match &self.connections {
            Connections::Pool(pool) => pool.close().await,
            Connections::Single(connection) => connection.close_by_ref().await?,
        }
        Ok(())
    }

    /// Reads the rows of a statement while each of them is `wanted`. When one is not, cancels the statement and
    /// returns none, so that no row is kept in memory.
    ///
    /// # Errors
    /// When the database fails, or `wanted` does.
    pub async fn query_while(
        &self,
        statement: &ReadStatement,
        values: Values,
        mut wanted: impl FnMut(&QueryResult) -> Result<bool, DbErr> + Send,
    ) -> Result<Option<Vec<QueryResult>>, DbErr> {
        match &self.connections {
            Connections::Pool(pool) => self.run(pool, statement, values, &mut wanted).await,
            Connections::Single(connection) => {
                let mut rows = Vec::new();
                for row in connection.query_all_raw(self.statement(statement, values)).await? {
                    if !wanted(&row)? {
                        return Ok(None);
                    }
                    rows.push(row);
                }
                Ok(Some(rows))
            }
        }
    }

    async fn run(
        &self,
        pool: &Arc<ReaderPool>,
        statement: &ReadStatement,
        values: Values,
        wanted: RowPredicate<'_>,
    ) -> Result<Option<Vec<QueryResult>>, DbErr> {
        let mut guard = pool.acquire(self.share_key).await?;
        let started = Instant::now();
        let described = self.metric_callback.as_ref().map(|_| self.statement(statement, values.clone()));
        let result = guard.connection().query(statement, values, wanted).await;
        // A statement that stopped midway is cancelled by dropping the guard.
        if !matches!(result, Ok(None)) {
            guard.release(result.is_err());
        }
        if let (Some(callback), Some(statement)) = (&self.metric_callback, &described) {
            callback(&Info { elapsed: started.elapsed(), statement, failed: result.is_err() });
        }
        result.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

impl Readers {
    fn statement(&self, statement: &ReadStatement, values: Values) -> Statement {
        Statement { sql: statement.text().to_owned(), values: Some(values), db_backend: self.get_database_backend() }
    }
}

impl ReaderPool {
    /// A connection that works, as far as can be told.
    async fn acquire(self: &Arc<Self>, key: ShareKey) -> Result<ConnectionGuard, DbErr> {
        let late = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let closed = |_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let acquire_timeout = self.connector.statement_timeout().max(MIN_ACQUIRE_TIMEOUT);
        let permit = timeout(acquire_timeout, self.semaphore.acquire(key)).await.map_err(late)?.map_err(closed)?;
        timeout(CONNECT_TIMEOUT, self.connect(permit)).await.map_err(late)?
    }

    async fn connect(self: &Arc<Self>, permit: Permit) -> Result<ConnectionGuard, DbErr> {
        while let Some((mut connection, since)) = self.take_idle() {
            if connection.is_alive(since.elapsed()).await {
                return Ok(ConnectionGuard::new(self, permit, connection));
            }
        }
        let connected = self.connector.connect().await;
        self.counters.connected.fetch_add(1, Ordering::Relaxed);
        let failed = |error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)));
        Ok(ConnectionGuard::new(self, permit, connected.map_err(failed)?))
    }

    /// The connection used last: its caches are warm.
    fn take_idle(&self) -> Option<(ReadConnection, Instant)> {
        self.idle().as_mut()?.pop()
    }

    /// Keeps a connection as idle, or gives it back if there are enough. Connections beyond the fast slots are not
    /// kept: each costs memory.
    fn put_back(&self, connection: ReadConnection) -> Option<ReadConnection> {
        let mut idle = self.idle();
        match idle.as_mut().filter(|idle| idle.len() < self.semaphore.limits().fast) {
            Some(idle) => idle.push((connection, Instant::now())),
            None => return Some(connection),
        }
        None
    }

    async fn close(&self) {
        let _ = timeout(CLOSE_TIMEOUT, self.semaphore.close()).await;
        let idle = self.idle().take().unwrap_or_default();
        for (connection, _) in idle {
            connection.close().await;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ConnectionTrait for Readers {
    fn get_database_backend(&self) -> DbBackend {
        match &self.connections {
            Connections::Pool(pool) => pool.connector.backend(),
            Connections::Single(connection) => connection.get_database_backend(),
        }
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("this connection only reads".to_owned()))
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("this connection only reads".to_owned()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.connections {
            Connections::Pool(pool) => {
                let (sql, values) = (statement.sql.into(), statement.values.unwrap_or(Values(Vec::new())));
                Ok(self.run(pool, &sql, values, &mut |_| Ok(true)).await?.unwrap_or_default())
            }
            Connections::Single(connection) => connection.query_all_raw(statement).await,
        }
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Readers").field("usage", &self.usage()).finish_non_exhaustive()
    }
}
