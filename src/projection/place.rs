//! Where in the queue the next batch begins.

use std::time::{Duration, Instant};

/// How long to go on behind the last batch. Events may be kept with ids out of order: those that waited in a spool,
/// or were replayed, come before.
const ON: Duration = Duration::from_secs(1);

/// Behind the last batch while it works off a backlog, else the beginning.
#[derive(Debug, Default)]
pub struct Place {
    behind: String,
    /// When it last began at the beginning.
    began: Option<Instant>,
}

impl Place {
    /// The id behind which the next events are looked for; empty at the beginning.
    pub fn behind(&mut self, now: Instant) -> &str {
        if self.began.is_none_or(|began| now.duration_since(began) >= ON) {
            self.restart();
        }
        if self.behind.is_empty() {
            self.began = Some(now);
        }
        &self.behind
    }

    /// Begins at the beginning again.
    pub fn restart(&mut self) {
        self.behind.clear();
    }

    /// A batch was dealt with. Only if more may wait behind it, that comes next: events that come in side by side are
    /// not kept in the order of their ids.
    pub fn passed(&mut self, last: &str, more: bool) {
        self.restart();
        if more {
            self.behind.push_str(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_is_gone_through_from_its_beginning_every_second() {
        let (mut place, start) = (Place::default(), Instant::now());
        assert_eq!(place.behind(start), "");
        place.passed("e5", true);
        assert_eq!(place.behind(start + ON / 2), "e5");
        place.passed("e9", true);
        assert_eq!(place.behind(start + ON), "", "something may have come before");
        place.passed("e5", true);
        assert_eq!(place.behind(start + ON * 3 / 2), "e5");
    }

    #[test]
    fn behind_the_last_event_that_waits_comes_the_beginning() {
        let (mut place, start) = (Place::default(), Instant::now());
        assert_eq!(place.behind(start), "");
        place.passed("e5", false);
        assert_eq!(place.behind(start), "");
        place.passed("e9", true);
        place.restart();
        assert_eq!(place.behind(start), "");
    }
}
