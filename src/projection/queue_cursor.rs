//! Where in the queue the next batch begins.

use std::time::{Duration, Instant};

/// How long batches continue after each other before the queue is scanned from its beginning again. Events may
/// be stored out of the order of their ids: those from a spool and replayed ones come earlier.
const RESTART_INTERVAL: Duration = Duration::from_secs(1);

/// After the last batch while there is a backlog, else the beginning.
#[derive(Debug, Default)]
pub struct QueueCursor {
    after: String,
    /// When the queue was last scanned from its beginning.
    restarted_at: Option<Instant>,
}

impl QueueCursor {
    /// The id after which the next events are fetched; empty at the beginning.
    pub fn after(&mut self, now: Instant) -> &str {
        if self.restarted_at.is_none_or(|at| now.duration_since(at) >= RESTART_INTERVAL) {
            self.restart();
        }
        if self.after.is_empty() {
            self.restarted_at = Some(now);
        }
        &self.after
    }

    /// Goes back to the beginning.
    pub fn restart(&mut self) {
        self.after.clear();
    }

    /// Moves behind a processed batch if more events may follow it, else back to the beginning: concurrent
    /// deliveries are not stored in the order of their ids.
    pub fn advance(&mut self, last: &str, has_more: bool) {
        self.restart();
        if has_more {
            self.after.push_str(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_is_scanned_from_its_beginning_every_second() {
        let (mut cursor, start) = (QueueCursor::default(), Instant::now());
        assert_eq!(cursor.after(start), "");
        cursor.advance("e5", true);
        assert_eq!(cursor.after(start + RESTART_INTERVAL / 2), "e5");
        cursor.advance("e9", true);
        assert_eq!(cursor.after(start + RESTART_INTERVAL), "", "an earlier id may have been stored since");
        cursor.advance("e5", true);
        assert_eq!(cursor.after(start + RESTART_INTERVAL * 3 / 2), "e5");
    }

    #[test]
    fn after_the_last_pending_event_the_queue_is_scanned_from_its_beginning() {
        let (mut cursor, start) = (QueueCursor::default(), Instant::now());
        assert_eq!(cursor.after(start), "");
        cursor.advance("e5", false);
        assert_eq!(cursor.after(start), "");
        cursor.advance("e9", true);
        cursor.restart();
        assert_eq!(cursor.after(start), "");
    }
}
