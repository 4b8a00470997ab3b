//! Outages as the log tells them: once when the database stops to answer, then every minute for how long and
//! how many webhooks wait, and once when it is back, however many loops notice it.
//!
//! A loop says that it failed, and later that it works again; what it says in between is counted as nothing new.
//! The outage ends when all of them work again: a database may answer reads and take no writes. Requests say
//! nothing here, since the loops find out within a second or two.

use std::{
    fmt::Display,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// How often an outage is told again.
const REMINDER: Duration = Duration::from_secs(60);

/// The loops that need the database all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Component {
    /// Opens it at the start.
    Opening = 1,
    /// Keeps webhooks, or brings them from the spool.
    Inbox = 1 << 1,
    /// Applies events.
    Projector = 1 << 2,
    /// Reads what others changed.
    Follower = 1 << 3,
    /// Hears when to look for that, by a URL of its own.
    Listener = 1 << 4,
    /// Writes down for others what was kept.
    Announcer = 1 << 5,
}

/// The outages of one database; clones are one.
#[derive(Clone, Debug)]
pub struct Outages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What the log calls it.
    name: &'static str,
    /// The parts that failed and do not work again yet. Changed under the lock alone.
    failing: AtomicU8,
    /// Webhooks in the spool.
    waiting: AtomicI64,
    times: Mutex<Option<Times>>,
}

/// Of an outage.
#[derive(Clone, Copy, Debug)]
struct Times {
    began: Instant,
    told: Instant,
}

/// What is to be told of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Began,
    Lasts(Duration),
    Nothing,
}

impl Outages {
    /// None yet. The log calls the database so.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        let (failing, waiting, times) = (AtomicU8::new(0), AtomicI64::new(0), Mutex::new(None));
        Self(Arc::new(Inner { name, failing, waiting, times }))
    }

    /// This part failed; `reason` goes to the log, so it must hold no secret.
    pub fn failed(&self, part: Component, reason: impl Display) {
        let (name, waiting) = (self.0.name, self.0.waiting.load(Ordering::Relaxed).max(0));
        match self.note(part, Instant::now()) {
            News::Began => tracing::error!(?part, "{name} does not answer, or cannot do what is needed: {reason}"),
            News::Lasts(outage) => tracing::error!(
                ?part,
                outage_s = outage.as_secs(),
                webhooks_waiting = waiting,
                "{name} has not answered for {}, webhooks that wait in the spool: {waiting}; {reason}",
                minutes(outage)
            ),
            News::Nothing => tracing::debug!(?part, "{name} does not answer: {reason}"),
        }
    }

    /// This part works.
    pub fn works(&self, part: Component) {
        // Said with every step of every loop.
        if self.0.failing.load(Ordering::Relaxed) & part as u8 == 0 {
            return;
        }
        if let Some(outage) = self.end(part, Instant::now()) {
            tracing::info!(outage_s = outage.as_secs(), "{} answers again after {}", self.0.name, minutes(outage));
        }
    }

    /// Whether one lasts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.failing.load(Ordering::Relaxed) != 0
    }

    /// So many more webhooks wait in the spool, or fewer.
    pub fn wait(&self, more: i64) {
        self.0.waiting.fetch_add(more, Ordering::Relaxed);
    }

    fn note(&self, part: Component, now: Instant) -> News {
        let mut times = self.times();
        self.0.failing.fetch_or(part as u8, Ordering::Relaxed);
        let Some(known) = &mut *times else {
            *times = Some(Times { began: now, told: now });
            return News::Began;
        };
        if now.duration_since(known.told) < REMINDER {
            return News::Nothing;
        }
        known.told = now;
        News::Lasts(now.duration_since(known.began))
    }

    /// How long the outage was, if this was the last part that failed.
    fn end(&self, part: Component, now: Instant) -> Option<Duration> {
        let mut times = self.times();
        let others = self.0.failing.fetch_and(!(part as u8), Ordering::Relaxed) & !(part as u8);
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

/// As people say it.
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
    fn an_outage_is_told_once_then_every_minute_and_ends_when_all_parts_work() {
        let (outages, start) = (Outages::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let twin = outages.clone();
        assert_eq!(outages.note(Component::Projector, at(0)), News::Began);
        assert_eq!(twin.note(Component::Follower, at(1)), News::Nothing);
        for second in 2..60 {
            assert_eq!(outages.note(Component::Projector, at(second)), News::Nothing);
        }
        assert_eq!(twin.note(Component::Follower, at(60)), News::Lasts(Duration::from_secs(60)));
        assert_eq!(outages.note(Component::Projector, at(61)), News::Nothing);
        assert_eq!(outages.note(Component::Projector, at(125)), News::Lasts(Duration::from_secs(125)));
        assert_eq!(outages.end(Component::Projector, at(130)), None, "the other does not work yet");
        assert_eq!(outages.end(Component::Follower, at(131)), Some(Duration::from_secs(131)));
        assert_eq!(outages.end(Component::Follower, at(132)), None, "told once");
        assert_eq!(outages.note(Component::Inbox, at(133)), News::Began);
    }
}
