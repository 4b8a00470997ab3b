//! `LISTEN` on a dedicated connection to `PostgreSQL`: wakes the notice poller when something changed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use sea_orm::sqlx::{Executor as _, postgres::PgListener};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Changes;
use crate::database::{Component, Database, Outages};

/// The channel of `NOTIFY`.
pub const CHANNEL: &str = "promograph_changes";
/// Delay before connecting again.
const RETRY_DELAY: Duration = Duration::from_secs(2);
/// After this silence a query checks that the connection still works.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// Time limit for that query.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether a connection listens now; clones share it.
#[derive(Clone, Debug, Default)]
pub struct ListenerStatus {
    on: Arc<AtomicBool>,
    /// Outages of the database.
    outages: Outages,
    /// Outages of the direct URL alone.
    direct_outages: Outages,
}

impl ListenerStatus {
    /// No connection listens to this database yet.
    #[must_use]
    pub fn of(db: &Database) -> Self {
        let direct_outages = Outages::of("the database at PROMOGRAPH_DATABASE_DIRECT_URL");
        Self { on: Arc::default(), outages: db.outages.clone(), direct_outages }
    }

    /// Whether a connection listens.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    fn set(&self, on: bool) {
        self.on.store(on, Ordering::SeqCst);
    }
}

/// Listens until `shutdown`, and wakes the notice poller of `changes`. The URL must lead to the server itself:
/// `LISTEN` does not work through a transaction pooler. While the connection is lost the poller polls at its own
/// interval.
pub async fn run(url: &str, changes: &Changes, status: &ListenerStatus, shutdown: &CancellationToken) {
    let mut failures = 0_u32;
    loop {
        let ended = tokio::select! {
            () = shutdown.cancelled() => return,
            ended = listen(url, changes, status) => ended,
        };
        // An outage of the database is reported by the poller, which polls now; this reports one of the direct URL.
        failures = if status.is_on() { 1 } else { failures + 1 };
        status.set(false);
        changes.wake();
        if let Err(error) = ended
            && failures > 1
            && !status.outages.is_open()
        {
            status.direct_outages.failed(Component::PgListener, format!("{error:#}; so it is polled for changes"));
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RETRY_DELAY) => {}
        }
    }
}

/// Returns when the connection is lost.
async fn listen(url: &str, changes: &Changes, status: &ListenerStatus) -> anyhow::Result<()> {
    // The driver's own message could repeat the URL and its password.
    let mut listener = PgListener::connect(url)
        .await
        .map_err(|_| anyhow::anyhow!("the database does not answer at the direct URL"))?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await.context("LISTEN was refused")?;
    status.set(true);
    status.direct_outages.works(Component::PgListener);
    // Notifications before this were missed.
    changes.wake();
    loop {
        let Ok(heard) = timeout(KEEPALIVE_INTERVAL, listener.try_recv()).await else {
            let answer = timeout(KEEPALIVE_TIMEOUT, listener.execute("select 1")).await;
            answer.context("the connection does not answer")?.context("the connection was lost")?;
            continue;
        };
        if heard.context("the connection was lost")?.is_none() {
            return Ok(());
        }
        changes.wake();
    }
}
