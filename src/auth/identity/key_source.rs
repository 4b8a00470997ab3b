//! The source of the provider's keys, and when they are refreshed.
//!
//! | From a URL | |
//! |---|---|
//! | refreshed in the background | when they are older than ten minutes |
//! | refreshed for an unknown key | at most every ten seconds, whatever keys tokens name |
//! | retried after a failure | after 1, 2, 4, ... seconds, up to five minutes |
//! | used while the URL fails | for 24 hours |
//!
//! There is never more than one request at a time; others wait for its result. A file is checked for changes once a
//! second; while it cannot be read, the last keys stay in use.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use tokio::sync::Mutex as AsyncMutex;

use super::{
    fetch::Fetcher,
    header::Header,
    key_set::{KeySet, VerificationKey},
};

const SECOND: i64 = 1000;
/// How long fetched keys are used without a refresh.
const FRESH_TTL: i64 = 10 * 60 * SECOND;
/// How long they are used while the refresh fails.
const STALE_TTL: i64 = 24 * 60 * 60 * SECOND;
/// After a successful fetch: minimum time before an unknown key causes the next one.
const MIN_REFRESH_INTERVAL: i64 = 10 * SECOND;
/// Maximum delay after failures.
const MAX_RETRY_DELAY: i64 = 5 * 60 * SECOND;
/// How often a file is checked for changes.
const FILE_POLL_INTERVAL: i64 = SECOND;
/// As in [`super::fetch`].
const MAX_FILE_BYTES: u64 = 256 * 1024;

/// There are no keys, so tokens cannot be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keys of the identity provider are not available")]
pub struct NoKeys;

/// The provider's keys. Cheap to clone.
#[derive(Clone)]
pub struct KeySource(Arc<Inner>);

struct Inner {
    source: KeyLocation,
    state: Mutex<State>,
    /// Held while the source is read.
    flight: Arc<AsyncMutex<()>>,
}

enum KeyLocation {
    File(PathBuf),
    Url(Box<Fetcher>),
}

/// Times are in milliseconds.
#[derive(Default)]
struct State {
    set: Option<Arc<KeySet>>,
    obtained_at: i64,
    tried_at: Option<i64>,
    failures: u32,
    file: Option<Fingerprint>,
}

/// Changes whenever a file is replaced or written.
#[derive(Clone, PartialEq, Eq)]
struct Fingerprint {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl KeySource {
    /// Keys from an `https` URL (fetched on first use) or from a file (read at once).
    ///
    /// # Errors
    /// The reason.
    pub fn open(place: &str) -> Result<Self, String> {
        let mut state = State::default();
        let source = if place.contains("://") {
            KeyLocation::Url(Box::new(Fetcher::new(place)?))
        } else {
            let path = PathBuf::from(place);
            let shown = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
            let shown = shown.display();
            let (file, set) = read(&path).map_err(|error| format!("expected a readable file, {shown}: {error}"))?;
            let set = KeySet::parse(&set).map_err(|error| format!("the file {shown} cannot be used: {error}"))?;
            (state.set, state.file) = (Some(Arc::new(set)), Some(file));
            KeyLocation::File(path)
        };
        let flight = Arc::new(AsyncMutex::new(()));
        Ok(Self(Arc::new(Inner { source, state: Mutex::new(state), flight })))
    }

    /// Fetches the keys before the first token arrives.
    pub async fn prepare(&self, now: i64) {
        if matches!(self.0.source, KeyLocation::Url(_)) {
            self.refresh(now).await;
        }
    }

    /// The key for a header; none if there is no such key.
    pub(super) async fn find(&self, header: &Header, now: i64) -> Result<Option<Arc<VerificationKey>>, NoKeys> {
        let is_file = matches!(self.0.source, KeyLocation::File(_));
        if is_file && self.0.is_due(now) {
            self.refresh(now).await;
        }
        let set = self.0.usable(now);
        if let Some(key) = set.as_ref().and_then(|set| set.find(header)) {
            if !is_file && self.0.is_old(now) && self.0.is_due(now) {
                self.refresh_in_background(now);
            }
            return Ok(Some(key));
        }
        if is_file {
            return Ok(None);
        }
        if self.0.is_due(now) {
            self.refresh(now).await;
        }
        Ok(self.0.usable(now).ok_or(NoKeys)?.find(header))
    }

    /// Reads the source, unless another caller did so while this one waited. Runs in a task of its own: it must not be
    /// cancelled with the request, or every request that is aborted would restart it.
    async fn refresh(&self, now: i64) {
        let inner = Arc::clone(&self.0);
        let flight = Arc::clone(&inner.flight).lock_owned().await;
        if !inner.is_due(now) {
            return;
        }
        let work = tokio::spawn(async move {
            inner.read_source(now).await;
            drop(flight);
        });
        // A panic of the task is logged by the panic hook.
        let _ = work.await;
    }

    fn refresh_in_background(&self, now: i64) {
        let inner = Arc::clone(&self.0);
        if let Ok(flight) = Arc::clone(&inner.flight).try_lock_owned() {
            tokio::spawn(async move {
                inner.read_source(now).await;
                drop(flight);
            });
        }
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn usable(&self, now: i64) -> Option<Arc<KeySet>> {
        let state = self.state();
        let is_usable =
            matches!(self.source, KeyLocation::File(_)) || now.abs_diff(state.obtained_at) < STALE_TTL.unsigned_abs();
        state.set.clone().filter(|_| is_usable)
    }

    fn is_old(&self, now: i64) -> bool {
        now.abs_diff(self.state().obtained_at) >= FRESH_TTL.unsigned_abs()
    }

    /// Whether the source may be read again.
    fn is_due(&self, now: i64) -> bool {
        let state = self.state();
        let pause = match (&self.source, state.failures) {
            (KeyLocation::File(_), _) => FILE_POLL_INTERVAL,
            (KeyLocation::Url(_), 0) => MIN_REFRESH_INTERVAL,
            (KeyLocation::Url(_), failures) => (SECOND << (failures - 1).min(20)).min(MAX_RETRY_DELAY),
        };
        state.tried_at.is_none_or(|tried_at| now.abs_diff(tried_at) >= pause.unsigned_abs())
    }

    async fn read_source(&self, now: i64) {
        match &self.source {
            KeyLocation::Url(fetcher) => {
                let set = fetcher.fetch().await.and_then(|bytes| KeySet::parse(&bytes));
                self.keep(set, now);
            }
            KeyLocation::File(path) => {
                let (path, known) = (path.clone(), self.state().file.clone());
                let changed = tokio::task::spawn_blocking(move || match fingerprint(&path) {
                    Ok(found) if Some(&found) == known.as_ref() => None,
                    Ok(_) => Some(read(&path).map_err(|error| error.to_string())),
                    Err(error) => Some(Err(error.to_string())),
                });
                match changed.await {
                    Ok(None) | Err(_) => self.state().tried_at = Some(now),
                    Ok(Some(Ok((file, bytes)))) => {
                        self.state().file = Some(file);
                        self.keep(KeySet::parse(&bytes), now);
                    }
                    Ok(Some(Err(error))) => self.keep(Err(error), now),
                }
            }
        }
    }

    fn keep(&self, read: Result<KeySet, String>, now: i64) {
        let mut state = self.state();
        state.tried_at = Some(now);
        match read {
            Ok(set) => {
                tracing::debug!(keys = set.len(), "read the keys of the identity provider");
                state.set = Some(Arc::new(set));
                state.obtained_at = now;
                state.failures = 0;
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                let so_far = if state.set.is_some() { "those that are known stay in use" } else { "there are none" };
                // A file is checked every second: the same failure is logged once.
                if matches!(self.source, KeyLocation::Url(_)) || state.failures == 1 {
                    tracing::warn!(%error, "PROMOGRAPH_JWKS: cannot read the identity provider's keys; {so_far}");
                }
            }
        }
    }
}

fn read(path: &std::path::Path) -> io::Result<(Fingerprint, Vec<u8>)> {
    let file = fingerprint(path)?;
    if file.length > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("it has more than {MAX_FILE_BYTES} bytes")));
    }
    Ok((file, std::fs::read(path)?))
}

fn fingerprint(path: &std::path::Path) -> io::Result<Fingerprint> {
    let metadata = std::fs::metadata(path)?;
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    Ok(Fingerprint { modified: metadata.modified().ok(), length: metadata.len(), inode })
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeySource")
    }
}
