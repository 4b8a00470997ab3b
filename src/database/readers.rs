//! The connections that read, and what becomes of a read that nobody waits for any more.
//!
//! A read's future may be dropped at any time: its caller hung up, or its time is over. Then its
//! statement is cancelled in the database at once. (A pool of the driver's would wait until the
//! statement ends by itself, and for ever when the database's host has vanished.) Until that is done
//! its place is taken, so there are never more statements in the database than places. The places are
//! shared as [`Places`] does it; a connection is made when there is a place and none is idle.

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
    Statement, metric::Info, prelude::async_trait::async_trait, sqlx,
};
use tokio::time::{Instant, timeout};

mod connection;
mod lease;
mod postgres;
mod sqlite;

pub(super) use connection::{Connector, Options};

use super::{Place, Places, Rules, Share, places::Use};
use connection::{Connection, Wanted};
use lease::Lease;

/// How long to wait for a place, and as long as a statement may take: longer than requests have, so that who
/// waits for others is not told that the database is away.
const WAIT: Duration = Duration::from_secs(10);
/// How long it may take to find a connection that works, or to make one.
const CONNECT: Duration = Duration::from_secs(8);
/// How long closing waits for those who read.
const CLOSE: Duration = Duration::from_secs(8);

/// Connections, and since when nobody used them.
type Idle = Vec<(Connection, Instant)>;

type Callback = Arc<dyn Fn(&Info<'_>) + Send + Sync>;

/// The connections that read, as one of those who share them uses them; cheap to clone.
#[derive(Clone)]
pub struct Readers {
    kind: Kind,
    share: Share,
    watcher: Option<Callback>,
}

#[derive(Clone)]
enum Kind {
    Own(Arc<Own>),
    /// The one connection of somebody who needs one state or temporary tables.
    Borrowed(DatabaseConnection),
}

struct Own {
    connector: Connector,
    places: Places,
    /// None once they are closed.
    idle: Mutex<Option<Idle>>,
    counters: Counters,
}

/// What happened since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Statements that were begun.
    pub statements: AtomicU64,
    /// Statements that were cancelled because nobody waited for them any more.
    pub cancelled: AtomicU64,
    /// Connections that were made.
    pub connected: AtomicU64,
}

impl Readers {
    /// Connections that are made when they are needed.
    pub(super) fn new(connector: Connector, rules: Rules) -> Self {
        let places = Places::new(rules);
        let own = Own { connector, places, idle: Mutex::new(Some(Idle::new())), counters: Counters::default() };
        Self { kind: Kind::Own(Arc::new(own)), share: Share::default(), watcher: None }
    }

    pub(super) fn borrowing(connection: DatabaseConnection) -> Self {
        Self { kind: Kind::Borrowed(connection), share: Share::default(), watcher: None }
    }

    /// The same connections, on behalf of this share.
    #[must_use]
    pub fn of(&self, share: Share) -> Self {
        Self { share, ..self.clone() }
    }

    /// Makes one connection, so that a mistake shows now.
    pub(super) async fn check(&self) -> Result<(), DbErr> {
        match &self.kind {
            Kind::Own(own) => own.lease(self.share).await.map(Lease::finish),
            Kind::Borrowed(_) => Ok(()),
        }
    }

    /// Has `PostgreSQL` end statements by itself after this time: a net under the cancelling, for when
    /// this process or the way to the database is gone. For connections that are made from now on.
    pub fn end_statements_after(&self, time: Duration) {
        if let Kind::Own(own) = &self.kind {
            own.connector.end_statements_after(time);
        }
    }

    /// A connection apart from the others, for who needs a transaction and has time.
    #[must_use]
    pub fn apart(&self) -> DatabaseConnection {
        match &self.kind {
            Kind::Own(own) => own.connector.pool(),
            Kind::Borrowed(connection) => connection.clone(),
        }
    }

    /// Shows every statement of this handle, and of those that are cloned of it, once it has ended.
    pub fn set_metric_callback(&mut self, watcher: impl Fn(&Info<'_>) + Send + Sync + 'static) {
        self.watcher = Some(Arc::new(watcher));
    }

    /// How the connections are used, and how many there may be.
    #[must_use]
    pub fn in_use(&self) -> (Use, usize) {
        match &self.kind {
            Kind::Own(own) => (own.places.in_use(), own.places.rules().most()),
            Kind::Borrowed(_) => (Use::default(), 1),
        }
    }

    /// What happened since the start; none of a borrowed connection.
    #[must_use]
    pub fn counters(&self) -> Option<&Counters> {
        match &self.kind {
            Kind::Own(own) => Some(&own.counters),
            Kind::Borrowed(_) => None,
        }
    }

    /// Closes all connections, once what they read has come. Nothing can be read after that.
    ///
    /// # Errors
    /// When a borrowed connection reports an error while closing.
    pub async fn close(&self) -> Result<(), DbErr> {
        match &self.kind {
            Kind::Own(own) => own.close().await,
            Kind::Borrowed(connection) => connection.close_by_ref().await?,
        }
        Ok(())
    }

    /// Reads the rows of a statement for as long as each of them is wanted; none when one was not. Then
    /// the statement is cancelled, and no row is left in memory.
    ///
    /// # Errors
    /// When the database fails, or a row cannot be judged.
    pub async fn query_while(
        &self,
        statement: Statement,
        mut wanted: impl FnMut(&QueryResult) -> Result<bool, DbErr> + Send,
    ) -> Result<Option<Vec<QueryResult>>, DbErr> {
        match &self.kind {
            Kind::Own(own) => self.run(own, &statement, &mut wanted).await,
            Kind::Borrowed(connection) => {
                let mut rows = Vec::new();
                for row in connection.query_all_raw(statement).await? {
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
        own: &Arc<Own>,
        statement: &Statement,
        wanted: Wanted<'_>,
    ) -> Result<Option<Vec<QueryResult>>, DbErr> {
        let mut lease = own.lease(self.share).await?;
        let started = Instant::now();
        let read = lease.connection().query(statement, wanted).await;
        // Who stopped in the midst of the rows leaves the lease to be cancelled.
        if !matches!(read, Ok(None)) {
            lease.end(read.is_err());
        }
        if let Some(watcher) = &self.watcher {
            watcher(&Info { elapsed: started.elapsed(), statement, failed: read.is_err() });
        }
        read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

impl Own {
    /// A connection that works, as far as can be told.
    async fn lease(self: &Arc<Self>, share: Share) -> Result<Lease, DbErr> {
        let late = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let closed = |_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let wait = self.connector.longest_statement().max(WAIT);
        let place = timeout(wait, self.places.take(share)).await.map_err(late)?.map_err(closed)?;
        timeout(CONNECT, self.connected(place)).await.map_err(late)?
    }

    async fn connected(self: &Arc<Self>, place: Place) -> Result<Lease, DbErr> {
        while let Some((mut connection, since)) = self.take_idle() {
            if connection.is_alive(since.elapsed()).await {
                return Ok(Lease::of(self, place, connection));
            }
        }
        let connected = self.connector.connect().await;
        self.counters.connected.fetch_add(1, Ordering::Relaxed);
        let failed = |error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)));
        Ok(Lease::of(self, place, connected.map_err(failed)?))
    }

    /// The one used last: it is the one whose caches are warm.
    fn take_idle(&self) -> Option<(Connection, Instant)> {
        self.idle().as_mut()?.pop()
    }

    /// Keeps a connection for the next one; gives it back if there are enough. What was needed beside
    /// slow statements is not kept: a connection costs memory.
    fn put_back(&self, connection: Connection) -> Option<Connection> {
        let mut idle = self.idle();
        match idle.as_mut().filter(|idle| idle.len() < self.places.rules().quick) {
            Some(idle) => idle.push((connection, Instant::now())),
            None => return Some(connection),
        }
        None
    }

    async fn close(&self) {
        let _ = timeout(CLOSE, self.places.close()).await;
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
        match &self.kind {
            Kind::Own(own) => own.connector.backend(),
            Kind::Borrowed(connection) => connection.get_database_backend(),
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
        match &self.kind {
            Kind::Own(own) => Ok(self.run(own, &statement, &mut |_| Ok(true)).await?.unwrap_or_default()),
            Kind::Borrowed(connection) => connection.query_all_raw(statement).await,
        }
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Readers").field("in_use", &self.in_use()).finish_non_exhaustive()
    }
}
