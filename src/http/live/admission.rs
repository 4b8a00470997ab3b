//! Who is connected: for how long their tokens count, and how many subscriptions they have.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    auth::{Authenticator, Revocable, Session, Viewer},
    error::TokenEnd,
    graphql::subscription::StreamEnd,
    limits::LiveLimits,
    time::now_ms,
};

/// How often tokens that do not count any more are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// Further ahead nothing is planned.
const YEAR_MS: u64 = 366 * 24 * 3_600_000;

/// The open connections; cheap to clone.
#[derive(Clone, Debug)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: LiveLimits,
    authenticator: Authenticator,
    stop: CancellationToken,
    sockets: TaskTracker,
    streams: TaskTracker,
    book: Mutex<Book>,
    watching: AtomicBool,
}

#[derive(Debug, Default)]
struct Book {
    /// Those that can be revoked.
    tokens: HashMap<Arc<Revocable>, Known>,
    /// Subscriptions by whose they are.
    subjects: HashMap<Subject, usize>,
}

/// How much is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// `WebSocket`s, also those that did not show a token yet.
    pub sockets: usize,
    /// Event streams.
    pub streams: usize,
    /// Subscriptions on all of them.
    pub subscriptions: usize,
}

/// Tokens that a portal makes may all have one `sub`, so what they see counts too.
type Subject = (Viewer, String);

#[derive(Debug)]
struct Known {
    revoked: CancellationToken,
    connections: usize,
}

impl Live {
    /// No connection yet. All of them end when `stop` is cancelled.
    #[must_use]
    pub fn new(settings: LiveLimits, authenticator: Authenticator, stop: CancellationToken) -> Self {
        Self(Arc::new(Inner {
            settings,
            authenticator,
            stop,
            sockets: TaskTracker::new(),
            streams: TaskTracker::new(),
            book: Mutex::default(),
            watching: AtomicBool::new(false),
        }))
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &LiveLimits {
        &self.0.settings
    }

    /// Cancelled when the server stops.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// What runs for a `WebSocket`, so that [`Self::ended`] waits for it.
    pub(super) fn track_socket<F: Future>(&self, socket: F) -> impl Future<Output = F::Output> + use<F> {
        self.0.sockets.track_future(socket)
    }

    /// What runs for an event stream, so that [`Self::ended`] waits for it.
    pub(super) fn track_stream<F: Future>(&self, stream: F) -> impl Future<Output = F::Output> + use<F> {
        self.0.streams.track_future(stream)
    }

    /// How many are open at the moment.
    #[must_use]
    pub fn size(&self) -> Size {
        let subscriptions = self.0.book().subjects.values().sum();
        Size { sockets: self.0.sockets.len(), streams: self.0.streams.len(), subscriptions }
    }

    /// Resolves when no connection is left; for after the stop.
    pub async fn ended(&self) {
        for open in [&self.0.sockets, &self.0.streams] {
            open.close();
            open.wait().await;
        }
    }

    /// Lets a connection in for as long as its token counts.
    pub(super) fn admit(&self, session: &Session) -> Admission {
        let left = session.expires_at.saturating_mul(1_000).saturating_sub(now_ms());
        let left = u64::try_from(left).unwrap_or(0).min(YEAR_MS);
        let expires = Instant::now() + Duration::from_millis(left);
        let token = session.revocable.clone();
        let mut revoked = CancellationToken::new();
        if let Some(token) = &token {
            let mut book = self.0.book();
            let known = book.tokens.entry(token.clone()).or_insert(Known { revoked: revoked.clone(), connections: 0 });
            known.connections += 1;
            revoked = known.revoked.clone();
            drop(book);
            self.watch();
        }
        Admission { live: self.clone(), token, revoked, expires }
    }

    /// A place for one more subscription of this session's subject.
    ///
    /// # Errors
    /// When it has as many as it may have.
    pub(super) fn place(&self, session: &Session) -> Result<Place, StreamEnd> {
        let most = self.0.settings.subscriptions;
        let subject = (session.viewer, session.subject.clone());
        let mut book = self.0.book();
        let count = book.subjects.entry(subject.clone()).or_default();
        if *count >= most {
            return Err(StreamEnd::over_subscriptions(most));
        }
        *count += 1;
        drop(book);
        Ok(Place { live: self.clone(), subject })
    }

    /// Looks for tokens that do not count any more, from now on.
    fn watch(&self) {
        if !self.0.watching.swap(true, Ordering::Relaxed) {
            tokio::spawn(watch(Arc::downgrade(&self.0)));
        }
    }
}

impl Inner {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look(&self) {
        let tokens: Vec<_> = self.book().tokens.keys().cloned().collect();
        if tokens.is_empty() {
            return;
        }
        match self.authenticator.find_invalid(tokens).await {
            Ok(ended) => {
                let book = self.book();
                for known in ended.iter().filter_map(|token| book.tokens.get(token)) {
                    known.revoked.cancel();
                }
            }
            // Nothing is read meanwhile either; the next look tells.
            Err(error) => tracing::debug!(%error, "cannot look whether tokens count still"),
        }
    }
}

async fn watch(inner: Weak<Inner>) {
    loop {
        sleep(LOOK).await;
        let Some(inner) = inner.upgrade() else { return };
        if inner.stop.is_cancelled() {
            return;
        }
        inner.look().await;
    }
}

/// A connection's right to be there.
#[derive(Debug)]
pub(super) struct Admission {
    live: Live,
    token: Option<Arc<Revocable>>,
    revoked: CancellationToken,
    expires: Instant,
}

impl Admission {
    /// Resolves when the token expires or is revoked.
    pub async fn ended(&self) -> TokenEnd {
        tokio::select! {
            () = self.revoked.cancelled() => TokenEnd::Revoked,
            () = sleep_until(self.expires) => TokenEnd::Expired,
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let Some(token) = &self.token else { return };
        let mut book = self.live.0.book();
        if let Some(known) = book.tokens.get_mut(token) {
            known.connections -= 1;
            if known.connections == 0 {
                book.tokens.remove(token);
            }
        }
    }
}

/// A subscription that counts.
#[derive(Debug)]
pub(super) struct Place {
    live: Live,
    subject: Subject,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut book = self.live.0.book();
        if let Some(count) = book.subjects.get_mut(&self.subject) {
            *count -= 1;
            if *count == 0 {
                book.subjects.remove(&self.subject);
            }
        }
    }
}

#[cfg(test)]
mod tests;
