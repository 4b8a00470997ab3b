//! Logs outages of a database: once when it stops answering, then every minute with the duration and the number of
//! webhooks in the spool, and once when it answers again, however many components notice it.
//!
//! A component reports that it failed, and later that it works again. The outage ends when all components work again: a
//! database may answer reads and refuse writes. Requests report nothing, since the components notice within seconds.

use std::{
    fmt::Display,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// How often a lasting outage is logged.
const REMINDER_INTERVAL: Duration = Duration::from_secs(60);

/// Components that use the database all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Component {
    /// Opens the database at the start.
    Opening = 1,
    /// Stores webhooks, or moves them from the spool.
    Inbox = 1 << 1,
    /// Applies events.
    Projector = 1 << 2,
    /// Polls the change notices of other processes.
    NoticePoller = 1 << 3,
    /// Listens to `NOTIFY`, over a URL of its own.
    PgListener = 1 << 4,
    /// Writes the notices of stored events.
    NoticeWriter = 1 << 5,
}

/// The outages of one database; clones share their state.
#[derive(Clone, Debug)]
pub struct Outages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The database's name in the log.
    name: &'static str,
    /// The components that fail now, as bits. Changed only under the lock.
    failing: AtomicU8,
    /// Webhooks in the spool.
    waiting: AtomicI64,
    times: Mutex<Option<Times>>,
}

/// The times of an outage.
#[derive(Clone, Copy, Debug)]
struct Times {
    began: Instant,
    logged: Instant,
}

/// What to log of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutageEvent {
    Began,
    Lasts(Duration),
    Known,
}

impl Outages {
    /// No outage yet. `name` names the database in the log.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        let (failing, waiting, times) = (AtomicU8::new(0), AtomicI64::new(0), Mutex::new(None));
        Self(Arc::new(Inner { name, failing, waiting, times }))
    }

    /// This component failed; `reason` is logged, so it must hold no secret.
    pub fn failed(&self, component: Component, reason: impl Display) {
        let (name, waiting) = (self.0.name, self.0.waiting.load(Ordering::Relaxed).max(0));
        match self.note(component, Instant::now()) {
            OutageEvent::Began => {
                tracing::error!(part = ?component, "{name} does not answer, or cannot do what is needed: {reason}");
            }
            OutageEvent::Lasts(outage) => tracing::error!(
                part = ?component,
                outage_s = outage.as_secs(),
                webhooks_waiting = waiting,
                "{name} has not answered for {}, webhooks that wait in the spool: {waiting}; {reason}",
                minutes(outage)
            ),
            OutageEvent::Known => tracing::debug!(part = ?component, "{name} does not answer: {reason}"),
        }
    }

    /// This component works.
    pub fn works(&self, component: Component) {
        // Called with every iteration of every component: must be cheap.
        if self.0.failing.load(Ordering::Relaxed) & component as u8 == 0 {
            return;
        }
        if let Some(outage) = self.end(component, Instant::now()) {
            tracing::info!(outage_s = outage.as_secs(), "{} answers again after {}", self.0.name, minutes(outage));
        }
    }

    /// Whether there is an outage now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.failing.load(Ordering::Relaxed) != 0
    }

    /// Adds to the number of webhooks in the spool.
    pub fn wait(&self, more: i64) {
        self.0.waiting.fetch_add(more, Ordering::Relaxed);
    }

    fn note(&self, component: Component, now: Instant) -> OutageEvent {
        let mut times = self.times();
        self.0.failing.fetch_or(component as u8, Ordering::Relaxed);
        let Some(known) = &mut *times else {
            *times = Some(Times { began: now, logged: now });
            return OutageEvent::Began;
        };
        if now.duration_since(known.logged) < REMINDER_INTERVAL {
            return OutageEvent::Known;
        }
        known.logged = now;
        OutageEvent::Lasts(now.duration_since(known.began))
    }

    /// The duration of the outage, if no other component fails.
    fn end(&self, component: Component, now: Instant) -> Option<Duration> {
        let mut times = self.times();
        let others = self.0.failing.fetch_and(!(component as u8), Ordering::Relaxed) & !(component as u8);
        if others != 0 {
            return None;
        }
        times.take().map(|times| now.duration_since(times.began))
    }

    fn times(&self) -> MutexGuard<'_, Option<Times>> {
        self.0.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Outages {
    fn default() -> Self {
        Self::of("the database")
    }
}

/// A duration for people.
fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ ..3_600 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_logged_once_then_every_minute_and_ends_when_all_components_work() {
        let (outages, start) = (Outages::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let twin = outages.clone();
        assert_eq!(outages.note(Component::Projector, at(0)), OutageEvent::Began);
        assert_eq!(twin.note(Component::NoticePoller, at(1)), OutageEvent::Known);
        for second in 2..60 {
            assert_eq!(outages.note(Component::Projector, at(second)), OutageEvent::Known);
        }
        assert_eq!(twin.note(Component::NoticePoller, at(60)), OutageEvent::Lasts(Duration::from_secs(60)));
        assert_eq!(outages.note(Component::Projector, at(61)), OutageEvent::Known);
        assert_eq!(outages.note(Component::Projector, at(125)), OutageEvent::Lasts(Duration::from_secs(125)));
        assert_eq!(outages.end(Component::Projector, at(130)), None, "the other does not work yet");
        assert_eq!(outages.end(Component::NoticePoller, at(131)), Some(Duration::from_secs(131)));
        assert_eq!(outages.end(Component::NoticePoller, at(132)), None, "told once");
        assert_eq!(outages.note(Component::Inbox, at(133)), OutageEvent::Began);
    }
}
