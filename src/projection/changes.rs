//! What has changed, told after the commit to whoever subscribes: which rows, never their values.
//!
//! Several processes write one database: the servers take turns, and `promograph projection rebuild`
//! runs beside them. So each transaction that changes mirrored rows writes down which (`notes`), and
//! in every server a [`Follower`](super::Follower) reads that and tells it here. Its own process's
//! changes come the same way, so all subscribers hear all commits in the order in which they were made.
//! Of webhook events that were kept the [`announcer`](super::announcer) tells.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

pub(super) mod notes;

/// Commits that a slow subscriber may lie behind before it has to start over.
const BACKLOG: usize = 256;

/// A row whose values changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The table's name.
    pub entity: &'static str,
    /// The row's key.
    pub id: i64,
}

/// What one commit changed. Commits follow each other, and so do their times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The rows, sorted.
    pub rows: Arc<[Change]>,
    /// When it was written, as the rows and the events say themselves: milliseconds since 1970.
    pub at: i64,
    /// Of the webhook events that told it: the one with the largest id (our own). None after a rebuild.
    pub event: Option<Arc<str>>,
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// These rows changed, all in one commit.
    Rows(Commit),
    /// These webhook events (our own ids) were kept.
    Kept(Arc<[String]>),
    /// Notices may have been missed: whatever was read before may be stale.
    Lost,
}

/// The channel of change notices; cheap to clone, all clones are one channel.
#[derive(Clone, Debug)]
pub struct Changes {
    sender: broadcast::Sender<Notice>,
    news: Arc<Notify>,
    followed: Arc<AtomicBool>,
    origin: Arc<str>,
}

impl Default for Changes {
    fn default() -> Self {
        let (sender, origin) = (broadcast::Sender::new(BACKLOG), Uuid::now_v7().to_string().into());
        Self { sender, news: Arc::default(), followed: Arc::default(), origin }
    }
}

impl Changes {
    /// A channel of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hears everything from now on. A receiver that lags behind gets an error from `recv`, which
    /// means the same as [`Notice::Lost`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        let receiver = self.sender.subscribe();
        // Somebody listens now: look more often.
        self.wake();
        receiver
    }

    /// How many subscribers hear it.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Tells the subscribers of this process.
    pub fn tell(&self, notice: Notice) {
        // An error means that nobody listens.
        let _ = self.sender.send(notice);
    }

    /// This process has committed this. Told at once, or by the follower if there is one: it knows the
    /// order among all processes.
    pub(super) fn committed(&self, commit: Commit) {
        if self.followed.load(Ordering::SeqCst) {
            self.wake();
        } else if !commit.rows.is_empty() {
            self.tell(Notice::Rows(commit));
        }
    }

    /// Names this process among those on the same database.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on a follower tells all commits.
    pub(super) fn follow(&self) {
        self.followed.store(true, Ordering::SeqCst);
    }

    /// There may be something to tell.
    pub(super) fn wake(&self) {
        self.news.notify_one();
    }

    /// Resolves when there may be something to tell.
    pub(super) async fn woken(&self) {
        self.news.notified().await;
    }

    /// Whether anybody subscribes.
    pub(super) fn is_heard(&self) -> bool {
        self.sender.receiver_count() > 0
    }
}
