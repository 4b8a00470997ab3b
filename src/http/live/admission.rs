//! Open connections: for how long their tokens are valid, and how many subscriptions each token subject has.

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

/// How often the tokens of open connections are checked.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The longest time until an expiry that is scheduled.
const MAX_EXPIRY_MS: u64 = 366 * 24 * 3_600_000;

/// The open connections. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: LiveLimits,
    authenticator: Authenticator,
    stop: CancellationToken,
    sockets: TaskTracker,
    streams: TaskTracker,
    registry: Mutex<Registry>,
    watching: AtomicBool,
}

#[derive(Debug, Default)]
struct Registry {
    /// Tokens that can be revoked.
    tokens: HashMap<Arc<Revocable>, TokenEntry>,
    /// The number of subscriptions.
    subscribers: HashMap<Subscriber, usize>,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveCounts {
    /// `WebSocket`s, authenticated or not.
    pub sockets: usize,
    /// Event streams.
    pub streams: usize,
    /// Subscriptions on all connections.
    pub subscriptions: usize,
}

/// Includes the viewer: all tokens that a portal issues may have the same `sub`.
type Subscriber = (Viewer, String);

#[derive(Debug)]
struct TokenEntry {
    revoked: CancellationToken,
    connections: usize,
}

impl Live {
    /// Without connections. All of them end when `stop` is cancelled.
    #[must_use]
    pub fn new(limits: LiveLimits, authenticator: Authenticator, stop: CancellationToken) -> Self {
        Self(Arc::new(Inner {
            limits,
            authenticator,
            stop,
            sockets: TaskTracker::new(),
            streams: TaskTracker::new(),
            registry: Mutex::default(),
            watching: AtomicBool::new(false),
        }))
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &LiveLimits {
        &self.0.limits
    }

    /// Cancelled when the server stops.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Tracks the task of a `WebSocket`: [`Self::ended`] waits for it.
    pub(super) fn track_socket<F: Future>(&self, socket: F) -> impl Future<Output = F::Output> + use<F> {
        self.0.sockets.track_future(socket)
    }

    /// Tracks the task of an event stream: [`Self::ended`] waits for it.
    pub(super) fn track_stream<F: Future>(&self, stream: F) -> impl Future<Output = F::Output> + use<F> {
        self.0.streams.track_future(stream)
    }

    /// What is open now.
    #[must_use]
    pub fn size(&self) -> LiveCounts {
        let subscriptions = self.0.registry().subscribers.values().sum();
        LiveCounts { sockets: self.0.sockets.len(), streams: self.0.streams.len(), subscriptions }
    }

    /// Resolves when no connection is left, after the stop.
    pub async fn ended(&self) {
        for open in [&self.0.sockets, &self.0.streams] {
            open.close();
            open.wait().await;
        }
    }

    /// Registers a connection for as long as its token is valid.
    pub(in crate::http) fn admit(&self, session: &Session) -> Admission {
        let left = session.expires_at.saturating_mul(1_000).saturating_sub(now_ms());
        let left = u64::try_from(left).unwrap_or(0).min(MAX_EXPIRY_MS);
        let expires = Instant::now() + Duration::from_millis(left);
        let token = session.revocable.clone();
        let mut revoked = CancellationToken::new();
        if let Some(token) = &token {
            let mut registry = self.0.registry();
            let known =
                registry.tokens.entry(token.clone()).or_insert(TokenEntry { revoked: revoked.clone(), connections: 0 });
            known.connections += 1;
            revoked = known.revoked.clone();
            drop(registry);
            self.watch();
        }
        Admission { live: self.clone(), token, revoked, expires }
    }

    /// A slot for one more subscription of the session's subject.
    ///
    /// # Errors
    /// When the limit is reached.
    pub(super) fn subscribe(&self, session: &Session) -> Result<SubscriptionSlot, StreamEnd> {
        let max = self.0.limits.subscriptions;
        let subscriber = (session.viewer, session.subject.clone());
        let mut registry = self.0.registry();
        let count = registry.subscribers.entry(subscriber.clone()).or_default();
        if *count >= max {
            return Err(StreamEnd::over_subscriptions(max));
        }
        *count += 1;
        drop(registry);
        Ok(SubscriptionSlot { live: self.clone(), subscriber })
    }

    /// Starts checking tokens, once.
    fn watch(&self) {
        if !self.0.watching.swap(true, Ordering::Relaxed) {
            tokio::spawn(watch(Arc::downgrade(&self.0)));
        }
    }
}

impl Inner {
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn check_tokens(&self) {
        let tokens: Vec<_> = self.registry().tokens.keys().cloned().collect();
        if tokens.is_empty() {
            return;
        }
        match self.authenticator.find_invalid(tokens).await {
            Ok(ended) => {
                let registry = self.registry();
                for known in ended.iter().filter_map(|token| registry.tokens.get(token)) {
                    known.revoked.cancel();
                }
            }
            // Without the database nothing is delivered either; the next poll decides.
            Err(error) => tracing::debug!(%error, "cannot check tokens of open connections"),
        }
    }
}

async fn watch(inner: Weak<Inner>) {
    loop {
        sleep(POLL_INTERVAL).await;
        let Some(inner) = inner.upgrade() else { return };
        if inner.stop.is_cancelled() {
            return;
        }
        inner.check_tokens().await;
    }
}

/// An authenticated connection, registered until dropped.
#[derive(Debug)]
pub(in crate::http) struct Admission {
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
        let mut registry = self.live.0.registry();
        if let Some(known) = registry.tokens.get_mut(token) {
            known.connections -= 1;
            if known.connections == 0 {
                registry.tokens.remove(token);
            }
        }
    }
}

/// A counted subscription, free again when dropped.
#[derive(Debug)]
pub(super) struct SubscriptionSlot {
    live: Live,
    subscriber: Subscriber,
}

impl Drop for SubscriptionSlot {
    fn drop(&mut self) {
        let mut registry = self.live.0.registry();
        if let Some(count) = registry.subscribers.get_mut(&self.subscriber) {
            *count -= 1;
            if *count == 0 {
                registry.subscribers.remove(&self.subscriber);
            }
        }
    }
}

#[cfg(test)]
mod tests;
