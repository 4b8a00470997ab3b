//! When a fact was told: the total order that decides which of two told values wins.

use std::sync::Arc;

/// An event may lie this far after its receipt before its time counts as unusable.
const FUTURE_TOLERANCE_MS: i64 = 24 * 60 * 60 * 1000;
/// The time of facts without a usable event time: they fill gaps and never win.
const NO_TIME_MS: i64 = 1;
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

/// The time that an event's facts are told at: its own, unless it has none, or one before 1970 or
/// more than a day after it was received.
#[must_use]
pub fn told_at(occurred_at: Option<i64>, received_at: i64) -> i64 {
    let latest = received_at.saturating_add(FUTURE_TOLERANCE_MS);
    occurred_at.filter(|ms| (NO_TIME_MS..=latest).contains(ms)).unwrap_or(NO_TIME_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn an_event_without_a_usable_time_only_fills_gaps() {
        let year_9999 = 253_370_764_800_000;
        for unusable in [None, Some(year_9999), Some(NOW + FUTURE_TOLERANCE_MS + 1), Some(0), Some(-5)] {
            assert_eq!(told_at(unusable, NOW), 1, "{unusable:?}");
        }
        assert_eq!(told_at(Some(NOW + FUTURE_TOLERANCE_MS), NOW), NOW + FUTURE_TOLERANCE_MS);
        assert_eq!(told_at(Some(5), NOW), 5);
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
