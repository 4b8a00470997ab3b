//! A connection while a statement runs on it.

use std::sync::{Arc, atomic::Ordering};

use super::{ReadConnection, ReaderPool};
use crate::database::fair_semaphore::Permit;

/// A connection and its permit. When it is dropped before its statement has ended, the statement is cancelled.
pub(super) struct ConnectionGuard(Option<Held>);

struct Held {
    pool: Arc<ReaderPool>,
    connection: ReadConnection,
    permit: Permit,
}

impl ConnectionGuard {
    pub(super) fn new(pool: &Arc<ReaderPool>, permit: Permit, connection: ReadConnection) -> Self {
        Self(Some(Held { pool: Arc::clone(pool), connection, permit }))
    }

    /// The connection, for one statement.
    pub(super) fn connection(&mut self) -> &mut ReadConnection {
        match &mut self.0 {
            Some(held) => {
                held.pool.counters.statements.fetch_add(1, Ordering::Relaxed);
                &mut held.connection
            }
            None => unreachable!("a guard ends by being consumed"),
        }
    }

    /// The statement has ended, or there was none: gives the connection back.
    pub(super) fn release(mut self, failed: bool) {
        if let Some(Held { pool, connection, permit }) = self.0.take()
            && (!failed || connection.survives_errors())
        {
            let surplus = pool.put_back(connection);
            drop(permit);
            if let (Some(surplus), Ok(runtime)) = (surplus, tokio::runtime::Handle::try_current()) {
                runtime.spawn(surplus.close());
            }
        }
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        let Some(Held { pool, connection, permit }) = self.0.take() else { return };
        pool.counters.cancelled.fetch_add(1, Ordering::Relaxed);
        // At the end of the process there is no runtime left to cancel anything on.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let surplus = match connection.cancel(&pool.connector).await {
                Some(connection) => pool.put_back(connection),
                None => None,
            };
            drop(permit);
            if let Some(surplus) = surplus {
                surplus.close().await;
            }
        });
    }
}
