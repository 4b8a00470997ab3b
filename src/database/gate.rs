//! Whether the database has been opened: it answered once, and its schema is the one we know.

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Opens once and stays open; clones are one gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    /// A gate that somebody has yet to open.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// A gate that is open already.
    #[must_use]
    pub fn opened() -> Self {
        Self(Arc::new(watch::Sender::new(true)))
    }

    /// Opens it, for good.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when it is open.
    pub async fn wait(&self) {
        // The sender is part of this very gate, so it cannot be gone.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
    /// As [`Self::wait`], but gives up when `stop` is cancelled; whether it is open.
    pub async fn wait_unless(&self, stop: &CancellationToken) -> bool {
        stop.run_until_cancelled(self.wait()).await.is_some()
    }
}
