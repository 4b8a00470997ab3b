//! The logical clock of an update: the total order that decides which of two values wins.

use std::sync::Arc;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// An event whose time is further ahead of the server's clock than this is held back: one of the two clocks is
/// wrong, and waiting loses nothing.
const MAX_CLOCK_SKEW_MS: i64 = DAY_MS;
/// An event that is further ahead than this is not held back, but applied as one without a time.
const MAX_HOLD_MS: i64 = 7 * DAY_MS;
/// The time of updates without a usable event time: they fill gaps and never win.
pub const UNKNOWN_TIME_MS: i64 = 1;
/// Longer event ids are cut: the body hash beside them still distinguishes two events.
const MAX_EVENT_ID_CHARS: usize = 64;

/// What an update comes from: of two updates of the same millisecond the one of higher precedence wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precedence {
    /// Read from the sender's REST API.
    Backfill,
    /// The entity's own event of creation.
    Created,
    /// An object nested in another entity's event.
    Snapshot,
    /// The entity's own later event.
    Updated,
    /// A field that the event lists as changed.
    Changed,
    /// The entity's own event of deletion.
    Deleted,
}

impl Precedence {
    const ALL: [Self; 6] = [Self::Backfill, Self::Created, Self::Snapshot, Self::Updated, Self::Changed, Self::Deleted];

    /// The digit that is stored. Pinned: rows keep it.
    #[must_use]
    pub fn digit(self) -> u8 {
        self as u8
    }

    /// The precedence of a stored digit.
    #[must_use]
    pub fn from_digit(digit: u8) -> Option<Self> {
        Self::ALL.get(usize::from(digit)).copied()
    }
}

/// Which event an update comes from: decides between events of one millisecond, so that one of them wins as
/// a whole and no row mixes the two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// The sender's event id, at most 64 characters of it.
    pub id: Arc<str>,
    /// The first 64 bits of the body's SHA-256.
    pub hash: u64,
}

impl EventKey {
    /// The key of an event with this id and this hash (hexadecimal) of its body.
    #[must_use]
    pub fn new(id: &str, body_hash: &str) -> Self {
        let id = id.char_indices().nth(MAX_EVENT_ID_CHARS).map_or(id, |(end, _)| &id[..end]);
        let prefix = body_hash.get(..16).unwrap_or(body_hash);
        Self { id: id.into(), hash: u64::from_str_radix(prefix, 16).unwrap_or(0) }
    }
}

/// An update's position in the total order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    /// The event's time, milliseconds since 1970 UTC.
    pub ms: i64,
    /// Decides between updates of one millisecond.
    pub precedence: Precedence,
    /// The event it comes from.
    pub event: EventKey,
}

/// An event's own time, compared with the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTime {
    /// The event's updates have this time; milliseconds since 1970 UTC.
    Usable(i64),
    /// It is ahead of the server's clock: the event is held back until the clock reaches this.
    Ahead {
        /// Milliseconds since 1970 UTC.
        until: i64,
    },
    /// It is too far ahead to wait for.
    FarAhead,
    /// It is before 1970.
    TooEarly,
}

/// Classifies an event's time by the server's clock.
#[must_use]
pub fn classify(occurred_at: i64, now_ms: i64) -> EventTime {
    let ahead_ms = occurred_at.saturating_sub(now_ms);
    if occurred_at < UNKNOWN_TIME_MS {
        EventTime::TooEarly
    } else if ahead_ms <= MAX_CLOCK_SKEW_MS {
        EventTime::Usable(occurred_at)
    } else if ahead_ms <= MAX_HOLD_MS {
        EventTime::Ahead { until: occurred_at - MAX_CLOCK_SKEW_MS }
    } else {
        EventTime::FarAhead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_time_up_to_a_day_ahead_is_used_and_one_up_to_seven_days_ahead_is_held_back() {
        let ahead = |ms| classify(NOW + ms, NOW);
        assert_eq!(classify(5, NOW), EventTime::Usable(5));
        assert_eq!(ahead(DAY_MS), EventTime::Usable(NOW + DAY_MS));
        assert_eq!(ahead(DAY_MS + 1), EventTime::Ahead { until: NOW + 1 });
        assert_eq!(ahead(7 * DAY_MS), EventTime::Ahead { until: NOW + 6 * DAY_MS });
        assert_eq!(classify(NOW + 7 * DAY_MS, NOW + 6 * DAY_MS), EventTime::Usable(NOW + 7 * DAY_MS));
        let year_9999 = 253_370_764_800_000;
        for far in
            [ahead(7 * DAY_MS + 1), classify(year_9999, NOW), classify(i64::MAX, NOW), classify(i64::MAX, i64::MIN)]
        {
            assert_eq!(far, EventTime::FarAhead);
        }
        for early in [0, -5, i64::MIN] {
            assert_eq!(classify(early, NOW), EventTime::TooEarly);
        }
    }

    #[test]
    fn time_decides_then_precedence_then_event_id_then_body() {
        let clock = |ms, precedence, id: &str, hash: &str| Clock { ms, precedence, event: EventKey::new(id, hash) };
        let rising = [
            clock(1, Precedence::Deleted, "9", "ff"),
            clock(2, Precedence::Backfill, "9", "ff"),
            clock(2, Precedence::Created, "9", "ff"),
            clock(2, Precedence::Snapshot, "9", "ff"),
            clock(2, Precedence::Updated, "1", "ff"),
            clock(2, Precedence::Updated, "2", "00"),
            clock(2, Precedence::Updated, "2", "01"),
            clock(2, Precedence::Changed, "0", "00"),
            clock(2, Precedence::Deleted, "0", "00"),
        ];
        assert!(rising.is_sorted() && rising.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn precedences_are_stored_as_pinned_digits() {
        for (digit, precedence) in (0_u8..).zip(Precedence::ALL) {
            assert_eq!((precedence.digit(), Precedence::from_digit(digit)), (digit, Some(precedence)));
        }
        assert_eq!(Precedence::from_digit(6), None);
    }

    #[test]
    fn a_long_event_id_is_cut_at_a_character() {
        let key = EventKey::new(&"é".repeat(100), &"ab".repeat(32));
        assert_eq!(key.id.chars().count(), 64);
        assert_eq!(key.hash, 0xabab_abab_abab_abab);
    }
}
