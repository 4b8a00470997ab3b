//! When a fact was told: the total order that decides which of two told values wins.

use std::sync::Arc;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// An event whose time is further ahead of the server's clock than this is not applied yet: one of the two
/// clocks is wrong, and waiting loses nothing.
const BELIEVED_AHEAD_MS: i64 = DAY_MS;
/// One that is further ahead than this is not worth waiting for.
const AWAITED_AHEAD_MS: i64 = 7 * DAY_MS;
/// The time of facts without a usable event time: they fill gaps and never win.
pub const NO_TIME_MS: i64 = 1;
/// Longer event ids are cut: the body hash beside them still tells two events apart.
const EVENT_ID_CHARS: usize = 64;

/// What kind of statement a fact is; of two facts of the same millisecond the higher rank wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
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

impl Rank {
    const ALL: [Self; 6] = [Self::Backfill, Self::Created, Self::Snapshot, Self::Updated, Self::Changed, Self::Deleted];

    /// The digit that is stored. Pinned: rows keep it.
    #[must_use]
    pub fn digit(self) -> u8 {
        self as u8
    }

    /// The rank of a stored digit.
    #[must_use]
    pub fn of_digit(digit: u8) -> Option<Self> {
        Self::ALL.get(usize::from(digit)).copied()
    }
}

/// Which event told a fact: decides between events of one millisecond, so that one of them wins as a
/// whole and no row says what no event said.
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
        let id = id.char_indices().nth(EVENT_ID_CHARS).map_or(id, |(end, _)| &id[..end]);
        let prefix = body_hash.get(..16).unwrap_or(body_hash);
        Self { id: id.into(), hash: u64::from_str_radix(prefix, 16).unwrap_or(0) }
    }
}

/// A fact's place in the total order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    /// The event's time, milliseconds since 1970 UTC.
    pub ms: i64,
    /// What kind of statement it is.
    pub rank: Rank,
    /// Which event made it.
    pub event: EventKey,
}

/// What an event's own time is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTime {
    /// The event is told at this time; milliseconds since 1970 UTC.
    Usable(i64),
    /// It is ahead of the server's clock: the event waits until the clock has come to this.
    Ahead {
        /// Milliseconds since 1970 UTC.
        until: i64,
    },
    /// It is too far ahead to wait for.
    FarAhead,
    /// It lies before 1970.
    TooEarly,
}

/// Judges an event's time by the server's clock.
#[must_use]
pub fn judge(occurred_at: i64, now_ms: i64) -> EventTime {
    let ahead_ms = occurred_at.saturating_sub(now_ms);
    if occurred_at < NO_TIME_MS {
        EventTime::TooEarly
    } else if ahead_ms <= BELIEVED_AHEAD_MS {
        EventTime::Usable(occurred_at)
    } else if ahead_ms <= AWAITED_AHEAD_MS {
        EventTime::Ahead { until: occurred_at - BELIEVED_AHEAD_MS }
    } else {
        EventTime::FarAhead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_time_up_to_a_day_ahead_is_believed_and_one_up_to_seven_days_ahead_is_awaited() {
        let ahead = |ms| judge(NOW + ms, NOW);
        assert_eq!(judge(5, NOW), EventTime::Usable(5));
        assert_eq!(ahead(DAY_MS), EventTime::Usable(NOW + DAY_MS));
        assert_eq!(ahead(DAY_MS + 1), EventTime::Ahead { until: NOW + 1 });
        assert_eq!(ahead(7 * DAY_MS), EventTime::Ahead { until: NOW + 6 * DAY_MS });
        assert_eq!(judge(NOW + 7 * DAY_MS, NOW + 6 * DAY_MS), EventTime::Usable(NOW + 7 * DAY_MS));
        let year_9999 = 253_370_764_800_000;
        for far in [ahead(7 * DAY_MS + 1), judge(year_9999, NOW), judge(i64::MAX, NOW), judge(i64::MAX, i64::MIN)] {
            assert_eq!(far, EventTime::FarAhead);
        }
        for early in [0, -5, i64::MIN] {
            assert_eq!(judge(early, NOW), EventTime::TooEarly);
        }
    }

    #[test]
    fn time_decides_then_rank_then_event_id_then_body() {
        let clock = |ms, rank, id: &str, hash: &str| Clock { ms, rank, event: EventKey::new(id, hash) };
        let rising = [
            clock(1, Rank::Deleted, "9", "ff"),
            clock(2, Rank::Backfill, "9", "ff"),
            clock(2, Rank::Created, "9", "ff"),
            clock(2, Rank::Snapshot, "9", "ff"),
            clock(2, Rank::Updated, "1", "ff"),
            clock(2, Rank::Updated, "2", "00"),
            clock(2, Rank::Updated, "2", "01"),
            clock(2, Rank::Changed, "0", "00"),
            clock(2, Rank::Deleted, "0", "00"),
        ];
        assert!(rising.is_sorted() && rising.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn ranks_are_stored_as_pinned_digits() {
        for (digit, rank) in (0_u8..).zip(Rank::ALL) {
            assert_eq!((rank.digit(), Rank::of_digit(digit)), (digit, Some(rank)));
        }
        assert_eq!(Rank::of_digit(6), None);
    }

    #[test]
    fn a_long_event_id_is_cut_at_a_character() {
        let key = EventKey::new(&"é".repeat(100), &"ab".repeat(32));
        assert_eq!(key.id.chars().count(), 64);
        assert_eq!(key.hash, 0xabab_abab_abab_abab);
    }
}
