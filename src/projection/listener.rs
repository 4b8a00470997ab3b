//! Hears the change notices of other processes on `PostgreSQL`, on a connection of its own.

use std::time::Duration;

use anyhow::Context as _;
use sea_orm::sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use super::changes::{CHANNEL, Changes, Notice};

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_secs(2);

/// Listens until `shutdown`. The URL must lead to the server itself: `LISTEN` does not work through
/// a transaction pooler. Whenever the connection was lost, subscribers hear [`Notice::Lost`].
pub async fn run(url: &str, changes: &Changes, shutdown: &CancellationToken) {
    loop {
        let ended = tokio::select! {
            () = shutdown.cancelled() => return,
            ended = listen(url, changes) => ended,
        };
        changes.tell(Notice::Lost);
        if let Err(error) = ended {
            tracing::warn!("change notices of other processes are not heard: {error:#}");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Returns when the connection is lost.
async fn listen(url: &str, changes: &Changes) -> anyhow::Result<()> {
    // The driver's own words could repeat the URL and its password.
    let mut listener = PgListener::connect(url)
        .await
        .map_err(|_| anyhow::anyhow!("the database does not answer at the direct URL"))?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await.context("LISTEN was refused")?;
    // What was told between two connections was missed.
    changes.tell(Notice::Lost);
    while let Some(notification) = listener.try_recv().await.context("the connection was lost")? {
        if let Some(notice) = changes.heard(notification.payload()) {
            changes.tell(notice);
        }
    }
    Ok(())
}
