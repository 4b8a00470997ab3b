//! Hears from `PostgreSQL` when something was changed, on a connection of its own.

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

use super::changes::Changes;
use crate::database::{Component, Database, Outages};

/// The channel of `NOTIFY`.
pub const CHANNEL: &str = "promograph_changes";
/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_secs(2);
/// Who has said nothing for so long is asked whether the connection still leads anywhere.
const SILENCE: Duration = Duration::from_secs(5);
/// How long that answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// Whether a connection listens now; clones are one.
#[derive(Clone, Debug, Default)]
pub struct Listening {
    on: Arc<AtomicBool>,
    /// Of the database that is listened to.
    outages: Outages,
    /// Of this way to it alone.
    own: Outages,
}

impl Listening {
    /// Nobody listens to this database yet.
    #[must_use]
    pub fn to(db: &Database) -> Self {
        let own = Outages::of("the database at PROMOGRAPH_DATABASE_DIRECT_URL");
        Self { on: Arc::default(), outages: db.outages.clone(), own }
    }

    /// Whether it does.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    fn set(&self, on: bool) {
        self.on.store(on, Ordering::SeqCst);
    }
}

/// Listens until `shutdown`, and wakes the follower of `changes`. The URL must lead to the server
/// itself: `LISTEN` does not work through a transaction pooler. While the connection is lost the
/// follower looks by itself, as if nobody listened.
pub async fn run(url: &str, changes: &Changes, listening: &Listening, shutdown: &CancellationToken) {
    let mut failures = 0_u32;
    loop {
        let ended = tokio::select! {
            () = shutdown.cancelled() => return,
            ended = listen(url, changes, listening) => ended,
        };
        // An outage is told by others, who look at once now; this tells when the direct URL alone leads nowhere.
        failures = if listening.is_on() { 1 } else { failures + 1 };
        listening.set(false);
        changes.wake();
        if let Err(error) = ended
            && failures > 1
            && !listening.outages.is_open()
        {
            listening.own.failed(Component::Listener, format!("{error:#}; so it is asked what has changed"));
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Returns when the connection is lost.
async fn listen(url: &str, changes: &Changes, listening: &Listening) -> anyhow::Result<()> {
    // The driver's own words could repeat the URL and its password.
    let mut listener = PgListener::connect(url)
        .await
        .map_err(|_| anyhow::anyhow!("the database does not answer at the direct URL"))?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await.context("LISTEN was refused")?;
    listening.set(true);
    listening.own.works(Component::Listener);
    // What came before was announced to nobody.
    changes.wake();
    loop {
        let Ok(heard) = timeout(SILENCE, listener.try_recv()).await else {
            let answer = timeout(ANSWER, listener.execute("select 1")).await;
            answer.context("the connection leads nowhere")?.context("the connection was lost")?;
            continue;
        };
        if heard.context("the connection was lost")?.is_none() {
            return Ok(());
        }
        changes.wake();
    }
}
