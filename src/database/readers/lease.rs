//! A connection while somebody reads by it.

use std::sync::{Arc, atomic::Ordering};

use super::{Connection, Own};
use crate::database::Place;

/// A connection and its place. Dropped before its end, it is the sign that nobody waits any more.
pub(super) struct Lease(Option<Held>);

struct Held {
    own: Arc<Own>,
    connection: Connection,
    place: Place,
}

impl Lease {
    pub(super) fn of(own: &Arc<Own>, place: Place, connection: Connection) -> Self {
        Self(Some(Held { own: Arc::clone(own), connection, place }))
    }

    /// The connection, for one statement.
    pub(super) fn connection(&mut self) -> &mut Connection {
        match &mut self.0 {
            Some(held) => {
                held.own.counters.statements.fetch_add(1, Ordering::Relaxed);
                &mut held.connection
            }
            None => unreachable!("a lease ends by being consumed"),
        }
    }

    /// The statement came to its end.
    pub(super) fn end(mut self, failed: bool) {
        if let Some(Held { own, connection, place }) = self.0.take()
            && (!failed || connection.survives_errors())
        {
            let surplus = own.put_back(connection);
            drop(place);
            if let (Some(surplus), Ok(runtime)) = (surplus, tokio::runtime::Handle::try_current()) {
                runtime.spawn(surplus.close());
            }
        }
    }

    /// Nothing was asked.
    pub(super) fn finish(self) {
        self.end(false);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(Held { own, connection, place }) = self.0.take() else { return };
        own.counters.cancelled.fetch_add(1, Ordering::Relaxed);
        // At the end of the process there is nobody left to cancel anything.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let surplus = match connection.cancelled(&own.connector).await {
                Some(connection) => own.put_back(connection),
                None => None,
            };
            drop(place);
            if let Some(surplus) = surplus {
                surplus.close().await;
            }
        });
    }
}
