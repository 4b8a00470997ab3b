//! Change notices for subscribers, published after the commit: which rows changed, never their values.
//!
//! Several processes write one database: the servers, of which one projects at a time, and `promograph projection
//! rebuild` beside them. So each transaction that changes mirrored rows stores a notice (`notice_codec`) in the same
//! transaction; a [`NoticePoller`] in every server reads those and publishes them to its own subscribers. A process's
//! own changes take the same way, so all subscribers get all commits in their order. Notices of new webhook events are
//! stored by the [`notice_writer`]; the [`pg_listener`] only wakes the poller.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

pub(super) mod notice_codec;
mod notice_poller;
pub mod notice_writer;
pub mod pg_listener;

pub use notice_poller::NoticePoller;

/// Commits that a slow subscriber may lag behind before it has to start over.
const MAX_LAG: usize = 256;

/// A row whose values changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The table's name.
    pub entity: &'static str,
    /// The row's key.
    pub id: i64,
}

/// The changes of one commit. Commits are in order, and so are their times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The rows, sorted.
    pub rows: Arc<[Change]>,
    /// When it was written, by the clock that rows and events also take: milliseconds since 1970.
    pub at: i64,
    /// Of the webhook events applied by it, the one with the largest id (our own). `None` for a rebuild.
    pub event: Option<Arc<str>>,
}

/// A message to subscribers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// These rows changed, all in one commit.
    Rows(Commit),
    /// These webhook events (our own ids) were stored.
    NewEvents(Arc<[String]>),
    /// Notices may have been missed: whatever was read before may be stale.
    Lost,
}

/// The channel of change notices; clones are the same channel.
#[derive(Clone, Debug)]
pub struct Changes {
    sender: broadcast::Sender<Notice>,
    wake: Arc<Notify>,
    is_polled: Arc<AtomicBool>,
    origin: Arc<str>,
}

impl Default for Changes {
    fn default() -> Self {
        let (sender, origin) = (broadcast::Sender::new(MAX_LAG), Uuid::now_v7().to_string().into());
        Self { sender, wake: Arc::default(), is_polled: Arc::default(), origin }
    }
}

impl Changes {
    /// A new channel.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Receives everything from now on. A receiver that lags behind gets an error from `recv`, which
    /// means the same as [`Notice::Lost`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        let receiver = self.sender.subscribe();
        // With a subscriber the tables are polled more often.
        self.wake();
        receiver
    }

    /// The number of subscribers.
    #[must_use]
    pub fn subscriber_count(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Sends a notice to the subscribers of this process.
    pub fn publish(&self, notice: Notice) {
        // An error means that there is no subscriber.
        let _ = self.sender.send(notice);
    }

    /// Publishes a commit of this process: at once, or through the poller if there is one, which knows the order of
    /// the commits of all processes.
    pub(super) fn publish_commit(&self, commit: Commit) {
        if self.is_polled.load(Ordering::SeqCst) {
            self.wake();
        } else if !commit.rows.is_empty() {
            self.publish(Notice::Rows(commit));
        }
    }

    /// Identifies this process among those on the same database.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on a poller publishes all commits.
    pub(super) fn set_polled(&self) {
        self.is_polled.store(true, Ordering::SeqCst);
    }

    /// Wakes the poller: there may be new notices.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Resolves after [`Self::wake`].
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Whether there is any subscriber.
    pub(super) fn has_subscribers(&self) -> bool {
        self.sender.receiver_count() > 0
    }
}
