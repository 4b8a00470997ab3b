//! Which clock told which columns of a row, and how that is kept as text in the row itself.
//!
//! The text is one entry per clock, newest first, joined by `;`. An entry is
//! `ms:rank:hash:columns:event`: milliseconds in decimal, the rank's digit, hash and column set in
//! hexadecimal, and the event id with `%`, `;` and control characters escaped.

use std::fmt::{self, Write as _};

use thiserror::Error;

use super::clock::{Clock, EventKey, Rank};

/// A set of a row's columns, as bits: bit `n` is the register with number `n`.
pub type Columns = u64;

/// For every column that was ever told: when. Each column stands in one entry at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(Vec<(Clock, Columns)>);

/// A stored text that is none of ours.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the column `told` holds an entry that cannot be read")]
pub struct ToldError;

impl Told {
    /// Whether nothing was told yet: the row is a stub.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, newest first.
    pub fn entries(&self) -> impl Iterator<Item = (&Clock, Columns)> {
        self.0.iter().map(|(clock, columns)| (clock, *columns))
    }

    /// The columns told by a clock that is larger, and those told by this very clock.
    #[must_use]
    pub fn against(&self, clock: &Clock) -> (Columns, Columns) {
        let (mut newer, mut same) = (0, 0);
        for (told, columns) in self.entries() {
            match told.cmp(clock) {
                std::cmp::Ordering::Greater => newer |= columns,
                std::cmp::Ordering::Equal => same |= columns,
                std::cmp::Ordering::Less => break,
            }
        }
        (newer, same)
    }

    /// These columns are now told by this clock.
    pub fn set(&mut self, clock: &Clock, columns: Columns) {
        if columns == 0 {
            return;
        }
        self.0.retain_mut(|(told, set)| {
            *set = if told == clock { *set | columns } else { *set & !columns };
            *set != 0
        });
        let place = self.0.partition_point(|(told, _)| told > clock);
        if self.0.get(place).is_none_or(|(told, _)| told != clock) {
            self.0.insert(place, (clock.clone(), columns));
        }
    }

    /// Reads the stored text.
    ///
    /// # Errors
    /// When it is none that [`Told`] prints.
    pub fn parse(text: &str) -> Result<Self, ToldError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(';').map(entry).collect::<Option<Vec<_>>>().map(Self).ok_or(ToldError)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (clock, columns)) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ";" };
            let Clock { ms, rank, event } = clock;
            write!(f, "{separator}{ms}:{}:{:x}:{columns:x}:", rank.digit(), event.hash)?;
            for character in event.id.chars() {
                match character {
                    '%' | ';' | '\0'..='\u{1f}' => write!(f, "%{:02x}", u32::from(character))?,
                    other => f.write_char(other)?,
                }
            }
        }
        Ok(())
    }
}

fn entry(text: &str) -> Option<(Clock, Columns)> {
    let mut parts = text.splitn(5, ':');
    let ms = parts.next()?.parse().ok()?;
    let rank = Rank::of_digit(parts.next()?.parse().ok()?)?;
    let hash = u64::from_str_radix(parts.next()?, 16).ok()?;
    let columns = u64::from_str_radix(parts.next()?, 16).ok()?;
    let id = unescape(parts.next()?)?;
    Some((Clock { ms, rank, event: EventKey { id: id.into(), hash } }, columns))
}

fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut id = pieces.next()?.to_owned();
    for piece in pieces {
        let code = u8::from_str_radix(piece.get(..2)?, 16).ok()?;
        id.push(char::from(code));
        id.push_str(&piece[2..]);
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clock(ms: i64, id: &str) -> Clock {
        Clock { ms, rank: Rank::Updated, event: EventKey::new(id, "00ff00ff00ff00ff") }
    }

    #[test]
    fn a_column_moves_to_the_clock_that_told_it_last() {
        let mut told = Told::default();
        told.set(&clock(1, "a"), 0b0111);
        told.set(&clock(2, "b"), 0b0110);
        assert_eq!(told.to_string(), "2:3:ff00ff00ff00ff:6:b;1:3:ff00ff00ff00ff:1:a");
        told.set(&clock(3, "c"), 0b0001);
        assert_eq!(told.entries().count(), 2, "an entry without columns goes");
        assert_eq!(told.against(&clock(2, "b")), (0b0001, 0b0110));
    }

    #[test]
    fn text_that_is_none_of_ours_is_refused() {
        for text in ["x", "1:9:0:1:a", "1:1:zz:1:a", "1:1:0:1", "1:1:0:1:%zz", "1:1:0:1:%é", ";"] {
            assert_eq!(Told::parse(text), Err(ToldError), "{text}");
        }
        assert_eq!(Told::parse(""), Ok(Told::default()));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(entries in proptest::collection::vec((any::<i64>(), 0_u8..6, "\\PC{0,9}|[%;:\n\t]{0,5}", any::<u64>(), any::<u64>()), 0..5)) {
            let mut told = Told::default();
            for (ms, rank, id, hash, columns) in entries {
                let event = EventKey { id: id.into(), hash };
                told.set(&Clock { ms, rank: Rank::of_digit(rank).unwrap(), event }, columns);
            }
            prop_assert_eq!(Told::parse(&told.to_string()), Ok(told));
        }
    }
}
